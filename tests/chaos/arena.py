"""The arena: a workspace, the networks it answers on, and the count of what these have received.

Every mention of the brand is to be answered six times: a reply, a favourite, a boost and a ticket by one workflow that
polls, a post of its own by another that hears the event and waits for these and then a while, and a call by
`http.request` to a second network, without a key.
So every idempotency is there: native (posts, replies, tickets), lookup (boosts, favourites), none (the bare call).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.chaos.clock import SharedClock
from tests.chaos.crew import Crew, End
from tests.chaos.worker import CLOCK, Job

from antiphon.app import Antiphon
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.run import RunState
from antiphon.runtime.resolving import Answer, resolve
from antiphon.testing.sandbox import UNLIMITED, Sandbox, Status

KINDS = ("reply", "favourite", "boost", "ticket", "echo", "bare")
MOST_ROUNDS = 60
TOKEN = "a-token-for-the-arena"

SETTINGS = """
[workspace]
name = "Arena"
timezone = "UTC"

[database]
url = "{database}"

[http]
allow_private = ["127.0.0.1"]
timeout = "1s"

[connections.brand]
connector = "mastodon"
server = "{brand}"
token = "{token}"
"""

ANSWER = """
antiphon: 1
id: answer
name: Answer
tz: UTC
triggers:
  - {id: mention, poll: {source: mastodon.mentions, with: {connection: brand}, every: 1m}}
actions:
  - {id: ticket, use: inbox.ticket, with: {title: A mention, text: "${{ event.text }}"}}
  - id: all
    parallel:
      fail: continue
      steps:
        - {id: reply, use: mastodon.reply, with: {connection: brand, to: "${{ event }}", text: "To ${{ event.text }}"}}
        - {id: favourite, use: mastodon.favourite, with: {connection: brand, status: "${{ event }}"}}
        - {id: boost, use: mastodon.boost, with: {connection: brand, status: "${{ event }}"}}
  - {emit: mention.answered, with: {of: "${{ event.id }}"}}
"""

ECHO = """
antiphon: 1
id: echo
name: Echo
tz: UTC
triggers: [{id: heard, event: {type: mention.received}}]
actions:
  - wait_for: {event: {type: mention.answered, match: {of: "${{ event.id }}"}}}
  - wait: 10m
  - {id: echo, use: mastodon.post, with: {connection: brand, text: "Echo of ${{ event.text }}"}}
"""

BARE = """
antiphon: 1
id: bare
name: Bare
tz: UTC
triggers: [{id: heard, event: {type: mention.received}}]
actions:
  - id: bare
    use: http.request
    with:
      url: "{other}/api/v1/statuses"
      headers: {Authorization: "Bearer ${{ secrets.other }}"}
      form: {status: "Bare ${{ event.text }}"}
"""


@dataclass
class Count:
    """What became of the effects that were expected; the words are those of the ledger, checked at the networks."""

    expected: int = 0
    done: int = 0
    parked: int = 0
    rejected: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    """What the ledger says and the network contradicts, or what has no reason, or has not come to rest."""


class Arena:
    """One workspace and its two networks, for as long as the block lasts."""

    def __init__(self, folder: Path, crew: Crew, database: str = "") -> None:
        self.folder = folder
        self.crew = crew
        self.clock = SharedClock(folder / CLOCK)
        self.network = Sandbox(clock=self.clock, limits=UNLIMITED, domain="brand.example")
        self.other = Sandbox(clock=self.clock, limits=UNLIMITED, domain="other.example")
        self.mentions: list[Status] = []
        self._database = database or f"sqlite:///{folder / 'antiphon.db'}"

    def __enter__(self) -> Self:
        self.network.start()
        self.other.start()
        self.network.account("brand", token=TOKEN)
        self.other.account("brand", token=TOKEN)
        workflows = self.folder / "workflows"
        workflows.mkdir(parents=True)
        settings = SETTINGS.format(database=self._database, brand=self.network.url, token=TOKEN)
        (self.folder / "antiphon.toml").write_text(settings)
        (self.folder / "plugin.py").write_text(SECRET.replace("TOKEN", TOKEN))
        (workflows / "answer.yaml").write_text(ANSWER)
        (workflows / "echo.yaml").write_text(ECHO)
        (workflows / "bare.yaml").write_text(BARE.replace("{other}", self.other.url))
        self.app = Antiphon.open(self.folder, clock=self.clock)
        assert not self.app.compiled.problems, self.app.compiled.problems
        self.life()  # the poll learns where it stands
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.close()
        self.network.stop()
        self.other.stop()

    def mention(self, count: int) -> None:
        """Let so many people mention the brand."""
        for number in range(len(self.mentions), len(self.mentions) + count):
            self.mentions.append(self.network.post(f"person{number}", f"@brand word {number}"))

    # -- lives --------------------------------------------------------------------------------------------------------

    def life(self, die_at: str | int | None = None, *, kill_after: float = 60.0) -> End:
        """One worker from its beginning to its end. If it is killed, all leases lapse before the next begins."""
        end = self.crew.run(Job(str(self.folder), die_at), kill_after=kill_after)
        assert not end.raised, end.raised
        if end.killed_at:
            self.clock.advance(timedelta(minutes=3))
        return end

    def rest(self) -> None:
        """Let workers come and go unharmed until nothing is left that goes on by itself."""
        for _ in range(MOST_ROUNDS):
            end = self.life()
            assert not end.killed_at, "a worker was stuck"
            times = [run.not_before for run in self.app.store.runs.list(state=RunState.HELD, limit=1000)]
            unfinished = self.app.unfinished()
            ahead = [moment for moment in times if moment]
            if not ahead and not unfinished and not end.unheard:
                return
            now = self.clock.now()
            self.clock.advance(max(min(ahead, default=now) - now, timedelta(minutes=3 if unfinished else 0)))
        raise AssertionError(f"no rest after {MOST_ROUNDS} workers")

    def resume(self) -> None:
        """What a person does who has renewed the token: let everything go on that waits for a person."""
        self.network.account("brand", token=TOKEN)
        for run in self.app.store.runs.list(state=RunState.HELD, limit=1000):
            self.app.resume(run.id)

    def settle(self) -> None:
        """What a person does who has looked at the networks: settle what is parked, and let its run go on."""
        for kind, mention, entry in list(self.entries()):
            if entry and entry.state is EffectState.PARKED:
                there = self.received(kind, mention)
                resolve(self.app.store.ledger, entry, Answer.DONE if there else Answer.NOT_SENT, self.clock)
                self.app.resume(entry.effect.run)

    # -- the count ----------------------------------------------------------------------------------------------------

    def received(self, kind: str, mention: Status) -> int:
        """How often the network, not the ledger, has the answer to a mention."""
        match kind:
            case "reply":
                return len([reply for reply in mention.replies if reply.account.username == "brand"])
            case "favourite":
                return len(mention.favourited_by)
            case "boost":
                return len([status for status in self.network.statuses("brand") if status.reblog_of is mention])
            case "echo":
                return _texts(self.network).count(f"Echo of {mention.text}")
            case "bare":
                return _texts(self.other).count(f"Bare {mention.text}")
        tickets = self.app.store.records.list("inbox.ticket", limit=10_000)
        return len([ticket for ticket in tickets if ticket.data["text"] == mention.text])

    def entries(self) -> Iterator[tuple[str, Status, LedgerEntry | None]]:
        """Every answer that is expected, with what the ledger has of it."""
        store = self.app.store
        kept = {(entry.effect.event, entry.effect.step): entry for entry in store.ledger.list(limit=10_000)}
        heard = {event.data["id"]: event.id for event in store.events.list(type="mention.received", limit=10_000)}
        for mention in self.mentions:
            for kind in KINDS:
                step = f"all/{kind}" if kind in ("reply", "favourite", "boost") else kind
                yield kind, mention, kept.get((heard.get(mention.id, ""), step))

    def count(self, lies: Sequence[str] = ()) -> Count:
        """Compare the ledger with the networks. `lies` are the kinds for which a network may have said no after doing
        it, and nobody can look."""
        told = Count()
        for kind, mention, entry in self.entries():
            told.expected += 1
            received = self.received(kind, mention)
            what = f"{kind} of {mention.text!r}: {received} at the network, {_told(entry)}"
            if received > 1:
                told.doubled.append(what)
            match entry.state if entry else None:
                case EffectState.DONE:
                    told.done += 1
                    told.lost += [what] * (not received)
                case EffectState.REJECTED:
                    told.rejected += 1
                    told.untrue += [what] * (bool(received) and kind not in lies)
                case EffectState.PARKED | EffectState.HELD:
                    told.parked += 1
                    told.untrue += [what] * (not entry or not entry.reason or bool(entry.not_before))
                case None:
                    told.lost.append(what)
                case _:
                    told.untrue.append(what)
        return told


SECRET = """
from antiphon import hookimpl


@hookimpl
def resolve_secret(name):
    return "TOKEN" if name == "other" else None
"""


def _texts(network: Sandbox) -> list[str]:
    return [status.text for status in network.statuses("brand")]


def _told(entry: LedgerEntry | None) -> str:
    return f"{entry.state} ({entry.reason}) in the ledger" if entry else "nothing in the ledger"
