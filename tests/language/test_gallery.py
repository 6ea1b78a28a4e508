from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.language import Gallery, kind_of, read

RECIPE = """\
antiphon: 1
recipe: {name}
version: {version}
name: A recipe
workflow: {{tz: Europe/Paris}}
"""


def shelve(folder: Path, *recipes: str) -> Path:
    """A folder with recipes given as `name@version`, each in a folder of its own."""
    for recipe in recipes:
        name, version = recipe.split("@")
        (folder / recipe).mkdir(parents=True)
        (folder / recipe / "recipe.yaml").write_text(RECIPE.format(name=name, version=version), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        ("a", "2.0.1"),
        ("a@1.4.0", "1.4.0"),
        ("a@1.4", "1.4.2"),
        ("a@1", "1.10.0"),
        ("a@^1.4", "1.10.0"),
        ("a@^1.4.1", "1.10.0"),
        ("a@^2", "2.0.1"),
        ("b@^0.3", "0.3.5"),
        ("b@^0.3.4", "0.3.5"),
        ("c@^0.0.3", "0.0.3"),
    ],
)
def test_find(reference: str, version: str, tmp_path: Path) -> None:
    """The newest version that fits is found; a caret keeps what semantic versioning promises."""
    names = ["a@1.4.0", "a@1.4.2", "a@1.10.0", "a@2.0.1", "b@0.3.5", "b@0.4.0", "c@0.0.3", "c@0.0.4"]

    assert version == Gallery([shelve(tmp_path / "recipes", *names)]).find(reference).recipe.version


@pytest.mark.parametrize(
    ("reference", "sentence", "hint"),
    [
        ("outrech", "There is no recipe `outrech`.", "Did you mean `outreach`?"),
        ("outreach@2.0.0", "There is no version 2.0.0 of the recipe `outreach`.", "There is 1.0.0."),
        ("outreach@^1.1", "There is no version ^1.1 of the recipe `outreach`.", "There is 1.0.0."),
        ("Out reach", "“Out reach” does not name a recipe.", "Write name, name@1.4.0 or name@^1.4."),
        ("../outreach", "“../outreach” does not name a recipe.", "Write name, name@1.4.0 or name@^1.4."),
    ],
)
def test_not_found(reference: str, sentence: str, hint: str, tmp_path: Path) -> None:
    """What is not there is told with what is."""
    with pytest.raises(LookupError) as caught:
        Gallery([shelve(tmp_path / "recipes", "outreach@1.0.0")]).find(reference)

    assert (sentence, hint) == caught.value.args


def test_broken_and_double(tmp_path: Path) -> None:
    """A broken recipe costs nobody else; of two alike the first folder's counts; both are told."""
    first, second = shelve(tmp_path / "first", "a@1.0.0"), shelve(tmp_path / "second", "a@1.0.0", "b@1.0.0")
    (second / "broken.yaml").write_text("recipe: x\nversion: one\n", encoding="utf-8")
    (second / "workflow.yaml").write_text("antiphon: 1\nid: w\n", encoding="utf-8")
    gallery = Gallery([first, second, tmp_path / "none"])

    assert ["a 1.0.0", "b 1.0.0"] == [str(shelved) for shelved in gallery.recipes]
    assert "first/a@1.0.0/recipe.yaml" == gallery.find("a").node.place.file
    assert {"second/broken.yaml", "second/a@1.0.0/recipe.yaml"} == {problem.place.file for problem in gallery.problems}


def test_kind() -> None:
    """A document is told by its keys."""
    assert "workflow" == kind_of(read("id: w", "w.yaml"))
    assert "use" == kind_of(read("id: w\nrecipe: a", "w.yaml"))
    assert "recipe" == kind_of(read("recipe: a\nversion: 1.0.0", "w.yaml"))
