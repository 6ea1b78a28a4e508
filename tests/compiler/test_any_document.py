"""Whatever somebody writes, it compiles, or every problem is told with a place inside the document."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.app import Antiphon
from antiphon.components.clock import SystemClock
from antiphon.model.program import Program
from antiphon.model.workflow import STEP_KINDS
from antiphon.registry import Registry
from antiphon.settings import ConnectionSettings, Settings, WorkspaceSettings

CORPUS = Path(__file__).parent.parent / "documents"
VALID = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((CORPUS / "valid").glob("*.yaml"))]
QUICK = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=120
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Antiphon:
    """A workspace with a time zone and two connections; nothing in it is opened."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "recipes").symlink_to(CORPUS / "recipes")
    connections = {
        "brand": ConnectionSettings(connector="mastodon"),
        "news": ConnectionSettings(connector="feed"),
    }
    whole = Settings(folder=folder, workspace=WorkspaceSettings(timezone="Europe/Paris"), connections=connections)
    return Antiphon(whole, Registry.load(), SystemClock())


def compiled(app: Antiphon, document: Any) -> Program | None:
    """The program of a document; if there is none, every problem has its place, sentence and no trace of Python."""
    text = json.dumps(document, indent=1, ensure_ascii=False)
    path = app.settings.folder / "document.yaml"
    path.write_text(text, encoding="utf-8")
    lines = text.split("\n")

    first, second = app.check([path]), app.check([path])

    assert first == second, "compiling is deterministic"
    if not first.problems:
        return next(iter(first.programs.values()), None)
    assert {} == first.programs
    for problem in first.problems:
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
        assert problem.sentence.strip()
        assert "Traceback" not in str(problem)
        assert "pydantic" not in str(problem)
    return None


EXPRESSIONS = [
    "event.text",
    "event.x > 1",
    "steps.a.url",
    "secrets.x",
    "now()",
    "1 +",
    "",
    "x" * 50,
    "event.text | upper",
]
Texts = st.one_of(
    st.sampled_from(
        [*(f"${{{{ {one} }}}}" for one in EXPRESSIONS), "log", "mastodon.post", "brand", "3d", "Europe/Paris"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
)
Scalars = st.one_of(Texts, st.none(), st.booleans(), st.integers(-5, 10**20), st.floats(allow_nan=False))
KEYS = [
    *STEP_KINDS, "id", "name", "with", "then", "else", "steps", "catch", "finally", "in", "as", "fail", "because",
    "result", "any", "all", "not", "text", "of", "contains", "time", "between", "dedupe", "key", "within", "antiphon",
    "tz", "triggers", "conditions", "actions", "subject", "schedule", "cron", "every", "event", "type", "match",
    "manual", "inputs", "poll", "source", "connection", "webhook", "path", "auth", "recipe", "workflow", "effect", "zz",
]  # fmt: skip
PARTS = ["triggers", "conditions", "actions", "subject", "tz", "inputs", "labels"]
Trees = st.recursive(
    Scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS) | Texts, inner, max_size=4)
    ),
    max_leaves=12,
)


@QUICK
@given(tree=Trees)
def test_any_tree(app: Antiphon, tree: Any) -> None:
    """Any tree at all is told to be what it is."""
    compiled(app, tree)


@QUICK
@given(parts=st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, Trees)))
def test_any_part(app: Antiphon, parts: dict[str, Any]) -> None:
    """A good document with parts that are anything."""
    good = {"antiphon": 1, "id": "x", "name": "x", "tz": "UTC", "triggers": [{"id": "m", "manual": {}}]}
    compiled(app, {**good, "actions": [{"use": "log", "with": {"message": "hello"}}], **parts})


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path of a tree below its root."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [one for key, value in items for one in [(*path, key), *places(value, (*path, key))]]


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """A document of the corpus with up to three things in it removed, replaced, renamed or moved."""
    tree = copy.deepcopy(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(0, 3))):
        *above, last = draw(st.sampled_from(places(tree)))
        parent = tree
        for key in above:
            parent = parent[key]
        match draw(st.sampled_from(["remove", "replace", "rename", "graft"])):
            case "remove":
                parent.pop(last)
            case "replace":
                parent[last] = draw(Trees)
            case "rename" if isinstance(parent, dict):
                parent[draw(st.sampled_from(KEYS))] = parent.pop(last)
            case "graft":
                found = tree
                for key in draw(st.sampled_from(places(tree) or [()])):
                    found = found[key]
                parent[last] = copy.deepcopy(found)
        if not places(tree):
            break
    return tree


@settings(QUICK, max_examples=250)
@given(tree=mutations())
def test_nearly_right(app: Antiphon, tree: Any) -> None:
    """A mutated document compiles or lists its problems; a program that comes of it can be kept and read back."""
    program = compiled(app, tree)
    if program is None:
        return
    for written in (program.model_dump_json(by_alias=True), json.dumps(program.model_dump(mode="json", by_alias=True))):
        again = Program.model_validate_json(written)
        assert program == again
        assert program.fingerprint == again.fingerprint


@settings(QUICK, max_examples=60)
@given(one=mutations(), two=mutations())
def test_fingerprints(app: Antiphon, one: Any, two: Any) -> None:
    """Two fingerprints are equal exactly when the programs are."""
    first, second = compiled(app, one), compiled(app, two)
    if first is not None and second is not None:
        assert (first == second) == (first.fingerprint == second.fingerprint)
