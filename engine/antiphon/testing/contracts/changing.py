"""Changing and deleting: done once, and seen to be done."""

from __future__ import annotations

from antiphon.components.capabilities import Ability
from antiphon.model.effect import Done, Rejected
from antiphon.model.profile import Profile
from antiphon.testing.contracts.check import check, expect, expect_one_of
from antiphon.testing.contracts.desk import Desk


@check(needs=Ability.DELETE)
def deletes(desk: Desk) -> None:
    """What is deleted is gone, and a look says so; before, a look says that it is there. Where to delete once more
    comes to the same, nobody need look."""
    remote_id = desk.done(desk.compose()).receipt.remote_id
    expect(None, desk.writer.find_deleted(remote_id), "what a look says before it is deleted")
    expect_one_of(Done, desk.writer.delete(remote_id), "what is said of deleting it")
    expect([], list(desk.bench.published()), "posts on the network")
    if _is_repeatable(desk, "delete"):
        expect_one_of(Done, desk.writer.delete(remote_id), "what is said of deleting it again")
        return
    expect_one_of(Done, desk.writer.find_deleted(remote_id), "what a look says after it was deleted")
    expect_one_of((Done, Rejected), desk.writer.delete(remote_id), "what is said of deleting it again")


@check(needs=Ability.EDIT)
def edits(desk: Desk) -> None:
    """What is changed says so, and a look sees it; before, a look sees that it does not say so yet. Where to change
    once more comes to the same, nobody need look."""
    remote_id = desk.done(desk.compose()).receipt.remote_id
    changed = desk.compose(f"{desk.bench.text}, or later")
    expect(None, desk.writer.find_edited(remote_id, changed.payload), "what a look says before it is changed")
    expect_one_of(Done, desk.writer.edit(remote_id, changed.payload, ()), "what is said of changing it")
    expect(1, len(desk.bench.published()), "posts on the network")
    if _is_repeatable(desk, "edit"):
        expect_one_of(Done, desk.writer.edit(remote_id, changed.payload, ()), "what is said of changing it again")
        return
    expect_one_of(Done, desk.writer.find_edited(remote_id, changed.payload), "what a look says after it was changed")


@check(needs=Ability.PROFILE)
def presents(desk: Desk) -> None:
    """A profile says afterwards what was set, and a look sees it; before, a look sees that it does not."""
    composed = desk.reader.compose_profile(Profile(bio="Coffee, roasted on Tuesdays."))
    expect(None, desk.writer.find_profile(composed.payload), "what a look says before the profile is set")
    expect_one_of(Done, desk.writer.set_profile(composed.payload, {}), "what is said of setting the profile")
    expect_one_of(Done, desk.writer.find_profile(composed.payload), "what a look says after the profile was set")


@check(needs=Ability.METRICS)
def counts(desk: Desk) -> None:
    """The numbers of a post come by its id, and those of a post that is not there do not."""
    remote_id = desk.done(desk.compose()).receipt.remote_id
    desk.bench.settle()
    found = desk.reader.metrics([remote_id, f"{remote_id}0"])
    expect({remote_id}, set(found), "the posts whose numbers came")


def _is_repeatable(desk: Desk, verb: str) -> bool:
    return desk.connector_class.idempotency.get(verb) == "native"
