"""A workspace's documents together: circles of calls, ids taken twice, and problems that stay with their document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from antiphon import hookimpl
from antiphon.app import Antiphon
from antiphon.components.action import Computation


def write(folder: Path, *documents: dict[str, Any]) -> Antiphon:
    (folder / "workflows").mkdir(exist_ok=True)
    for n, document in enumerate(documents):
        whole = {
            "antiphon": 1,
            "id": f"w{n}",
            "name": "x",
            "tz": "UTC",
            "triggers": [{"id": "m", "manual": {}}],
            **document,
        }
        (folder / "workflows" / f"{n:03}.yaml").write_text(json.dumps(whole), encoding="utf-8")
    return Antiphon.open(folder)


def calling(*names: str) -> dict[str, Any]:
    return {"actions": [{"call": name} for name in names] or [{"set": {"x": 1}}]}


@pytest.mark.parametrize(
    ("documents", "chains"),
    [
        ([calling("w0")], ["w0 → w0"]),
        ([calling("w1"), calling("w2"), calling("w0")], ["w0 → w1 → w2 → w0"]),
        ([calling("w1"), calling("w0"), calling("w3", "w0"), calling("w2")], ["w0 → w1 → w0", "w2 → w3 → w2"]),
        ([calling("w1", "w2"), calling("w3"), calling("w3"), calling()], []),
    ],
)
def test_circles(tmp_path: Path, documents: list[Any], chains: list[str]) -> None:
    """Every circle of calls is told once, as a chain that begins with its first document."""
    problems = write(tmp_path, *documents).compiled.problems

    assert [f"These workflows call one another for ever: {chain}." for chain in chains] == [
        problem.sentence for problem in sorted(problems)
    ]


def test_many_ways_are_not_walked(tmp_path: Path) -> None:
    """Forty layers of calls, through which a billion ways lead, are looked at once each."""
    layers = [calling(*(f"w{(n // 2 + 1) * 2 + side}" for side in (0, 1))) for n in range(80)]

    assert [] == write(tmp_path, *layers, calling(), calling()).compiled.problems


def test_id_taken_twice(tmp_path: Path) -> None:
    """The second document with an id is told whose it is; the first stays."""
    app = write(tmp_path, {**calling(), "id": "same"}, {**calling(), "id": "same"})
    [problem] = app.compiled.problems

    assert "The id `same` belongs to workflows/000.yaml already." == problem.sentence
    assert "workflows/001.yaml" == problem.place.file


def test_one_broken_document(tmp_path: Path) -> None:
    """A broken document costs its own problems and no other's."""
    app = write(tmp_path, calling(), {"actions": [{"use": "lgo"}]})

    assert ["w0"] == list(app.programs)
    assert {"workflows/001.yaml"} == {problem.place.file for problem in app.compiled.problems}


@pytest.mark.parametrize("name", ["event", "steps", "index", "secrets", "my-item", "1st"])
def test_names_of_items(tmp_path: Path, name: str) -> None:
    """The item of a loop may not hide what means something already, nor have a name that no expression can say."""
    loop = {"each": {"in": [1], "as": name}, "steps": [{"set": {"x": 1}}]}
    [problem] = write(tmp_path, {"actions": [loop]}).compiled.problems

    assert f"`{name}`" in problem.sentence


def test_name_of_any_action(tmp_path: Path) -> None:
    """A step named after an action of any spelling has an id that can be read back."""

    class Loud(Computation):
        name = "Loud_Things." + "Shout" * 30

        def compute(self, options: Any, ctx: Any) -> None: ...

    class Plugin:
        @hookimpl
        def register_actions(self) -> list[type]:
            return [Loud]

    write(tmp_path, {"actions": [{"use": Loud.name}, {"use": Loud.name}]})
    app = Antiphon.open(tmp_path, plugins={"loud": Plugin()})
    [program] = app.programs.values()

    assert program == type(program).model_validate_json(program.model_dump_json(by_alias=True))
