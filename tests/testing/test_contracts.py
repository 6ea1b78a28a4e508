"""The contract: Mastodon keeps it against the sandbox, and a connector that breaks a law is told which."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from antiphon_noticeboard import Noticeboard, Reader, Writer
from antiphon_noticeboard.bench import NoticeboardBench

from antiphon import Composed, Done, Draft, Outcome, Page, Receipt, Rejected, Unknown, Upload
from antiphon.testing.benches.bluesky import BlueskyBench
from antiphon.testing.benches.mastodon import MastodonBench
from antiphon.testing.contracts import CHECKS, Broken, Check, LeftOut


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_mastodon(check: Check) -> None:
    """Mastodon keeps every law."""
    check(MastodonBench)


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_bluesky(check: Check) -> None:
    """Bluesky keeps every law."""
    check(BlueskyBench)


class Twice(Writer):
    """Publishes once more, to be sure."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        super().publish(payload, key[::-1], media)
        return super().publish(payload, key, media)


class Forgetful(Writer):
    """Finds nothing."""

    def find_published(
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return None


class Credulous(Writer):
    """Takes any notice for its own."""

    def find_published(
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return Done(Receipt(remote_id="1", at=self._clock.now()))


class Hasty(Writer):
    """Takes a doubt for a no."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        outcome = super().publish(payload, key, media)
        return Rejected("no") if isinstance(outcome, Unknown) else outcome


class Talkative(Writer):
    """Tells the log whom it is."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        logging.getLogger("talkative").warning("I am %s", self._client.headers["x-board-key"])
        return super().publish(payload, key, media)


class Careless(Writer):
    """Counts characters, where the board counts bytes."""

    def compose(self, draft: Draft) -> Composed:
        return Composed({"text": draft.text}, draft.text, self.host)


class Moody(Writer):
    """Composes something else each time."""

    last = 0

    def compose(self, draft: Draft) -> Composed:
        Moody.last += 1
        return replace(super().compose(draft), payload={"text": f"{draft.text} {Moody.last}"})


class Skipping(Writer):
    """Leaves a call out at every turn of a page."""

    def mentions(self, cursor: str | None) -> Page:
        page = super().mentions(cursor)
        return replace(page, cursor=str(int(page.cursor) + 1)) if page.events else page


class Repeating(Writer):
    """Hears the last call again with every page."""

    def mentions(self, cursor: str | None) -> Page:
        return super().mentions(str(max(0, int(cursor) - 1)) if cursor else cursor)


class Armed(Writer):
    """Hands out a reader that can write."""


MUTANTS: list[tuple[type[Writer], str]] = [
    (Twice, "is_there"),
    (Twice, "once_through_everything"),
    (Forgetful, "lost_answers_are_found"),
    (Credulous, "what_is_not_there_is_not_found"),
    (Credulous, "nothing_else_is_found"),
    (Hasty, "lost_answers_are_found"),
    (Talkative, "secrets_stay"),
    (Careless, "counts_as_the_network"),
    (Careless, "nothing_is_refused"),
    (Moody, "composing_is_pure"),
    (Skipping, "pages"),
    (Repeating, "pages"),
    (Armed, "clients_are_as_declared"),
]


@pytest.mark.parametrize(("mutant", "law"), MUTANTS, ids=lambda value: getattr(value, "__name__", value))
def test_broken_law(mutant: type[Writer], law: str) -> None:
    """A connector that breaks a law is caught by the check that stands for it."""

    class Bent(Noticeboard):
        reader_class = mutant

        def reader(self) -> Reader:
            return mutant(self.connection, self._client, self.clock)

        writer = reader  # type: ignore[assignment]

    class Bench(NoticeboardBench):
        connector = Bent

    [check] = [check for check in CHECKS if check.name == law]

    with pytest.raises(Broken):
        check(Bench)


def test_left_out() -> None:
    """A law that cannot be tried is left out with the reason, and is not taken for kept."""

    class Blind(NoticeboardBench):
        def revoke(self) -> None:
            raise LeftOut("the board has one key for all")

    [check] = [check for check in CHECKS if check.name == "dead_credentials"]

    with pytest.raises(LeftOut, match="one key for all"):
        check(Blind)


def test_every_law_has_a_sentence() -> None:
    """What a check holds for is said in whole sentences, under a name of its own."""
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert [] == [check.name for check in CHECKS if not check.law.endswith(".")]
