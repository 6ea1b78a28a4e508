"""The story: a week of posts is heard, understood by eight workflows, answered, and told in a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from antiphon.app import Antiphon
from antiphon.demonstration.town import Town
from antiphon.errors import SetupError
from antiphon.model.activation import Activation
from antiphon.model.approval import ApprovalState
from antiphon.model.effect import EffectState
from antiphon.orchestrator.session import session
from antiphon.testing.posts import OwnPost, Tweet, fetch_tweets

REPORT = "weekly-figures"
READER = "nina"
"""Who of the team reads what is to be said."""


class Teller(Protocol):
    """Shows how the story goes on."""

    def chapter(self, name: str, total: int | None = None) -> None:
        """A new piece of work begins; `total` is how many parts it has, if that is known."""

    def word(self, sentence: str) -> None:
        """Something about the piece of work that is under way."""

    def part(self) -> None:
        """One part of it is done."""


@dataclass
class Told:
    """What came of it. `again` is what the same calls brought when they came a second time."""

    posts: int = 0
    news: int = 0
    activations: list[Activation] = field(default_factory=list)
    again: list[Activation] = field(default_factory=list)
    approved: int = 0
    received: list[str] = field(default_factory=list)
    page: str = ""
    report: Path | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def receipts(self) -> int:
        """How many acts on the networks the ledger has a receipt for."""
        entries = [entry for one in self.activations for entry in one.entries]
        return sum(entry.state is EffectState.DONE and entry.effect.outward for entry in entries)

    @property
    def doubled(self) -> int:
        """How many posts and boosts the networks have received more than once."""
        return len(self.received) - len(set(self.received))

    @property
    def repeated(self) -> int:
        """How many effects the second delivery brought."""
        return sum(len(one.entries) for one in self.again)

    @property
    def kept(self) -> bool:
        """Whether the promise was kept: as many acts at the networks as receipts, and none of them twice."""
        return len(self.received) == self.receipts and not self.doubled and not self.repeated


@contextmanager
def tell(app: Antiphon, town: Town, own: Sequence[OwnPost], teller: Teller, *, cache: Path | None) -> Iterator[Told]:
    """Let it all happen, for real and through Prefect. While the block runs, Prefect's page can be looked at.

    `cache` is where the real tweets are kept; None leaves them out.
    """
    told = Told()
    polls = [(one.workflow, one.trigger) for one in app.poll_triggers()]
    for workflow, trigger in polls:
        # The workspace was connected a week ago, before anything was said: each trigger has learnt where it stands.
        app.wake(workflow, trigger)
    positions = {poll: app.position(*poll) or "" for poll in polls}
    with ThreadPoolExecutor(1) as pool:
        teller.chapter("People talk, and Prefect starts")
        talking = pool.submit(_talk, town, own, cache, told)
        with session(app, on_progress=teller.word) as server:
            from antiphon.orchestrator.once import run_flow_once

            talking.result()
            told.page = server.page
            teller.chapter("The workflows answer", total=len(app.programs))
            told.activations = _answer(app, polls, run_flow_once, teller)
            teller.chapter("Nina reads what is to be said")
            told.activations += _read(app, run_flow_once, told)
            teller.chapter("Everything is delivered a second time", total=len(polls))
            told.again = _again(app, positions, run_flow_once, teller)
            town.react()
            teller.chapter("The week in figures", total=1)
            app.start(REPORT, cause="demo")
            told.activations.append(run_flow_once(app, REPORT))
            teller.part()
            told.received = town.received()
            told.report = next(iter(sorted((app.settings.folder / "reports").glob("*.html"))), None)
            yield told


def _talk(town: Town, own: Sequence[OwnPost], cache: Path | None, told: Told) -> None:
    tweets: Sequence[Tweet] = ()
    if cache is not None:
        try:
            tweets = fetch_tweets(cache)
        except SetupError as error:
            told.remarks.append(str(error))
    told.posts = town.talk(tweets, own)
    told.news = town.publish_news()


Flow = Callable[..., Activation]


def _answer(app: Antiphon, polls: Sequence[tuple[str, str]], flow: Flow, teller: Teller) -> list[Activation]:
    done = []
    for workflow, trigger in polls:
        teller.word(app.program(workflow).name)
        done.append(flow(app, workflow, trigger))
        teller.part()
    for workflow in app.route():
        teller.word(app.program(workflow).name)
        done.append(flow(app, workflow))
        teller.part()
    return done


def _read(app: Antiphon, flow: Flow, told: Told) -> list[Activation]:
    """Somebody reads every answer that waits, and says yes to it: only then it goes out."""
    waiting = app.store.approvals.list(state=ApprovalState.PENDING)
    for approval in waiting:
        app.deciding.approve(approval.id, READER)
    told.approved = len(waiting)
    return [flow(app, workflow) for workflow in sorted({one.workflow for one in waiting})]


def _again(app: Antiphon, positions: Mapping[tuple[str, str], str], flow: Flow, teller: Teller) -> list[Activation]:
    """Put the polls back to where they stood, so that every item is delivered once more, as after a crash."""
    done = []
    for (workflow, trigger), position in positions.items():
        app.move(workflow, trigger, position)
        done.append(flow(app, workflow, trigger))
        teller.part()
    done += [flow(app, workflow) for workflow in app.route()]
    return done
