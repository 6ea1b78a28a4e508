"""What a document is compiled against: the catalogue, and what the workspace has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from antiphon.catalogue import Catalogue
from antiphon.language import Evaluator


@dataclass(frozen=True)
class Surroundings:
    """`connections` maps the workspace's connections to their connectors; `plugins` are those installed. None
    means that they are not known here."""

    catalogue: Catalogue
    evaluator: Evaluator
    timezone: str = ""
    connections: Mapping[str, str] | None = None
    plugins: frozenset[str] | None = None
    workflows: frozenset[str] = field(default_factory=frozenset)
