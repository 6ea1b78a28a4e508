"""Pages: what a plugin adds to the local web page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antiphon.components.ports import Store


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page at `/{path}` with an entry in the menu. `view` gives the template's values; `template` is Jinja2 text."""

    path: str
    title: str
    template: str
    view: Callable[[Store], Mapping[str, Any]]
