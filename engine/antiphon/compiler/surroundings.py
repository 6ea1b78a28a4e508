"""What a document is compiled against: the catalogue, and what the workspace has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from antiphon.catalogue import Catalogue
from antiphon.language import Evaluator
from antiphon.model.policy import PolicySettings


@dataclass(frozen=True)
class Surroundings:
    """`connections` maps the workspace's connections to their connectors, `groups` its groups to their people;
    `plugins` are those installed. None means that they are not known here."""

    catalogue: Catalogue
    evaluator: Evaluator
    timezone: str = ""
    connections: Mapping[str, str] | None = None
    groups: Mapping[str, Sequence[str]] | None = None
    plugins: frozenset[str] | None = None
    workflows: frozenset[str] = field(default_factory=frozenset)
    policy: PolicySettings = field(default_factory=PolicySettings)
