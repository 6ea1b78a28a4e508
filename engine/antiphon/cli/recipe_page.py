"""A recipe as a page: what it is for, what it may do to the world, what it asks, and what is proved of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from antiphon.cli.printing import line, safe, table

if TYPE_CHECKING:
    from antiphon.catalogue import Catalogue
    from antiphon.language import Shelved
    from antiphon.model.inputs import Input
    from antiphon.model.recipe import Recipe


def page(shelved: Shelved, catalogue: Catalogue) -> Iterator[RenderableType]:
    """The whole page of a recipe."""
    from rich.syntax import Syntax  # brings a highlighter, which no other word needs

    recipe = shelved.recipe
    yield Text.assemble((line(recipe.name), "bold"), (f"  {recipe.recipe} {recipe.version}", "dim"))
    if recipe.summary:
        yield Padding(Text(safe(recipe.summary.strip())), (1, 0, 0, 2))
    yield from _part("What it may do outside", _effects(recipe, catalogue))
    yield from _part("What it asks", _questions(recipe))
    yield from _part("What it says no to, or warns of", _checks(recipe))
    yield from _part("The workflow", Syntax(_body(shelved), "yaml", theme="ansi_light", background_color="default"))
    yield from _part("What is tested", _tests(recipe))
    yield from _part("Use it", Text(safe(command(recipe))))


def command(recipe: Recipe) -> str:
    """The command that puts the recipe to use, with what it requires."""
    asked = [name for name, one in recipe.inputs.items() if one.required]
    return " ".join([f"antiphon recipes use {recipe.recipe}", *(f"--input {name}=…" for name in asked)])


def limits(asked: Input) -> str:
    """What an answer must be, in a few words."""
    words = {"min": "from", "max": "to", "default": "else", "options": "one of"}
    said = asked.model_dump(exclude_none=True)
    told = [f"{word} {written(said[key])}" for key, word in words.items() if key in said]
    return ", ".join([*(["required"] if asked.required else []), *told])


def written(value: Any) -> str:
    """A value as a document has it."""
    return json.dumps(value, ensure_ascii=False)  # JSON is YAML


def _part(heading: str, content: RenderableType | None) -> Iterator[RenderableType]:
    if content is not None:
        yield Padding(Text(heading, "bold"), (1, 0, 0, 0))
        yield Padding(content, (0, 0, 0, 2))


def _effects(recipe: Recipe, catalogue: Catalogue) -> RenderableType:
    """Every declared act with what it does; one that declares nothing says so."""
    if recipe.effects is None:
        return Text("It does not say.")
    if not recipe.effects.outbound:
        return Text("Nothing: it reaches nobody outside.")
    known = catalogue.actions
    rows = ((name, known[name].sentence() if name in known else "") for name in recipe.effects.outbound)
    return table(("act", "what it does"), rows)


def _questions(recipe: Recipe) -> RenderableType | None:
    rows = [
        (name, asked.type, limits(asked), "\n".join(filter(None, (asked.label, asked.help))))
        for name, asked in recipe.inputs.items()
    ]
    return table(("input", "type", "limits", "question"), rows) if rows else None


def _checks(recipe: Recipe) -> RenderableType | None:
    rows = [("refuses" if one.level == "block" else "warns", one.if_, one.say) for one in recipe.checks]
    return table(("", "when", "and says"), rows) if rows else None


def _tests(recipe: Recipe) -> RenderableType | None:
    return Text("\n".join(f"· {line(test.name)}" for test in recipe.tests)) if recipe.tests else None


def _body(shelved: Shelved) -> str:
    """The lines of the document from below `workflow:` to the next key."""
    lines = safe(shelved.text).splitlines()
    first = shelved.node.place_of(("workflow",)).line
    after = [place.line for place in shelved.node.keys.values() if place.line > first]
    body = lines[first : min(after) - 1 if after else None]
    return "\n".join(one.removeprefix("  ") for one in body).rstrip()
