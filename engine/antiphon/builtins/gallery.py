"""The gallery: the recipes that come with Antiphon."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path


def gallery() -> Traversable:
    """The folder of recipes: in an installed package inside it, in a checkout at its top."""
    package = Path(__file__).parents[1]
    packed = package / "recipes"
    return packed if packed.is_dir() else package.parents[1] / "recipes"
