"""Listing: where in its texts each part of a program stands, for whoever wants to see what a run came by."""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.compiler.names import walk
from antiphon.model.document import Node, Path
from antiphon.model.listing import Listing, Spot
from antiphon.model.program import Program


def listing(program: Program, node: Node, texts: Mapping[str, str]) -> Listing:
    """The listing of a program that was compiled from an unfolded tree; `texts` are those that its places name."""

    def spot(*path: str | int) -> Spot:
        place = node.find(path).place
        return Spot(file=place.file, line=place.line, column=place.column)

    lists: list[tuple[tuple[object, ...], Path, str]] = [
        (program.steps, ("actions",), ""),
        (program.on_error, ("on_error",), "on_error/"),
        *((steps, ("on_exit", name), f"on_exit/{name}/") for name, steps in program.on_exit.items()),
    ]
    asked = program.conditions if isinstance(program.conditions, list) else [program.conditions]
    written = node.get(("conditions",))
    one_by_one = written is not None and isinstance(written.value, list)
    return Listing(
        texts=dict(texts),
        triggers={trigger.id: spot("triggers", index) for index, trigger in enumerate(program.triggers)},
        conditions=tuple(
            spot("conditions", index) if one_by_one else spot("conditions") for index in range(len(asked))
        ),
        steps={f"{under}{step.id}": spot(*path) for steps, root, under in lists for path, step in walk(steps, root)},
    )
