"""An approval: people's word on exact content, bound to the hash of what they were shown."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from antiphon.errors import InputError
from antiphon.model.base import Noun
from antiphon.model.ruling import person_key


class ApprovalState(StrEnum):
    """Where an approval stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SENT_BACK = "sent back"
    EXPIRED = "expired"
    VOID = "void"


class Decision(Noun):
    """One person's word. `hash` is that of the content it speaks of; `via` says how it came, if not by the command."""

    by: str
    approves: bool
    at: datetime
    hash: str
    comment: str = ""
    via: str = ""


class Approval(Noun):
    """What a run asks people at one step, for the `number`-th time.

    `content` is what was shown at first, and `hash` its hash; `edited` and `edited_hash` are what an approver has made
    of it, where one has. `group` names the people who may decide, of whom `quorum` are needed; `author` is whoever
    started the run. Past `due` (UTC) nobody decides any more.
    """

    id: str
    run: str
    workflow: str
    path: str
    number: int
    content: Any
    hash: str
    edited: Any = None
    edited_hash: str = ""
    group: str
    quorum: int = 1
    not_author: bool = False
    author: str = ""
    asked_at: datetime
    due: datetime | None = None
    state: ApprovalState = ApprovalState.PENDING
    decisions: tuple[Decision, ...] = ()
    because: str = ""
    decided_at: datetime | None = None

    @property
    def current(self) -> Any:
        """The content as it stands: what the run gets when it is approved."""
        return self.edited if self.edited_hash else self.content

    @property
    def current_hash(self) -> str:
        """The hash of the content as it stands; a decision counts for exactly this."""
        return self.edited_hash or self.hash

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who has approved the content as it stands."""
        return tuple(one.by for one in self.decisions if one.approves and one.hash == self.current_hash)

    @property
    def comment(self) -> str:
        """What the last one who decided had to say."""
        return next((one.comment for one in reversed(self.decisions) if one.hash == self.current_hash), "")

    def decided(self, decision: Decision, *, seen: str, edited: Any = None) -> Approval:
        """The approval after one more decision, which may bring the content in another form; `seen` is the hash of
        what the person had before them.

        One rejection rejects. An edit leaves behind what others have approved: they approved something else.

        Raises:
            InputError: nobody is asked any more, the content is not what was seen, or the person has decided on it.
        """
        if self.state is not ApprovalState.PENDING:
            raise InputError(f"Approval {self.id} is {self.state}; nobody is asked any more.", hint=self.because)
        if self.due and decision.at >= self.due:
            raise InputError(f"Approval {self.id} was due at {self.due:%F %T} UTC; it is too late.")
        if seen != self.current_hash:
            told = f"The content of approval {self.id} has changed since you looked."
            raise InputError(told, hint=f"Look again: `antiphon approvals show {self.id}`.")
        decided = {person_key(one.by) for one in self.decisions if one.hash == self.current_hash}
        if person_key(decision.by) in decided:
            raise InputError(f"{decision.by} has decided on approval {self.id} already.")
        change: dict[str, Any] = {}
        if edited is not None and content_hash(edited) != self.current_hash:
            change = {"edited": edited, "edited_hash": content_hash(edited)}
        after = self.model_copy(update=change)
        decision = decision.model_copy(update={"hash": after.current_hash})
        after = after.model_copy(update={"decisions": (*self.decisions, decision)})
        if not decision.approves:
            return after._closed(ApprovalState.REJECTED, decision.at, f"rejected by {decision.by}")
        if len(after.approvers) >= self.quorum:
            return after._closed(ApprovalState.APPROVED, decision.at, f"approved by {', '.join(after.approvers)}")
        return after

    def _closed(self, state: ApprovalState, at: datetime, because: str) -> Approval:
        said = f"{because}: {self.comment}" if self.comment else because
        return self.model_copy(update={"state": state, "decided_at": at, "because": said})


def content_hash(content: Any) -> str:
    """SHA-256 over the content as canonical JSON (keys sorted, no spaces), in 64 hexadecimal digits."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
