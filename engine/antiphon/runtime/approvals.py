"""Approvals: an `approve` step asks people about exact content, and turns what they said into what the run does.

A question is bound to the hash of what was shown. Content that renders differently when the run comes back was never
approved: that approval is void, and people are asked anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python

from antiphon.components.secret_marks import without_seals
from antiphon.model.approval import Approval, ApprovalState, content_hash
from antiphon.model.duration import format_duration
from antiphon.model.event import Event
from antiphon.model.run import Run, RunState, StepState
from antiphon.model.workflow import ApproveOptions
from antiphon.runtime.causes import source_after
from antiphon.runtime.kit import Kit
from antiphon.runtime.requests import Ended, StepFailed

MOST_ROUNDS = 5
"""How often one step may send work back; the next rejection stops the run."""

_PATH = re.compile(r"\s*\$\{\{\s*(steps|vars)((?:\.\w+)+)\s*\}\}\s*")


class SentBack(Exception):
    """A rejection that asks for rework: the steps from `to` on are done again."""

    def __init__(self, approval: Approval, to: str) -> None:
        super().__init__(f"sent back to {to}: {approval.because}")
        self.approval = approval
        self.to = to


@dataclass(frozen=True)
class Told:
    """What becomes of an `approve` step, and the ending that it brings, if it does."""

    state: StepState
    because: str
    result: dict[str, Any] | None = None
    ending: Exception | None = None


def answer(kit: Kit, run: Run, path: str, options: ApproveOptions, shown: Any) -> Told:
    """Ask about the content that is `shown`, or take up what was said to it."""
    if shown in (None, "", [], {}):
        because = "There is nothing to approve: `show` gives nothing."
        return Told(StepState.FAILED, because, ending=StepFailed(path, because))
    by = options.by
    if not run.live:
        due = f", due in {format_duration(options.due)}" if options.due else ""
        because = f"{by.group} is asked ({by.quorum} needed{due}); what follows goes out if it is approved as it stands"
        told = {"approved": True, "by": [], "comment": "", "content": shown, "edited": False, "approval": ""}
        return Told(StepState.PLANNED, because, told)
    approval = _standing(kit, run, path, options, json.loads(json.dumps(to_jsonable_python(without_seals(shown)))))
    result = {
        "approved": approval.state is ApprovalState.APPROVED,
        "by": list(approval.approvers),
        "comment": approval.comment,
        "content": approval.current,
        "edited": bool(approval.edited_hash),
        "approval": approval.id,
    }
    match approval.state:
        case ApprovalState.APPROVED:
            return Told(StepState.DONE, approval.because, result)
        case ApprovalState.EXPIRED if options.on_timeout == "continue":
            return Told(StepState.DONE, f"{approval.because}; the run goes on without", result)
        case ApprovalState.PENDING:
            because = f"approval {approval.id} waits for {by.group}" + (
                f": {approval.because}" if approval.because else ""
            )
            held = Ended(RunState.HELD, f"{path}: {because}", until=approval.due)
            return Told(StepState.HELD, because, ending=held)
        case ApprovalState.REJECTED if options.on_reject != "stop":
            if _rounds(kit, run, path) < MOST_ROUNDS:
                back = SentBack(approval, options.on_reject.rework)
                return Told(StepState.HELD, str(back), ending=back)
            because = f"{approval.because}; it was sent back {MOST_ROUNDS} times already"
            return Told(StepState.SKIPPED, because, result, Ended(RunState.STOPPED, f"{path}: {because}"))
    return Told(StepState.SKIPPED, approval.because, result, Ended(RunState.STOPPED, f"{path}: {approval.because}"))


def put_back(shown: Any, result: Any, scope: Mapping[str, Any]) -> None:
    """Let what an approver made of the content take the place of what was shown.

    Where `show` is a plain path such as `${{ steps.copy.text }}`, later steps that read it get the approved content.
    """
    if result and result["approved"] and result["edited"]:
        _put(shown, result["content"], scope)


def _standing(kit: Kit, run: Run, path: str, options: ApproveOptions, content: Any) -> Approval:
    """The question that stands for this content: one that was asked already, or else a new one."""
    approvals, now = kit.store.approvals, kit.clock.now()
    last = approvals.latest(run.id, path)
    if last and last.state is ApprovalState.PENDING and last.due and last.due <= now:
        last = approvals.close(last.id, ApprovalState.EXPIRED, because=f"nobody decided until {last.due:%F %T} UTC")
    if last and last.hash != content_hash(content):
        last = approvals.close(last.id, ApprovalState.VOID, because="the content has changed; it is asked anew")
    if last and last.state not in (ApprovalState.VOID, ApprovalState.SENT_BACK):
        return last
    void = last is not None and last.state is ApprovalState.VOID
    because = f"the content is not what approval {last.id} was about, which is void" if last and void else ""
    return _ask(kit, run, path, options, content, number=last.number + 1 if last else 1, because=because)


def _ask(
    kit: Kit, run: Run, path: str, options: ApproveOptions, content: Any, *, number: int, because: str
) -> Approval:
    now = kit.clock.now()
    asked = Approval(
        id=hashlib.sha256(f"{run.id}\n{path}\n{number}".encode()).hexdigest()[:12],
        run=run.id,
        workflow=run.workflow,
        path=path,
        number=number,
        content=content,
        hash=content_hash(content),
        group=options.by.group,
        quorum=options.by.quorum,
        not_author=options.by.not_author,
        author=author_of(run),
        asked_at=now,
        due=now + options.due if options.due else None,
        because=because,
    )
    asked = kit.store.approvals.ask(asked)
    told = {"approval": asked.id, "run": run.id, "workflow": run.workflow, "step": path, "group": asked.group}
    due = {"due": asked.due.isoformat()} if asked.due else {}
    kit.store.events.ingest([Event(f"approval:{asked.id}", "approval.asked", now, told | due, source_after(run))])
    return asked


def author_of(run: Run) -> str:
    """Who started a run: a person by hand, or else the workflow."""
    return str(run.scope.get("trigger", {}).get("by") or f"workflow:{run.workflow}")


def _rounds(kit: Kit, run: Run, path: str) -> int:
    asked = kit.store.approvals.list(run=run.id)
    return sum(one.path == path and one.state is ApprovalState.SENT_BACK for one in asked)


def _replaced(values: Any, keys: list[str], content: Any) -> Any:
    if not keys:
        return content
    if not isinstance(values, Mapping) or keys[0] not in values:
        return values
    return {**values, keys[0]: _replaced(values[keys[0]], keys[1:], content)}


def _put(shown: Any, content: Any, scope: Mapping[str, Any]) -> None:
    match shown:
        case str():
            if found := _PATH.fullmatch(shown):
                values, (_, *keys) = scope[found[1]], found[2].split(".")
                values.update(_replaced(values, keys, content))
        case Mapping() if isinstance(content, Mapping):
            for key in shown.keys() & content.keys():
                _put(shown[key], content[key], scope)
        case list() if isinstance(content, list):
            for one, new in zip(shown, content, strict=False):
                _put(one, new, scope)
