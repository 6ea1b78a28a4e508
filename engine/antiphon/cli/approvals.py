"""`antiphon approvals`: what waits for a person's word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import line, moment, safe, sheet, state, table
from antiphon.cli.runs import Limit
from antiphon.cli.shell import Shell, zone
from antiphon.errors import InputError
from antiphon.model.approval import ApprovalState
from antiphon.model.duration import parse_duration

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.approval import Approval

Which = Annotated[str, typer.Argument(metavar="ID", help="The id of an approval, or its beginning.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who says so; you, by your user name, if left out.")]
Comment = Annotated[str, typer.Option(help="What you have to say about it.")]
Seen = Annotated[str, typer.Option("--hash", help="Only if the content still has this hash, or one that begins so.")]


def list_(
    shell: Shell,
    state_: Annotated[
        ApprovalState | None, typer.Option("--state", help="In this state; else those that wait.")
    ] = None,
    limit: Limit = 30,
) -> Exit | None:
    """List what waits for approval, and what goes out by itself unless it is stopped."""
    with shell.workspace() as app:
        found = app.store.approvals.list(state=state_ or ApprovalState.PENDING, limit=limit)
        windows = [] if state_ else app.deciding.stoppable()
        here = zone(app)
    rows = [
        (
            one.id,
            f"{one.workflow} {one.path}",
            state(one.state),
            f"{one.group} {len(one.approvers)}/{one.quorum}",
            moment(one.due, here) or "no end",
            line(_text(one.current), 80),
        )
        for one in found
    ]
    shown: list[Any] = [table(("approval", "asked by", "state", "by", f"due ({here.key})", "content"), rows)]
    if windows:
        going = ((one.effect.key, moment(one.not_before, here), line(one.effect.summary, 80)) for one in windows)
        shown += [Text(), table(("effect", f"goes out ({here.key}) unless stopped", "what"), going)]
    shell.answer({"approvals": found, "vetoes": windows}, *shown)
    return None


def show(shell: Shell, approval: Which) -> Exit | None:
    """Show one approval: the exact content, its hash, who may decide, and what was said."""
    with shell.workspace() as app:
        found = app.deciding.find(approval)
        people = app.settings.groups.get(found.group, ())
        here = zone(app)
    told = {
        "asked by": f"{found.workflow}, step {found.path}, run {found.run}",
        "asked": moment(found.asked_at, here),
        "due": moment(found.due, here),
        "of": f"{found.group} ({', '.join(people)}), {found.quorum} needed",
        "not": found.author if found.not_author else "",
        "because": found.because,
        "hash": found.current_hash,
        "shown first": f"{_text(found.content)}\nhash {found.hash}" if found.edited_hash else "",
    }
    said = (
        (moment(one.at, here), one.by, "approved" if one.approves else "rejected", one.hash[:12], one.comment, one.via)
        for one in found.decisions
    )
    shell.answer(
        found,
        Text.assemble(("Approval ", "bold"), (found.id, "bold"), "  ", state(found.state)),
        sheet([(word, value) for word, value in told.items() if value]),
        Padding(Text(safe(_text(found.current))), (1, 0, 1, 2)),
        table((f"when ({here.key})", "who", "said", "of content", "comment", "by"), said),
    )
    return None


def approve(
    shell: Shell,
    approval: Which,
    as_: As = "",
    comment: Comment = "",
    hash: Seen = "",
    edit: Annotated[Path | None, typer.Option(metavar="FILE", help="Approve this text, or JSON, instead.")] = None,
    set: Annotated[list[str] | None, typer.Option(metavar="KEY=TEXT", help="Change one key of the content.")] = None,
) -> Exit | None:
    """Approve exactly what `show` shows, or what you make of it."""
    with shell.workspace() as app:
        found = app.deciding.find(approval)
        edited = _edited(found.current, edit, set or [])
        after = app.deciding.approve(found.id, _who(as_), comment=comment, seen=_seen(found, hash), edited=edited)
        return _answer(shell, app, after)


def reject(shell: Shell, approval: Which, as_: As = "", comment: Comment = "", hash: Seen = "") -> Exit | None:
    """Reject it; where the workflow asks for rework, the comment goes back with it."""
    with shell.workspace() as app:
        found = app.deciding.find(approval)
        after = app.deciding.reject(found.id, _who(as_), comment=comment, seen=_seen(found, hash))
        return _answer(shell, app, after)


def veto(
    shell: Shell,
    key: Annotated[str, typer.Argument(help="The key of an effect, or a part that only one has.")],
    as_: As = "",
    reason: Annotated[str, typer.Option(help="Why it is not to go out.")] = "",
) -> Exit | None:
    """Stop an effect before it goes out."""
    from antiphon.cli.effects import find

    with shell.workspace() as app:
        entry = app.deciding.veto(find(app.store.ledger, key).effect.key, _who(as_), reason=reason)
    shell.answer(entry, Text.assemble(state(entry.state), f"  {line(entry.effect.summary)}\n{line(entry.reason)}"))
    return None


def link(
    shell: Shell,
    approval: Which,
    for_: Annotated[str, typer.Option("--for", metavar="NAME", help="Whom you give it to.")] = "guest",
    valid: Annotated[str, typer.Option(metavar="LENGTH", help="How long it is good for.")] = "48h",
    as_: As = "",
) -> Exit | None:
    """Print an address at which somebody from outside sees the content, and decides once."""
    try:
        length = parse_duration(valid)
    except ValueError as error:
        raise InputError(f"--valid: {error}.") from error
    if not 1 <= len(for_.strip()) <= 80 or not for_.isprintable():
        raise InputError("--for is a name of at most 80 characters.")
    with shell.workspace() as app:
        token = app.deciding.link(approval, _who(as_), name=for_.strip(), valid=length)
        address = f"{app.settings.public_url}/approve/{token}"
    shell.answer({"url": address}, Text(address))
    shell.note(f"Whoever has this address decides as {for_}. `antiphon up` serves it.")
    return None


def _who(named: str) -> str:
    from antiphon.runtime.identity import user

    return named or user()


def _seen(approval: Approval, hash: str) -> str:
    """The whole hash, when the content has it; what was given otherwise, which then does not fit."""
    return approval.current_hash if not hash or approval.current_hash.startswith(hash) else hash


def _edited(content: Any, file: Path | None, changes: list[str]) -> Any:
    if file is not None and changes:
        raise InputError("--edit and --set do not go together.")
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8-sig")
            return text.removesuffix("\n") if isinstance(content, str) else json.loads(text)
        except (OSError, ValueError) as error:
            raise InputError(f"{file} cannot be used: {error}.") from error
    for change in changes:
        key, sign, value = change.partition("=")
        texts = [key for key, old in content.items() if isinstance(old, str)] if isinstance(content, dict) else []
        if not sign or key not in texts:
            hint = f"The keys are: {', '.join(texts)}." if texts else "Use --edit."
            raise InputError(f"--set {change!r} is not KEY=TEXT.", hint=hint)
        content = {**content, key: value}
    return content if changes else None


def _answer(shell: Shell, app: Antiphon, after: Approval) -> Exit | None:
    left = after.quorum - len(after.approvers)
    told = after.because if after.state is not ApprovalState.PENDING else f"{left} more of {after.group} must approve"
    shell.answer(after, Text.assemble(state(after.state), f"  {line(told)}"))
    if after.state is not ApprovalState.PENDING:
        shell.note(f"The run goes on by itself under `antiphon up`; else: antiphon runs resume {after.run}")
    return None


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2)
