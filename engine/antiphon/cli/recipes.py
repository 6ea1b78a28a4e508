"""`antiphon recipes`: the gallery."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from antiphon.cli import calls
from antiphon.cli.exits import Exit
from antiphon.cli.printing import line, sheet, table
from antiphon.cli.problems import shown
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.recipe import Recipe

Name = Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="A recipe.", show_default=False)]


def list_(shell: Shell) -> Exit | None:
    """List the recipes of all plugins and of the workspace."""
    with shell.workspace() as app:
        found = [one.recipe for one in app.gallery.recipes]
        problems = app.gallery.problems
    rows = ((one.recipe, one.version, one.name, line(one.summary, 100)) for one in found)
    shell.answer(
        [{"recipe": one.recipe, "version": one.version, "name": one.name, "summary": one.summary} for one in found],
        table(("recipe", "version", "name", "summary"), rows) if found else Text("There are no recipes here."),
    )
    shell.err.print(*shown(problems, "error"), sep="\n", end="\n" if problems else "")
    return Exit.AUTHOR if problems else None


def show(shell: Shell, name: Name) -> Exit | None:
    """Show what a recipe does, what it may do to the world outside, and what it asks."""
    with shell.workspace() as app:
        recipe = _find(app, name)
    rows = (
        (one, asked.type, _limits(asked.model_dump(exclude_none=True)), asked.label or asked.help)
        for one, asked in recipe.inputs.items()
    )
    shell.answer(
        recipe,
        Text.assemble((recipe.recipe, "bold"), f" {recipe.version}  {line(recipe.name)}"),
        Text(line(recipe.summary)),
        sheet([("effects", ", ".join(recipe.effects.outbound) or "none")] if recipe.effects else []),
        table(("input", "type", "limits", "question"), rows),
    )
    return None


def use(
    shell: Shell,
    name: Name,
    id_: Annotated[str, typer.Option("--id", help="The id of the new workflow; else the recipe's name.")] = "",
    input: calls.Inputs = None,
) -> Exit | None:
    """Write a workflow that answers a recipe's questions; the answers that are left out stand in it as comments."""
    from antiphon.language import fill

    with shell.workspace() as app:
        recipe = _find(app, name)
        given = calls.inputs(input)
        _, problems = fill(recipe.inputs, given)
        if problems:
            told = "; ".join(f"{one.sentence} {one.hint}".strip() for one in problems)
            raise InputError(f"{recipe.recipe}: {told}", hint=f"See `antiphon recipes show {recipe.recipe}`.")
        path = Path("workflows", f"{id_ or recipe.recipe}.yaml")
        if path.exists():
            raise InputError(f"{path} is there already.", hint="Give the new workflow another --id.")
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(_document(recipe, id_ or recipe.recipe, given)) + "\n", encoding="utf-8")
        compiled = app.check([path])
    shell.answer({"path": path, "problems": len(compiled.problems)}, Text(f"made {path}"))
    shell.err.print(*shown(compiled.problems, "error"), sep="\n", end="\n" if compiled.problems else "")
    return Exit.AUTHOR if compiled.problems else None


def _find(app: Antiphon, name: str) -> Recipe:
    try:
        return app.gallery.find(name).recipe
    except LookupError as error:
        sentence, hint = error.args
        raise InputError(sentence, hint=hint or "See `antiphon recipes list`.") from error


def _limits(asked: Mapping[str, Any]) -> str:
    words = {"min": "from", "max": "to", "default": "else", "options": "one of"}
    told = [f"{word} {_value(asked[key])}" for key, word in words.items() if key in asked]
    return ", ".join([*(["required"] if asked.get("required") else []), *told])


def _document(recipe: Recipe, name: str, given: Mapping[str, Any]) -> Iterator[str]:
    yield "antiphon: 1"
    yield f"id: {name}"
    yield f"recipe: {recipe.recipe}@^{recipe.version}"
    yield "inputs:" if given else "inputs: {}"
    for one, value in given.items():
        yield f"  {one}: {_value(value)}"
    for one, asked in recipe.inputs.items():
        if one not in given:
            yield f"  # {one}: {_value(asked.default)}    {line(asked.label or asked.help)}".rstrip()


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)  # JSON is YAML
