"""`antiphon recipes`: the gallery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from antiphon.cli import calls
from antiphon.cli.exits import Exit
from antiphon.cli.printing import line, table
from antiphon.cli.problems import shown
from antiphon.cli.recipe_page import page, written
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.language import Shelved
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
        shelved, catalogue = _find(app, name), app.registry.catalogue
    shell.answer(shelved.recipe, *page(shelved, catalogue))
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
        recipe = _find(app, name).recipe
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


def _find(app: Antiphon, name: str) -> Shelved:
    try:
        return app.gallery.find(name)
    except LookupError as error:
        sentence, hint = error.args
        raise InputError(sentence, hint=hint or "See `antiphon recipes list`.") from error


def _document(recipe: Recipe, name: str, given: Mapping[str, Any]) -> Iterator[str]:
    yield "antiphon: 1"
    yield f"id: {name}"
    yield f"recipe: {recipe.recipe}@^{recipe.version}"
    yield "inputs:" if given else "inputs: {}"
    for one, value in given.items():
        yield f"  {one}: {written(value)}"
    for one, asked in recipe.inputs.items():
        if one not in given:
            yield f"  # {one}: {written(asked.default)}    {line(asked.label or asked.help)}".rstrip()
