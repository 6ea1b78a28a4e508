"""The documentation, run: what a page shows compiles, and a mistake that it shows is found just so.

A fenced block says what it is behind its language:

    yaml             a whole document, with `antiphon: 1` as its first line
    yaml step        one step or several, as they stand below `actions:`
    yaml trigger     one trigger or several, as below `triggers:`; alone it may go without an id
    yaml condition   one condition or several, as below `conditions:`
    yaml mistake     a document that is refused, with exactly the problems that the next block lists
    toml             a part of antiphon.toml, which holds for its page
    python plugin    a plugin, which is registered for its page

A page is one workspace: its documents may call one another and use its recipes. What a step refers to and does not
bring itself (`steps.…`, `vars.…`, `trigger.inputs.…`) stands before it.
"""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from antiphon.app import Antiphon
from antiphon.components.clock import SystemClock
from antiphon.components.component import Component
from antiphon.components.page import PageContext, WebPage
from antiphon.errors import Problem
from antiphon.language import read, read_file, shape
from antiphon.model.inputs import Input
from antiphon.model.recipe import Recipe
from antiphon.registry import Registry
from antiphon.rehearsal.suite import Suite
from antiphon.rehearsal.telling import told as told_of
from antiphon.report.blocks import to_markup
from antiphon.report.words import Words
from antiphon.runtime.secrets import Secrets
from antiphon.settings import FILE, ConnectionSettings, Settings, WorkspaceSettings

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / "workflows").rglob("*.yaml"))
RECIPES = [ROOT / "tests" / "documents" / "recipes" / "greeting.yaml"]
ACCOUNTS = {
    "brand": "mastodon",
    "community": "mastodon",
    "announcements": "telegram",
    "community_server": "discord",
    "team": "slack",
    "post": "email",
    "blog": "wordpress",
    "magazine": "ghost",
    "phone": "notify",
    "shop": "webhook",
    "sky": "bluesky",
    "news": "feed",
    "customers": "hubspot",
}
SAMPLES: Mapping[str, Any] = {
    "text": "Good morning",
    "number": 1,
    "integer": 1,
    "boolean": True,
    "duration": "1d",
    "date": "2026-03-02",
    "time": "09:00",
    "timezone": "Europe/Paris",
    "url": "https://example.org/",
    "connection": "brand",
    "list": ["Good morning"],
    "steps": [{"use": "log", "with": {"message": "Good morning"}}],
}
"""An answer to a recipe's question of each type but `choice`, which has its own."""


UNLINKED = re.compile(r"^```.*?^```$|<!--.*?-->", re.M | re.S)
"""Where what looks like a link is none."""


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is that of its first fence, `following` the text of the block after it."""

    page: Path
    line: int
    kind: str
    text: str
    following: str = ""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def file(self) -> str:
        """Where its document is laid in the workspace of its page."""
        recipe = re.search(r"^recipe:", self.text, re.M) and re.search(r"^version:", self.text, re.M)
        return f"{'recipes' if recipe else 'workflows'}/line-{self.line}.yaml"


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = [
        (text.count("\n", 0, match.start()) + 1, match[1].strip(), match[2])
        for match in re.finditer(r"^```(\w[^\n]*)\n(.*?)^```$", text, re.M | re.S)
    ]
    after = [body for _, _, body in found[1:]]
    return [
        Block(page, line, kind, body, following)
        for (line, kind, body), following in zip(found, [*after, ""], strict=False)
    ]


def hidden(page: Path) -> bool:
    return any(part.startswith(".") for part in page.relative_to(ROOT).parts)


PAGES = [page for page in sorted(ROOT.rglob("*.md")) if not hidden(page)]
BLOCKS = [block for page in PAGES for block in blocks_of(page)]
YAML = [block for block in BLOCKS if block.kind.startswith("yaml")]
MISTAKES = [block for block in YAML if block.kind == "yaml mistake"]
TESTED = [block for block in YAML if block.kind == "yaml" and re.search(r"^tests:", block.text, re.M)]
SETTINGS = [block for block in BLOCKS if block.kind == "toml"]
PLUGINS = [block for block in BLOCKS if block.kind == "python plugin"]
LINKS = [
    (page, target)
    for page in PAGES
    for target in re.findall(r"\]\((?!\w+:)([^)\s]+)\)", re.sub(UNLINKED, "", page.read_text(encoding="utf-8")))
]
COMPONENTS = [
    (kind, component) for kind, table in Registry.load().catalogue.kinds() for component in table.values()
]  # fmt: skip


def wrapped(kind: str, text: str, name: str) -> str:
    """A document around a step, trigger or condition; what the text refers to and does not bring stands before it."""
    asked = sorted(set(re.findall(r"\btrigger\.inputs\.(\w+)", text)))
    values = sorted(set(re.findall(r"\bvars\.(\w+)", text)))
    steps = sorted({step for step in re.findall(r"\bsteps\.(\w+)", text) if not re.search(rf"\bid: {step}\b", text)})
    inputs = ", ".join(f"{one}: {{type: text}}" for one in asked)
    lines = ["antiphon: 1", f"id: {name}", "name: An example", "tz: Europe/Paris", "subject: ${{ event.author }}"]
    lines += ["triggers:", f"  - {{id: started, manual: {{inputs: {{{inputs}}}}}}}"]
    lines += items(text, "id: example") if kind == "trigger" else []
    lines += ["conditions:", *items(text)] if kind == "condition" else []
    lines += ["actions:", "  - {use: log, with: {message: Begun}}"]
    lines += [f"  - set: {{{one}: earlier}}" for one in values]
    lines += [f"  - {{id: {one}, use: log, with: {{message: Earlier}}}}" for one in steps]
    lines += items(text) if kind == "step" else []
    return "\n".join(lines) + "\n"


def items(text: str, first: str = "") -> list[str]:
    """The text as items of a list; a text that is one mapping becomes one item, `first` its first line."""
    lines = text.strip("\n").splitlines()
    if lines[0].startswith("- "):
        return [f"  {line}" for line in lines]
    return [
        f"  {'- ' if number == 0 else '  '}{line}" for number, line in enumerate([first, *lines] if first else lines)
    ]


def workspace(folder: Path, page: Path | None = None) -> Antiphon:
    """A workspace with the connections that all examples use, and the plugins and settings of a page."""
    connections: dict[str, Any] = {name: {"connector": connector} for name, connector in ACCOUNTS.items()}
    groups: dict[str, Any] = {"team": ["nina", "sam"]}
    for block in [block for block in SETTINGS if block.page == page]:
        connections |= tomllib.loads(block.text).get("connections", {})
        groups |= tomllib.loads(block.text).get("groups", {})
    plugins = {f"plugin_{block.line}": imported(block, folder) for block in PLUGINS if block.page == page}
    settings = Settings(
        folder=folder,
        workspace=WorkspaceSettings(name="Torréa", timezone="Europe/Paris"),
        connections={name: ConnectionSettings.model_validate(one) for name, one in connections.items()},
        groups=groups,
    )
    return Antiphon(settings, Registry.load(plugins=plugins), SystemClock())


def imported(block: Block, folder: Path) -> ModuleType:
    path = folder / f"plugin_{block.line}.py"
    path.write_text(block.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(problem: Problem) -> str:
    place = problem.place
    return f"{place.line}:{place.column} {problem.sentence} {problem.hint}".strip()


Problems = Callable[[Path], Mapping[str, list[str]]]


@pytest.fixture(scope="module")
def problems_on(tmp_path_factory: pytest.TempPathFactory) -> Problems:
    """What is wrong with the documents of a page, by the file in which each was laid."""

    @cache
    def compiled(page: Path) -> Mapping[str, list[str]]:
        folder = tmp_path_factory.mktemp(page.stem)
        for block in blocks_of(page):
            if block.kind.startswith("yaml") and block.kind != "yaml mistake":
                path = folder / block.file
                path.parent.mkdir(exist_ok=True)
                kind = block.kind.removeprefix("yaml").strip()
                path.write_text(wrapped(kind, block.text, path.stem) if kind else block.text, encoding="utf-8")
        app = workspace(folder, page)
        found: dict[str, list[str]] = {}
        for problem in sorted(app.check([folder / "workflows", folder / "recipes"]).problems):
            found.setdefault(problem.place.file, []).append(told(problem))
        return found

    return compiled


@pytest.mark.parametrize("block", [block for block in YAML if block not in MISTAKES], ids=str)
def test_examples(block: Block, problems_on: Problems) -> None:
    """Every example of every page compiles, and says what it is."""
    if block.kind == "yaml":
        assert "antiphon: 1" == block.text.partition("\n")[0], "a part is a `yaml step`, `yaml trigger` and the like"
    assert block.kind in ("yaml", "yaml step", "yaml trigger", "yaml condition")

    assert [] == problems_on(block.page).get(block.file, [])


@pytest.mark.parametrize("block", TESTED, ids=str)
def test_tests(block: Block, tmp_path: Path) -> None:
    """The tests that a page's documents hold are as expected."""
    path = tmp_path / "workflow.yaml"
    path.write_text(block.text, encoding="utf-8")
    suite = Suite(workspace(tmp_path, block.page))
    found, _ = suite.find([path])

    results = [suite.run(one) for one in found]

    assert [] == [line for result in results if result.state != "passed" for line in told_of(result)]


@pytest.mark.parametrize("block", MISTAKES, ids=str)
def test_mistakes(block: Block, tmp_path: Path) -> None:
    """A mistake that a page shows is found, in the words that the page shows."""
    path = tmp_path / "workflow.yaml"
    path.write_text(block.text, encoding="utf-8")

    found = [told(problem) for problem in sorted(workspace(tmp_path).check([path]).problems)]

    assert block.following.splitlines() == found


@pytest.mark.parametrize("block", SETTINGS, ids=str)
def test_settings(block: Block, tmp_path: Path) -> None:
    """Settings that a page shows are accepted, and so are the options of their connections."""
    (tmp_path / FILE).write_text(block.text, encoding="utf-8")

    settings = Settings.load(tmp_path)

    for connection in settings.connections.values():
        assert_connects(workspace(tmp_path, block.page), connection)


@pytest.mark.parametrize("block", PLUGINS, ids=str)
def test_plugins(block: Block, tmp_path: Path) -> None:
    """A plugin that a page shows is registered without a problem, and what it brings explains itself or is shown."""
    app = workspace(tmp_path, block.page)
    registry = app.registry
    catalogue, module = registry.catalogue, registry.manager.get_plugin(f"plugin_{block.line}")
    [plugin] = [one for one in catalogue.plugins if one.name == f"plugin_{block.line}"]

    assert () == catalogue.problems
    assert registry.manager.get_hookcallers(module)
    for kind, name in plugin.brought:
        if kind in dict(catalogue.kinds()):
            assert_example(kind, getattr(catalogue, kind)[name], workspace(tmp_path, block.page))
    for page in [page for page in catalogue.pages if ("pages", page.path) in plugin.brought]:
        assert_shown(page, app)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows(path: Path) -> None:
    """Every workflow of the demonstration compiles."""
    assert [] == [told(problem) for problem in workspace(ROOT).check([path]).problems]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_recipes(path: Path, tmp_path: Path) -> None:
    """Every recipe compiles when its questions are answered with no more than they require."""
    recipe = shape(read_file(path), Recipe)
    answers = {name: sample(asked) for name, asked in recipe.inputs.items() if asked.required}
    use = {"antiphon": 1, "id": recipe.recipe, "recipe": f"{recipe.recipe}@{recipe.version}", "inputs": answers}
    for folder, text in {"recipes": path.read_text(encoding="utf-8"), "workflows": json.dumps(use)}.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / path.name).write_text(text, encoding="utf-8")

    assert [] == [told(problem) for problem in workspace(tmp_path).check([tmp_path / "workflows"]).problems]


def sample(asked: Input) -> Any:
    return asked.options[0] if asked.options else SAMPLES[asked.type]


@pytest.mark.parametrize(("kind", "component"), COMPONENTS, ids=lambda value: getattr(value, "name", value))
def test_components(kind: str, component: type[Component], tmp_path: Path) -> None:
    """The example in a component's docstring, which is its reference page, compiles."""
    assert_example(kind, component, workspace(tmp_path))


def assert_example(kind: str, component: type[Component], app: Antiphon) -> None:
    example = component.example()
    if kind == "connectors":
        [connection] = tomllib.loads(example)["connections"].values()
        assert component.name == connection["connector"]
        assert_connects(app, ConnectionSettings.model_validate(connection))
        return
    if kind == "sections":
        options = read(f"section: {example}", "example").plain()["section"]
        assert component.name == options.pop("section")
        component.Options.model_validate(options)
        example = f"use: report.write\nwith: {{name: example, sections: [{example}]}}"
    part = {"triggers": "trigger", "sources": "trigger", "conditions": "condition"}.get(kind, "step")
    path = app.settings.folder / "example.yaml"
    path.write_text(wrapped(part, example, "example"), encoding="utf-8")

    assert component.name in example
    assert [] == [told(problem) for problem in app.check([path]).problems]


def assert_shown(page: WebPage, app: Antiphon) -> None:
    """The page is drawn in a workspace where nothing is yet, and says of what is not there that it is not."""
    ctx = PageContext(app.store, app.clock, "fr", ZoneInfo("Europe/Paris"), {})

    assert page.title["fr"]
    assert "<section" in to_markup(page.view(ctx), Words("fr"))
    assert page.detail is None or page.detail(ctx, "nothing") is None


def assert_connects(app: Antiphon, connection: ConnectionSettings) -> None:
    connector = app.registry.catalogue.connectors[connection.connector]
    written = Secrets(lambda name: f"value-of-{name}").reveal_written(connection.options)

    assert connector.Options.model_validate(written)


@pytest.mark.parametrize(("page", "target"), LINKS, ids=lambda value: str(value).removeprefix(f"{ROOT}/"))
def test_links(page: Path, target: str) -> None:
    """Every link to a file or a heading of this repository leads somewhere."""
    file, _, heading = target.partition("#")
    path = (page.parent / file).resolve() if file else page

    assert path.exists()
    if heading:
        titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
        assert heading in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
