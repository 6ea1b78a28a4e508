"""What the tests of running share: a network in memory that can misbehave, and workspaces that speak to it."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from antiphon import (
    Action,
    Askable,
    AuthDead,
    Condition,
    Connector,
    Disconnected,
    Done,
    Effect,
    Event,
    GiveUp,
    Options,
    Outcome,
    Page,
    Part,
    PerformContext,
    RateLimited,
    ReadContext,
    Receipt,
    Rejected,
    RetryLater,
    Sifted,
    Skip,
    Source,
    Unknown,
    Verdict,
    WideSource,
    hookimpl,
)
from antiphon.app import Antiphon
from antiphon.components.action import Computation
from antiphon.model.activation import Activation
from antiphon.model.effect import Pending
from antiphon.model.run import Run
from antiphon.testing.clock import VirtualClock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Crash(BaseException):
    """The process dies here: no `except Exception` sees it."""


@dataclass
class Network:
    """What was sent, by the effects' keys; and what happens to a text, named by its first word."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    revealed: list[Any] = field(default_factory=list)
    computed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    writers: int = 0
    pages: dict[str | None, Page | Exception] = field(default_factory=dict)
    reconcile: str = "lookup"
    processing: bool = True
    vetoes: Callable[[Effect], str | None] = lambda effect: None
    secrets: dict[str, str] = field(default_factory=dict)
    observed: list[Run] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The texts that went out, in order."""
        return [text for _, text in self.sent]

    def receive(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Take an effect, in the way that its first word asks for."""
        text = str(effect.payload["text"])
        match text.split(" ")[0]:
            case "no":
                return Rejected("it said no", fix="Ask nicely.")
            case "later":
                return RateLimited(ctx.clock.now() + timedelta(minutes=5))
            case "dead":
                return AuthDead("the token is dead")
            case "offline":
                return Disconnected("no route")
            case "giveup":
                raise GiveUp("it cannot be")
            case "retry":
                raise RetryLater("not now", after=timedelta(minutes=1))
            case "boom-before":
                raise ZeroDivisionError("boom")
            case "nothing":
                return None  # type: ignore[return-value]
        self.sent.append((effect.key, text))
        self.revealed.append(ctx.reveal(effect.payload))
        match text.split(" ")[0]:
            case "boom-after":
                raise ZeroDivisionError("boom")
            case "lost":
                return Unknown("no answer came")
            case "crash":
                raise Crash
            case "slow":
                return Pending("handle-1")
            case "odd":
                return Done(Receipt(remote_id="1", at=ctx.clock.now(), data={"odd": object()}))
        return Done(Receipt(remote_id=str(len(self.sent)), at=ctx.clock.now(), data={"text": text}))

    def look(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Whether an effect arrived, as far as this network tells."""
        self.asked.append(effect.key)
        if self.reconcile == "raises":
            raise ZeroDivisionError("boom")
        if self.reconcile == "cannot tell":
            return Unknown("nobody can tell")
        if self.reconcile == "processing" and self.processing:
            return Pending("handle-1")
        found = any(key == effect.key for key, _ in self.sent)
        return Done(Receipt(remote_id="found", at=ctx.clock.now())) if found else None


def plugin(network: Network) -> object:
    """The plugin that brings this network."""

    class SendOptions(Options):
        text: str
        connection: str = ""

    class Send(Action):
        name = "net.send"
        Options = SendOptions

        def plan(self, options: SendOptions, ctx: ReadContext) -> Effect:
            return ctx.effect(self.name, f"send {options.text}", {"text": options.text}, connection=options.connection)

        def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
            if effect.connection:
                ctx.connections.writer(effect.connection, object)
            return network.receive(effect, ctx)

        def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
            return network.look(effect, ctx)

    class NumberOptions(Options):
        number: int

    class Numbered(Send):
        name = "net.numbered"
        Options = NumberOptions  # type: ignore[assignment]

        def plan(self, options: NumberOptions, ctx: ReadContext) -> Effect:  # type: ignore[override]
            return ctx.effect(self.name, f"send {options.number}", {"text": str(options.number)})

    class Nothing(Send):
        name = "net.nothing"

        def plan(self, options: SendOptions, ctx: ReadContext) -> Effect:
            return None  # type: ignore[return-value]

    class SayOptions(Options):
        value: Any = None
        how: str = ""

    class Say(Computation):
        name = "net.say"
        Options = SayOptions

        def compute(self, options: SayOptions, ctx: ReadContext) -> Any:
            network.computed.append(ctx.here.step)
            match options.how:
                case "giveup":
                    raise GiveUp(f"it cannot be {options.value or ''}".strip(), hint="Change it.")
                case "skip":
                    raise Skip("nothing to say")
                case "retry":
                    raise RetryLater("not now", after=timedelta(minutes=1))
                case "boom":
                    raise ZeroDivisionError("boom")
                case "odd":
                    return {"odd": object()}
                case "reach":
                    return ctx.connections.writer("brand", object)  # type: ignore[attr-defined]
            return options.value

    class BrokenOptions(Options):
        how: str = "boom"

    class Broken(Condition):
        name = "broken"
        Options = BrokenOptions

        def judge(self, options: BrokenOptions, ctx: ReadContext) -> Verdict:
            if options.how == "boom":
                raise ZeroDivisionError("boom")
            return None  # type: ignore[return-value]

    class ItemOptions(Options):
        tag: str = ""

    class Items(Source):
        name = "net.items"
        event = "item.seen"
        Options = ItemOptions

        def fetch(self, options: ItemOptions, client: object, cursor: str | None) -> Page:
            page = network.pages[f"{options.tag}/{cursor}" if options.tag else cursor]
            if isinstance(page, Exception):
                raise page
            return page

    class WideOptions(Options):
        leave_out: str = ""

    class Wide(WideSource):
        """One part for each connection, and none of one that is called `deaf`; items can be left out by their text."""

        name = "net.wide"
        event = "item.seen"
        Options = WideOptions

        def parts(self, options: WideOptions, accounts: Sequence[Askable]) -> Sequence[Part]:
            return [
                Part(
                    one.connection,
                    "net.items",
                    {"tag": one.connection},
                    "it cannot hear" if "deaf" in one.connection else "",
                )
                for one in accounts
            ]

        def sift(self, options: WideOptions, part: Part, events: Sequence[Event], marks: Any, now: datetime) -> Sifted:
            out = [one for one in events if one.data["text"] == options.leave_out]
            kept = [one for one in events if one not in out]
            beside = [Event(f"beside:{one.id}", "item.noted", one.at, {}, "net") for one in kept]
            return Sifted(kept, beside, {"its text is left out": [one.id for one in out]} if out else {})

    class NetOptions(Options):
        token: str = ""

    class Net(Connector):
        name = "net"
        sources = (Items,)
        idempotency = {"send": "lookup"}
        Options = NetOptions

        def reader(self) -> object:
            return "reader"

        def writer(self) -> object:
            network.writers += 1
            return "writer"

        def check(self) -> str:
            return "ok"

    class Plugin:
        @hookimpl
        def register_actions(self) -> Sequence[type]:
            return [Send, Numbered, Nothing, Say]

        @hookimpl
        def register_conditions(self) -> Sequence[type]:
            return [Broken]

        @hookimpl
        def register_sources(self) -> Sequence[type]:
            return [Wide]

        @hookimpl
        def register_connectors(self) -> Sequence[type]:
            return [Net]

        @hookimpl
        def review_effect(self, effect: Effect) -> str | None:
            return network.vetoes(effect)

        @hookimpl
        def resolve_secret(self, name: str) -> str | None:
            return network.secrets.get(name)

        @hookimpl
        def run_finished(self, run: Run) -> None:
            network.observed.append(run)

    return Plugin()


@dataclass
class Workspace:
    """A workspace folder, and the application that is at work in it; `reopen` is a new process."""

    folder: Path
    network: Network
    clock: VirtualClock
    app: Antiphon = field(init=False)

    def __post_init__(self) -> None:
        self.app = self._opened()

    def _opened(self) -> Antiphon:
        return Antiphon.open(self.folder, clock=self.clock, plugins={"net": plugin(self.network)})

    def write(self, *documents: Mapping[str, Any]) -> None:
        """Write workflows, each with what every workflow needs, and look at the folder anew."""
        (self.folder / "workflows").mkdir(exist_ok=True)
        for document in documents:
            whole = {
                "antiphon": 1,
                "name": "x",
                "tz": "UTC",
                "triggers": [{"id": "by_hand", "manual": {}}],
                "actions": [{"use": "log", "with": {"message": "hello"}}],
                **document,
            }
            (self.folder / "workflows" / f"{whole['id']}.yaml").write_text(json.dumps(whole), encoding="utf-8")
        self.reopen()

    def reopen(self) -> None:
        """Let the application go and start it again, once what it held has lapsed."""
        self.app.close()
        self.clock.advance(timedelta(minutes=3))
        self.app = self._opened()

    def another(self) -> Antiphon:
        """Another process at the same time; whoever asks for it closes it."""
        return self._opened()

    def settle(self, workflow: str) -> Activation:
        """Work through a workflow whose document must be right."""
        assert [] == [str(problem) for problem in self.app.compiled.problems]
        return self.app.activate(workflow)

    def through(self, workflow: str) -> Activation:
        """Work through a workflow and all its waits: the clock is moved to whatever comes next, until nothing does."""
        done = self.settle(workflow)
        while (due := self.app.next_due(workflow)) is not None:
            self.clock.advance(max(due - self.clock.now(), timedelta(0)))
            again = self.app.activate(workflow)
            done = again.model_copy(update={"entries": (*done.entries, *again.entries)})
        return done

    def run(self, workflow: str = "w") -> Run:
        """The one run of a workflow, as the store has it."""
        [listed] = self.app.store.runs.list(workflow=workflow)
        run = self.app.store.runs.get(listed.id)
        assert run is not None
        return run

    def hear(self, data: Mapping[str, Any], *, id: str, type: str) -> tuple[str, ...]:
        """Let an event happen a second later and offer it; the workflows that have something to do."""
        self.clock.advance(timedelta(seconds=1))
        self.app.store.events.ingest([self.event(data, id, type)])
        return self.app.route()

    def answer(
        self, *actions: Any, inputs: Mapping[str, Any] | None = None, data: Mapping[str, Any] | None = None, **keys: Any
    ) -> Run:
        """The run of a workflow with these steps for one event, as it ended."""
        self.write({"id": "w", "actions": list(actions), **keys})
        assert [] == [str(problem) for problem in self.app.compiled.problems]
        event = None if inputs is not None else self.event(data or {})
        self.app.start("w", event=event, inputs=inputs)
        [run] = self.app.activate("w").runs
        kept = self.app.store.runs.get(run.id)
        assert kept is not None
        return kept

    def plan(self, *actions: Any, data: Mapping[str, Any] | None = None, **keys: Any) -> Activation:
        """The plan of a workflow with these steps for one event."""
        self.write({"id": "w", "actions": list(actions), **keys})
        assert [] == [str(problem) for problem in self.app.compiled.problems]
        return self.app.plan("w", events=[self.event(data or {})])

    def event(self, data: Mapping[str, Any], id: str = "e1", type: str = "mention.received") -> Event:
        """An event of now."""
        return Event(id, type, self.clock.now(), dict(data), "test")


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def workspace(tmp_path: Path, network: Network, clock: VirtualClock) -> Iterator[Workspace]:
    """An empty workspace with one connection to the network, on SQLite."""
    (tmp_path / "antiphon.toml").write_text('[connections.brand]\nconnector = "net"\n', encoding="utf-8")
    workspace = Workspace(tmp_path, network, clock)
    yield workspace
    workspace.app.close()


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """All that has been logged so far."""
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text


@dataclass
class Cut:
    """A store that lets the process die at its n-th writing: before it, or after it."""

    store: Any
    at: int
    after: bool = False
    count: int = 0

    WRITES = frozenset(
        {
            "record_step",
            "record_verdicts",
            "finish",
            "put",
            "hear",
            "claim",
            "plan",
            "settle",
            "ingest",
            "veto",
            "park",
            "release",
        }
        | {"open", "set", "mark_routed", "seen", "bring_in", "change", "answered", "forget"}
    )

    def __getattr__(self, name: str) -> Any:
        return _CutPort(self, getattr(self.store, name)) if name != "close" else self.store.close


@dataclass
class _CutPort:
    cut: Cut
    port: Any

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.port, name)
        if name not in Cut.WRITES:
            return method

        def write(*args: Any, **keys: Any) -> Any:
            self.cut.count += 1
            mine = self.cut.count == self.cut.at
            if mine and not self.cut.after:
                raise Crash
            answer = method(*args, **keys)
            if mine:
                raise Crash
            return answer

        return write


@pytest.fixture
def cut() -> type[Cut]:
    return Cut


@pytest.fixture
def crash() -> type[Crash]:
    return Crash


def once_each(network: Network) -> bool:
    """Whether every effect that went out went out once."""
    return all(count == 1 for count in Counter(key for key, _ in network.sent).values())
