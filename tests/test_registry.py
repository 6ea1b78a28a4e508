"""The seam: what each hook is for, and what a plugin that goes wrong costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import pytest
import typer

from antiphon import (
    Action,
    Block,
    Computation,
    Condition,
    Connector,
    Done,
    Doorway,
    Effect,
    NoOptions,
    Outcome,
    Page,
    PerformContext,
    PersonalRecords,
    Place,
    Problem,
    ReadContext,
    Receipt,
    Redirect,
    ReportContext,
    Run,
    RunState,
    Section,
    Source,
    Trigger,
    Verdict,
    WebPage,
    hookimpl,
)
from antiphon.components.ports import People, Records, Store
from antiphon.errors import PluginError
from antiphon.registry import Registry
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Wave(Action):
    """Waves.

    use: hello.wave
    """

    name = "hello.wave"

    def plan(self, options: Any, ctx: ReadContext) -> Effect:
        return ctx.effect(self.name, "wave", {})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        return Done(Receipt(at=ctx.clock.now()))


class Count(Computation):
    """Counts.

    use: hello.count
    """

    name = "hello.count"

    def compute(self, options: Any, ctx: ReadContext) -> Any:
        return 1


class Friendly(Condition):
    """Holds.

    friendly: {}
    """

    name = "friendly"

    def judge(self, options: Any, ctx: ReadContext) -> Verdict:
        return Verdict(holds=True, because="everybody is")


class Bell(Trigger):
    """Rings.

    bell: {}
    """

    name = "bell"


class Visits(Source):
    """Visits.

    poll: {source: hello.visits, with: {connection: door}}
    """

    name = "hello.visits"
    event = "visit.seen"

    def fetch(self, options: Any, client: Any, cursor: str | None) -> Page:
        return Page((), "")


class Door(Connector):
    """A door.

    [connections.door]
    connector = "hello"
    """

    name = "hello"
    Options = NoOptions
    sources = (Visits,)

    def reader(self) -> object:
        return self

    def check(self) -> str:
        return "open"


class Guests(Section):
    """Guests.

    - {section: guests}
    """

    name = "guests"

    def build(self, options: Any, ctx: ReportContext) -> Block:
        return Block(heading="Guests")


def problems(*plugins: object) -> list[str]:
    """What loading some plugins beside the bundled ones complains of."""
    loaded = Registry.load(plugins={f"stranger{index or ''}": plugin for index, plugin in enumerate(plugins)})
    return [str(problem) for problem in loaded.catalogue.problems]


def test_register_sources() -> None:
    """What any network can be asked for is a source of its own, without a connector."""

    class Quiet(Visits):
        name = "quiet.visits"

    class Plugin:
        @hookimpl
        def register_sources(self) -> Iterable[type[Source]]:
            return [Quiet]

    catalogue = Registry.load(plugins={"stranger": Plugin()}).catalogue
    assert catalogue.sources["quiet.visits"] is Quiet


def test_register_connectors() -> None:
    """A connector brings a network and the sources that can be polled there."""

    class Plugin:
        @hookimpl
        def register_connectors(self) -> Iterable[type[Connector]]:
            return [Door]

    catalogue = Registry.load(plugins={"stranger": Plugin()}).catalogue

    assert Door is catalogue.connectors["hello"]
    assert Visits is catalogue.sources["hello.visits"]
    [plugin] = [one for one in catalogue.plugins if one.name == "stranger"]
    assert (("connectors", "hello"), ("sources", "hello.visits")) == plugin.brought


def test_register_triggers() -> None:
    """A plugin brings kinds of call."""

    class Plugin:
        @hookimpl
        def register_triggers(self) -> Iterable[type[Trigger]]:
            return [Bell]

    assert Bell is Registry.load(plugins={"stranger": Plugin()}).catalogue.triggers["bell"]


def test_register_conditions() -> None:
    """A plugin brings kinds of question."""

    class Plugin:
        @hookimpl
        def register_conditions(self) -> Iterable[type[Condition]]:
            return [Friendly]

    assert Friendly is Registry.load(plugins={"stranger": Plugin()}).catalogue.conditions["friendly"]


def test_register_actions() -> None:
    """A plugin brings what a step can use, acts and computations alike."""

    class Plugin:
        @hookimpl
        def register_actions(self) -> Iterable[type[Action | Computation]]:
            return [Wave, Count]

    actions = Registry.load(plugins={"stranger": Plugin()}).catalogue.actions

    assert (Wave, Count) == (actions["hello.wave"], actions["hello.count"])


def test_register_sections() -> None:
    """A plugin brings parts of reports."""

    class Plugin:
        @hookimpl
        def register_sections(self) -> Iterable[type[Section]]:
            return [Guests]

    assert Guests is Registry.load(plugins={"stranger": Plugin()}).catalogue.sections["guests"]


def test_register_recipes(tmp_path: Path) -> None:
    """A plugin brings folders of recipes."""

    class Plugin:
        @hookimpl
        def register_recipes(self) -> Iterable[Path]:
            return [tmp_path]

    assert tmp_path in Registry.load(plugins={"stranger": Plugin()}).catalogue.recipes


def test_register_filters() -> None:
    """A plugin brings filters; one that is taken stays with the plugin that had it."""

    class Plugin:
        @hookimpl
        def register_filters(self) -> Mapping[str, Callable[..., Any]]:
            return {"shout": str.upper, "lower": str.upper}

    catalogue = Registry.load(plugins={"stranger": Plugin()}).catalogue

    assert "HI" == catalogue.filters["shout"]("hi")
    assert "hi" == catalogue.filters["lower"]("HI")
    assert ["Plugin stranger, hook register_filters: `lower` is already brought by the plugin builtins, which keeps "
            "it. Give yours another name."] == [str(problem) for problem in catalogue.problems]  # fmt: skip


def test_register_commands() -> None:
    """A plugin adds words to the command line."""

    class Plugin:
        @hookimpl
        def register_commands(self, cli: typer.Typer) -> None:
            cli.command("wave")(lambda: None)

    cli = typer.Typer()

    assert [] == Registry.load(plugins={"stranger": Plugin()}).commands(cli)
    assert "wave" in [command.name for command in cli.registered_commands]


def test_register_pages() -> None:
    """A plugin brings pages with their entries in the menu."""
    page = WebPage("guests", {"en": "Guests", "fr": "Invités"}, lambda ctx: [Block(heading="Nobody")])

    class Plugin:
        @hookimpl
        def register_pages(self) -> Iterable[WebPage]:
            return [page]

    assert page in Registry.load(plugins={"stranger": Plugin()}).catalogue.pages


@pytest.mark.parametrize(
    ("path", "title", "told"),
    [
        ("Guests", {"en": "Guests", "fr": "Invités"}, "is not a path of a page"),
        ("guests/all", {"en": "Guests", "fr": "Invités"}, "is not a path of a page"),
        ("runs", {"en": "Guests", "fr": "Invités"}, "is a page of Antiphon itself"),
        ("guests", {"en": "Guests"}, "has no title in fr"),
    ],
)
def test_unfit_pages(path: str, title: dict[Literal["en", "fr"], str], told: str) -> None:
    """A page whose path or title will not do costs its plugin one sentence."""

    class Plugin:
        @hookimpl
        def register_pages(self) -> Iterable[WebPage]:
            return [WebPage(path, title, lambda ctx: [])]

    [problem] = Registry.load(plugins={"stranger": Plugin()}).catalogue.problems

    assert told in str(problem)


def test_register_doorways() -> None:
    """A plugin opens doorways to anybody; a path that is Antiphon's own, or none, cannot be one."""
    door = Doorway("door", lambda visit: Redirect("https://torrea.example/"))

    class Plugin:
        @hookimpl
        def register_doorways(self) -> Iterable[Doorway]:
            return [door]

    assert (door,) == Registry.load(plugins={"stranger": Plugin()}).catalogue.doorways[-1:]
    for path in ("runs", "", "a/b", "Ä"):
        with pytest.raises(ValueError, match="cannot be the path of a doorway"):
            Doorway(path, lambda visit: None)


def test_register_personal() -> None:
    """A plugin says which of its records are about people; a kind that another plugin claims stays that one's."""
    mine = PersonalRecords("guests.guest", lambda record: [record.key])

    class Plugin:
        @hookimpl
        def register_personal(self) -> Iterable[Any]:
            return [mine, PersonalRecords("leads.lead", lambda record: []), "guests"]

    catalogue = Registry.load(plugins={"stranger": Plugin()}).catalogue

    assert mine is catalogue.personal["guests.guest"]
    assert {"inbox.ticket", "inbox.draft", "leads.lead", "leads.qualified"} <= catalogue.personal.keys()
    assert [
        "Plugin stranger, hook register_personal: `leads.lead` is already brought by the plugin leads, which keeps it. "
        "Give yours another name.",
        "Plugin stranger, hook register_personal: 'guests' is not a kind of records. "
        "Hand over instances of PersonalRecords.",
    ] == [str(problem) for problem in catalogue.problems]


def test_same_person(store: Store) -> None:
    """Plugins tell the other names of a person, and those of these; one that fails is told of, and nothing is sent."""

    class Plugin:
        @hookimpl
        def same_person(self, name: str) -> Iterable[str]:
            return {"mastodon:1": ["slack:U7"], "slack:U7": ["irc:ana"]}.get(name, ()) if name else [str(1 / 0)]

    registry = Registry.load(plugins={"stranger": Plugin()})

    assert {"slack:U7", "irc:ana"} == registry.same_person(store.records, "mastodon:1")
    with pytest.raises(PluginError, match="stranger, hook same_person: raised ZeroDivisionError"):
        registry.same_person(store.records, "")


def test_resolve_secret() -> None:
    """The first plugin that knows a secret gives it; a name that nobody knows gives None."""

    class Plugin:
        @hookimpl
        def resolve_secret(self, name: str) -> str | None:
            return "1234" if name == "door_code" else None

    registry = Registry.load(plugins={"stranger": Plugin()})

    assert "1234" == registry.secret("door_code")
    assert None is registry.secret("window_code")


class NoPeople:
    """Nobody has been met."""

    def seen(self, people: Any, at: datetime) -> None:
        raise AssertionError("a reviewer only looks")

    def get(self, person_id: str) -> None:
        return None

    def amend(self, person: Any, facts: Any, at: datetime) -> Any:
        raise AssertionError("a reviewer only looks")

    def named(self, name: str) -> tuple[Any, ...]:
        return ()

    def forget(self, person_id: str) -> bool:
        return False

    def list(self, limit: int = 100) -> list[Any]:
        return []


EFFECT = Effect(key="k", action="hello.wave", workflow="w", run="r", step="s", summary="wave")


def test_review_effect(tmp_path: Path) -> None:
    """Every reviewer's reason is kept, also from what its plugin has kept; a reviewer that fails is a reason."""

    class Strict:
        @hookimpl
        def review_effect(self, effect: Effect) -> str | None:
            return "no waving today"

    class Broken:
        @hookimpl
        def review_effect(self, effect: Effect, people: People) -> str | None:
            raise RuntimeError("out of order")

    class Remembering:
        @hookimpl
        def review_effect(self, records: Records) -> str | None:
            kept = records.get("remembering.word", "wave")
            return str(kept.data["because"]) if kept else None

    registry = Registry.load(plugins={"strict": Strict(), "broken": Broken(), "remembering": Remembering()})
    with closing(open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", VirtualClock(NOON))) as store:
        store.records.put("remembering.word", "wave", {"because": "they asked us not to"}, NOON)

        found = set(registry.review(EFFECT, NoPeople(), store.records, VirtualClock(NOON)))

    failed = "the reviewer broken failed: RuntimeError: out of order"
    assert {"no waving today", "they asked us not to", failed} == found


def test_check_workspace(tmp_path: Path) -> None:
    """Every plugin says what is wrong with the files that it reads; one that fails is named."""
    found = Problem(Place("coffee.toml", 3), "That is tea.", "Write coffee.")

    class Strict:
        @hookimpl
        def check_workspace(self, folder: Path) -> Iterable[Problem]:
            return [found] if folder == tmp_path else []

    class Broken:
        @hookimpl
        def check_workspace(self) -> Iterable[Problem]:
            raise RuntimeError("out of order")

    problems = Registry.load(plugins={"strict": Strict(), "broken": Broken()}).check(tmp_path)

    assert found in problems
    assert "The plugin broken could not look at the files of the workspace: RuntimeError: out of order." in [
        one.sentence for one in problems
    ]


def test_run_finished() -> None:
    """Every observer is told of the end of a run; what one raises harms no other."""
    told: list[str] = []

    class Broken:
        @hookimpl
        def run_finished(self, run: Run) -> None:
            raise RuntimeError("out of order")

    class Attentive:
        @hookimpl
        def run_finished(self, run: Run) -> None:
            told.append(run.id)

    registry = Registry.load(plugins={"broken": Broken(), "attentive": Attentive()})
    run = Run(
        id="r", key="k", workflow="w", program="p", trigger="t", cause="c", state=RunState.DONE, created_at=NOON
    )  # fmt: skip

    records = cast(Records, None)

    registry.announce(run, records, VirtualClock(NOON))

    assert ["r"] == told
    assert ["Plugin broken, hook run_finished: RuntimeError: out of order"] == [str(one) for one in registry.observed]


def test_a_plugin_that_raises() -> None:
    """A hook that raises costs one error that names plugin and hook; the others go on."""

    class Broken:
        @hookimpl
        def register_actions(self) -> Iterable[type[Action]]:
            raise RuntimeError("out of order")

    class Fine:
        @hookimpl
        def register_actions(self) -> Iterable[type[Action]]:
            return [Wave]

    registry = Registry.load(plugins={"broken": Broken(), "fine": Fine()})

    assert Wave is registry.catalogue.actions["hello.wave"]
    assert "log" in registry.catalogue.actions
    assert ["Plugin broken, hook register_actions: raised RuntimeError: out of order"] == [
        str(problem) for problem in registry.catalogue.problems
    ]


def test_a_plugin_that_misspells_a_hook() -> None:
    """A misspelt hook is named, with the one that was meant."""

    class Misspelt:
        @hookimpl
        def register_action(self) -> Iterable[type[Action]]:
            return [Wave]

    assert [
        "Plugin stranger, hook register_action: there is no such hook. Did you mean `register_actions`?"
    ] == problems(Misspelt())


def test_a_plugin_that_asks_for_too_much() -> None:
    """A hook with an argument that the seam does not offer is one error that names the plugin."""

    class Greedy:
        @hookimpl
        def run_finished(self, run: Run, everything: Any) -> None:
            return None

    [problem] = problems(Greedy())

    assert problem.startswith("Plugin stranger: ")
    assert "everything" in problem


def test_plugins_that_clash() -> None:
    """Of two plugins that bring one name the first keeps it, and the second is told."""

    class Plugin:
        @hookimpl
        def register_actions(self) -> Iterable[type[Action]]:
            return [Wave]

    assert [
        "Plugin stranger1, hook register_actions: `hello.wave` is already brought by the plugin stranger, "
        "which keeps it. Give yours another name."
    ] == problems(Plugin(), Plugin())


def test_what_is_no_component() -> None:
    """A hook that hands over an instance instead of a class is told so."""

    class Plugin:
        @hookimpl
        def register_actions(self) -> Iterable[Any]:
            return [Wave()]

    [problem] = problems(Plugin())

    assert "is not a named action class. Hand over classes." in problem


def test_a_plugin_in_the_workspace(tmp_path: Path) -> None:
    """A plugin.py beside antiphon.toml is the plugin `local`."""
    (tmp_path / "plugin.py").write_text(
        "from antiphon import hookimpl\n\n\n@hookimpl\ndef register_filters():\n    return {'shout': str.upper}\n"
    )

    catalogue = Registry.load(tmp_path).catalogue

    assert "HI" == catalogue.filters["shout"]("hi")
    assert ("filters", "shout") in next(plugin for plugin in catalogue.plugins if plugin.name == "local").brought


def test_a_broken_plugin_in_the_workspace(tmp_path: Path) -> None:
    """A plugin.py that cannot be imported costs itself only."""
    (tmp_path / "plugin.py").write_text("import nothing_of_the_kind\n")

    catalogue = Registry.load(tmp_path).catalogue

    [problem] = catalogue.problems
    assert str(problem).startswith("Plugin local: cannot be imported: ModuleNotFoundError")
    assert "log" in catalogue.actions
