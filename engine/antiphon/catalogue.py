"""The catalogue: every component by name, with who brought it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from antiphon.components.action import Action, Computation
from antiphon.components.component import Component
from antiphon.components.condition import Condition
from antiphon.components.connector import Connector
from antiphon.components.doorway import Doorway
from antiphon.components.page import WebPage
from antiphon.components.ports import PersonalRecords
from antiphon.components.section import Section
from antiphon.components.source import Source
from antiphon.components.trigger import Trigger
from antiphon.errors import PluginError
from antiphon.suggest import nearest


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that was found: its name, where it comes from, and what it brought (kind and name)."""

    name: str
    version: str
    origin: str
    brought: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Catalogue:
    """Every component by name. Frozen: a document compiled against it stays compiled."""

    connectors: Mapping[str, type[Connector]]
    sources: Mapping[str, type[Source]]
    triggers: Mapping[str, type[Trigger]]
    conditions: Mapping[str, type[Condition]]
    actions: Mapping[str, type[Action] | type[Computation]]
    sections: Mapping[str, type[Section]]
    filters: Mapping[str, Callable[..., Any]]
    recipes: tuple[Traversable, ...]
    pages: tuple[WebPage, ...]
    doorways: tuple[Doorway, ...]
    personal: Mapping[str, PersonalRecords]
    plugins: tuple[Plugin, ...]
    problems: tuple[PluginError, ...]

    def kinds(self) -> Iterator[tuple[str, Mapping[str, type[Component]]]]:
        """The component tables with their names, in the order of the reference page."""
        for kind in ("triggers", "conditions", "actions", "sources", "connectors", "sections"):
            yield kind, getattr(self, kind)

    def find(self, name: str) -> list[tuple[str, type[Component]]]:
        """Every component of this name with its kind; usually one."""
        return [(kind, table[name]) for kind, table in self.kinds() if name in table]

    def suggest(self, name: str, kind: str) -> str:
        """A hint for a name that is not there."""
        return nearest(name, getattr(self, kind))
