"""A workspace in which something of everything has happened, to be looked at."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from antiphon import (
    Action,
    AuthDead,
    Done,
    Effect,
    Options,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Rejected,
    Unknown,
    hookimpl,
)
from antiphon.app import Antiphon
from antiphon.components.clock import Clock
from antiphon.model.event import Event

SETTINGS = """
[workspace]
name = "Torréa"
timezone = "Europe/Paris"
language = "en"
[web]
port = {port}
[groups]
brand = ["ana", "ben"]
[connections.brand]
connector = "mastodon"
server = "https://social.example"
token = "none"
"""
TOOTHPASTE = "Bonjour, ma machine à café fuit depuis hier matin. <script>alert('so')</script> Que faire ?"
WORKFLOWS = {
    "desk": """
antiphon: 1
id: desk
name: Complaint desk
tz: Europe/Paris
liveness: {at_least: 1, per: 1d}
triggers:
  - {id: heard, event: {type: mention.received, match: {text: {contains: machine}}}}
conditions:
  - text: {of: "${{ event.author.handle }}", not: {contains: troll}}
actions:
  - id: ticket
    use: inbox.ticket
    with: {title: "Complaint by ${{ event.author.name }}", text: "${{ event.text }}", url: "${{ event.url }}"}
""",
    "launch": """
antiphon: 1
id: launch
name: Launch of the winter roast
tz: Europe/Paris
triggers: [{id: by_hand, manual: {inputs: {text: {type: text, required: true}}}}]
actions:
  - id: sign
    approve:
      show: {text: "${{ trigger.inputs.text }}", picture: images/roast.png}
      by: {group: brand}
      due: 2d
  - {id: post, use: local.act, with: {end: done, text: "${{ steps.sign.content.text }}"}}
""",
    "crosspost": """
antiphon: 1
id: crosspost
name: Cross-post the news
tz: Europe/Paris
triggers: [{id: by_hand, manual: {inputs: {end: {type: text, required: true}}}}]
actions:
  - {id: post, use: local.act, with: {end: "${{ trigger.inputs.end }}", text: "Fresh from the roaster"}}
""",
    "weekly": """
antiphon: 1
id: weekly
name: Weekly figures
tz: Europe/Paris
triggers: [{id: monday, schedule: {cron: "0 8 * * 1"}}]
actions: [{use: log, with: {message: "the figures"}}]
""",
    "herald": """
antiphon: 1
id: herald
name: Herald
tz: Europe/Paris
triggers: [{id: by_hand, manual: {}}]
actions: [{use: local.act, with: {end: done, text: "We close early today"}, veto: {window: 20m}}]
""",
    "patience": """
antiphon: 1
id: patience
name: Ask again after two days
tz: Europe/Paris
triggers: [{id: by_hand, manual: {}}]
actions: [{id: rest, wait: 2d}, {use: log, with: {message: "again"}}]
""",
}
ROAST = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAIAAABxZ0isAAAAF0lEQVR4nGNYqqCMFTEMaom5Uz7hQoNYAgBjx1i5q6p8pAAAAABJRU5ErkJggg=="
)


class Ending(Options):
    """How to end, and with which words."""

    end: str = Field(description="How it ends.")
    text: str = Field("", description="The words.")


class Act(Action):
    """Ends as it is told.

    use: local.act
    with: {end: done, text: Hello}
    """

    name = "local.act"
    Options = Ending

    def plan(self, options: Ending, ctx: ReadContext) -> Effect:
        """The effect."""
        return ctx.effect(self.name, f"Post: {options.text}", options.model_dump())

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """The end."""
        match effect.payload["end"]:
            case "held":
                return AuthDead("the token is no longer valid")
            case "unknown":
                return Unknown("the connection broke before an answer came")
            case "rejected":
                return Rejected("the network said no: the text is too long")
        return Done(Receipt(remote_id="1", url="https://social.example/@torrea/1", at=ctx.clock.now()))


class Stage:
    """The plugin that brings the action."""

    @hookimpl
    def register_actions(self) -> list[type[Action]]:
        """One that ends as it is told."""
        return [Act]


def fill(folder: Path, clock: Clock, port: int = 8770, **plugins: object) -> Antiphon:
    """A workspace with heard events, runs in every state, a question, what is in doubt, and what is to come."""
    (folder / "workflows").mkdir()
    (folder / "images").mkdir()
    (folder / "images" / "roast.png").write_bytes(ROAST)
    (folder / "antiphon.toml").write_text(SETTINGS.replace("{port}", str(port)), encoding="utf-8")
    for name, text in WORKFLOWS.items():
        (folder / "workflows" / f"{name}.yaml").write_text(text.lstrip(), encoding="utf-8")
    app = Antiphon.open(folder, clock=clock, plugins={"stage": Stage(), **plugins})
    app.store.events.ingest(_events(clock))
    app.route()
    for end in ("done", "unknown", "rejected", "held"):
        app.start("crosspost", inputs={"end": end}, by="dora")
    app.start("launch", inputs={"text": f"The winter roast is here.\n\n{TOOTHPASTE}"}, by="dora")
    app.start("herald", by="dora")
    app.start("patience", by="dora")
    for workflow in app.programs:
        app.activate(workflow)
    return app


def _events(clock: Clock) -> list[Event]:
    people = (("ana", "Ana <b>Duval</b>"), ("troll", "A troll"), ("zoe", "Zoë " + "Very-long-name" * 6))
    return [
        Event(
            id=f"mastodon:{number}/é",
            type="mention.received",
            at=clock.now() - timedelta(minutes=17 * number),
            data={
                "text": TOOTHPASTE,
                "url": f"https://social.example/@{handle}/{number}",
                "author": {"handle": handle, "name": name},
            },
            source="mastodon",
        )
        for number, (handle, name) in enumerate(people)
    ]
