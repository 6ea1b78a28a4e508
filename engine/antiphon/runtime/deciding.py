"""Deciding: what a person may do about a run that asks for approval, or an effect that can still be stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.components.secret_marks import without_seals
from antiphon.errors import InputError, StoreError, Vetoed
from antiphon.model.approval import Approval, Decision
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.ruling import person_key
from antiphon.runtime.links import Link, Links


class Tell(Protocol):
    """Writes down who did what."""

    def __call__(self, what: str, subject: str, before: Any = None, after: Any = None, *, who: str = "") -> None:
        """One line of the audit."""


@dataclass(frozen=True)
class Deciding:
    """Takes the words of people. `groups` says who belongs to which group now, whatever it was when they were asked."""

    store: Store
    clock: Clock
    groups: Mapping[str, Sequence[str]]
    links: Links
    audit: Tell

    def find(self, approval_id: str) -> Approval:
        """One approval, by its id or a beginning of it. Raises InputError."""
        found = self.store.approvals.get(approval_id)
        if found is None:
            raise InputError(f"There is no approval {approval_id}.", hint="See `antiphon approvals list`.")
        return found

    def approve(
        self, approval_id: str, who: str, *, comment: str = "", seen: str = "", edited: Any = None, via: str = ""
    ) -> Approval:
        """Somebody of the group approves, perhaps after an edit; `seen` is the hash of what they had before them, and
        `via` how their word came, if not by the command.

        Raises:
            Vetoed: this person may not.
            InputError: it cannot be decided any more, or not like this.
        """
        approval = self._open(approval_id)
        self._permit(approval, who)
        return self._decide(approval, who, True, comment, seen, edited=edited, via=via)

    def reject(self, approval_id: str, who: str, *, comment: str = "", seen: str = "", via: str = "") -> Approval:
        """Somebody of the group rejects. Raises as `approve` does."""
        approval = self._open(approval_id)
        self._permit(approval, who)
        return self._decide(approval, who, False, comment, seen, via=via)

    def link(self, approval_id: str, who: str, *, name: str, valid: timedelta) -> str:
        """A token with which somebody from outside may decide once, in the name of `name`.

        Raises:
            Vetoed: `who` is not of the group; or `name` is the author, who may not.
            InputError: nobody is asked any more.
        """
        approval = self._open(approval_id)
        self._permit_issuer(approval, who)
        self._permit_author(approval, name)
        link = Link(approval.id, name, who, self.clock.now() + valid)
        self.audit("approvals link", approval.id, after={"by": who, "for": name, "until": link.until.isoformat()})
        return self.links.token(link)

    def follow(self, link: Link, *, approves: bool, comment: str = "", seen: str) -> Approval:
        """The holder of a link decides. Raises as `approve` does."""
        approval = self._open(link.approval)
        self._permit_issuer(approval, link.issuer)
        self._permit_author(approval, link.name)
        return self._decide(approval, link.name, approves, comment, seen, via=f"link by {link.issuer}")

    def veto(self, key: str, who: str, *, reason: str = "", via: str = "") -> LedgerEntry:
        """Stop an effect that is planned or held. Raises InputError when it is too late, or there is none."""
        before = self.store.ledger.get(key)
        if before is None:
            raise InputError(f"There is no effect {key}.", hint="See `antiphon approvals list`.")
        stoppable = before.state in (EffectState.PLANNED, EffectState.HELD)
        try:
            after = self.store.ledger.veto(key, [f"stopped by {who}" + (f": {reason}" if reason else "")])
        except StoreError as error:
            if stoppable and (now := self.store.ledger.get(key)):
                before = now  # somebody was faster
            told = f"It is too late to stop {key}: it is {before.state}."
            raise InputError(told, hint="`antiphon undo` takes back what can be.") from error
        stopped = {"state": str(after.state), "by": who, "reason": reason}
        self.audit("approvals veto", key, {"state": str(before.state)}, stopped, who=f"{who} by {via}" if via else "")
        self.store.runs.release(before.effect.run)
        return after

    def stoppable(self) -> list[LedgerEntry]:
        """The effects that go out by themselves unless they are stopped, the first to go first."""
        now = self.clock.now()
        held = self.store.ledger.list(state=EffectState.HELD, limit=10_000)
        windows = [one for one in held if one.effect.terms.veto and not one.attempts]
        return sorted(
            (one for one in windows if one.not_before and one.not_before > now), key=lambda one: one.not_before or now
        )

    def _decide(
        self, before: Approval, who: str, approves: bool, comment: str, seen: str, *, edited: Any = None, via: str = ""
    ) -> Approval:
        comment = without_seals(comment.strip())
        decision = Decision(by=who, approves=approves, at=self.clock.now(), hash="", comment=comment, via=via)
        edited = _fitting(edited, before)
        after = self.store.approvals.decide(before.id, decision, seen=seen or before.current_hash, edited=edited)
        verb = "approvals approve" if approves else "approvals reject"
        told = {"state": str(after.state), "hash": after.current_hash, "comment": comment, "by": who, "via": via}
        was = {"state": str(before.state), "hash": before.current_hash}
        # At this machine `by` is what somebody says, and the audit adds who the machine says they are.
        self.audit(verb, before.id, was, told, who=f"{who} by {via}" if via else "")
        return after

    def _open(self, approval_id: str) -> Approval:
        approval = self.find(approval_id)
        run = self.store.runs.get(approval.run)
        if run is None or run.state.ended:
            raise InputError(f"The run of approval {approval.id} has ended; nothing is to be decided any more.")
        return approval

    def _permit(self, approval: Approval, who: str) -> None:
        self._permit_issuer(approval, who)
        self._permit_author(approval, who)

    def _permit_issuer(self, approval: Approval, who: str) -> None:
        people = self.groups.get(approval.group, ())
        if who not in people:
            listed = ", ".join(people) or "nobody"
            raise Vetoed([f"{who} is not of the group {approval.group} ({listed})"])

    def _permit_author(self, approval: Approval, who: str) -> None:
        if approval.not_author and person_key(who) == person_key(approval.author):
            raise Vetoed([f"{who} has started the run, and whoever did so may not approve it"])


def _fitting(edited: Any, approval: Approval) -> Any:
    """The edited content as JSON, if it is of the same kind as what was shown. Raises InputError."""
    if edited is None:
        return None
    try:
        content = json.loads(json.dumps(without_seals(edited)))
    except (TypeError, ValueError) as error:
        raise InputError(f"The edited content cannot be written as JSON: {error}.") from error
    if type(content) is not type(approval.current):
        told = f"The edited content is {_kind(content)}, and what was shown is {_kind(approval.current)}."
        raise InputError(told, hint="Change what it says, not what it is.")
    if isinstance(content, dict) and content.keys() != approval.current.keys():
        raise InputError(
            f"The edited content has the keys {', '.join(content)}, and what was shown has "
            f"{', '.join(approval.current)}.",
            hint="Leave the keys as they are.",
        )
    if content in ("", [], {}):
        raise InputError("The edited content is empty.", hint="To send nothing, reject it.")
    return content


def _kind(value: Any) -> str:
    kinds = {str: "a text", dict: "a mapping", list: "a list", bool: "yes or no"}
    return kinds.get(type(value), "a number")
