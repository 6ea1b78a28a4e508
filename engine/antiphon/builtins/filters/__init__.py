"""Filters for expressions: pure, quick on any input, and never the maker of anything large."""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.builtins.filters.bounds import Filter, bounded
from antiphon.builtins.filters.lists import LISTS
from antiphon.builtins.filters.moments import MOMENTS
from antiphon.builtins.filters.numbers import NUMBERS
from antiphon.builtins.filters.texts import TEXTS

FILTERS: Mapping[str, Filter] = {
    name: bounded(name, function) for name, function in sorted({**TEXTS, **NUMBERS, **LISTS, **MOMENTS}.items())
}
"""Every filter by its name. `default` is not among them: only the language itself sees what is missing."""
