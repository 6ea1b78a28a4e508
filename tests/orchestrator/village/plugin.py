"""A village for tests: its crier's words go into a file, and its news come out of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from antiphon import (
    Action,
    Connector,
    Done,
    Effect,
    Event,
    GiveUp,
    NoOptions,
    Options,
    Outcome,
    Page,
    PerformContext,
    ReadContext,
    Receipt,
    Source,
    hookimpl,
)

HERE = Path(__file__).parent


class CryOptions(Options):
    text: str


class Cry(Action):
    """Cries a word in the village.

    use: village.cry
    with: {text: hear ye}
    """

    name = "village.cry"
    Options = CryOptions

    def plan(self, options: CryOptions, ctx: ReadContext) -> Effect:
        if not options.text:
            raise GiveUp("there is nothing to cry")
        return ctx.effect(self.name, f"cry {options.text}", {"text": options.text})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        with (HERE / "cries.txt").open("a") as square:
            square.write(effect.payload["text"] + "\n")
        return Done(Receipt(at=ctx.clock.now()))


class News(Source):
    """What is new in the village: each line of news.txt.

    poll: {source: village.news, with: {connection: home}}
    """

    name = "village.news"
    Options = NoOptions
    event = "village.told"

    def fetch(self, options: Any, client: Any, cursor: str | None) -> Page:
        lines = (HERE / "news.txt").read_text().splitlines()[int(cursor or 0) :]
        begin = int(cursor or 0)
        events = [
            Event(f"village:{begin + number}", self.event, client.now(), {"text": line})
            for number, line in enumerate(lines)
        ]
        return Page(events, str(begin + len(lines)))


class Village(Connector):
    """The village.

    connector: village
    """

    name = "village"
    Options = NoOptions
    sources = (News,)

    def reader(self) -> object:
        return self.clock

    def check(self) -> str:
        return "at home"


@hookimpl
def register_connectors() -> list[type[Connector]]:
    return [Village]


@hookimpl
def register_actions() -> list[type[Action]]:
    return [Cry]
