"""A listing: the document of a version as it was written, and where in it each of its parts stands."""

from __future__ import annotations

from antiphon.model.base import Noun


class Spot(Noun):
    """A line of one of a listing's texts; lines and columns count from 1."""

    file: str
    line: int
    column: int = 1


class Listing(Noun):
    """The texts of a version by the names of their files, the document first and then the recipes that it comes from.

    `triggers` and `steps` lead from an id to where it stands, `conditions` are in their order. Before the id of a step
    of `on_error` or `on_exit` stands what its path begins with, since lists that stand apart name their steps apart.
    """

    texts: dict[str, str]
    triggers: dict[str, Spot] = {}
    conditions: tuple[Spot, ...] = ()
    steps: dict[str, Spot] = {}
