"""What waits for a person's word: the exact content, who may decide, and the word itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from antiphon.app import Antiphon
from antiphon.compiler.names import walk
from antiphon.errors import InputError, Vetoed
from antiphon.model.approval import Approval, ApprovalState
from antiphon.model.workflow import Approve
from antiphon.web.forms import fields
from antiphon.web.gate import who_of
from antiphon.web.lines import of_approval
from antiphon.web.media import pictures_of
from antiphon.web.pages import Pages

LONGEST_COMMENT = 4000
"""Characters of a comment."""

RECENT = 20
"""How many of what was decided is listed."""

NOTHING: Mapping[str, str] = MappingProxyType({})
"""What nobody has written yet; what was, is on the page again when it could not be taken."""

EDIT = "text:"
"""What the name of a field begins with that holds a part of the content."""


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The list of what waits, a page for each, and for what goes out unless it is stopped."""
    routes = APIRouter()

    @routes.get("/approvals")
    def waiting(request: Request) -> Response:
        found = app.store.approvals.list(limit=200)
        asked = app.store.approvals.list(state=ApprovalState.PENDING)
        decided = [one for one in found if one.state is not ApprovalState.PENDING]
        return pages.page(
            request,
            "approvals.html",
            asked=[of_approval(one) for one in asked],
            decided=[of_approval(one) for one in decided[:RECENT]],
            windows=app.deciding.stoppable(),
        )

    @routes.get("/approvals/{approval_id}")
    def look(request: Request, approval_id: str) -> Response:
        try:
            return _page(request, app.deciding.find(approval_id))
        except InputError:
            return pages.problem(request, 404, pages.words(request)["no_such_approval"])

    @routes.post("/approvals/{approval_id}")
    def decide(request: Request, approval_id: str) -> Response:
        try:
            approval = app.deciding.find(approval_id)
        except InputError:
            return pages.problem(request, 404, pages.words(request)["no_such_approval"])
        said, words = fields(request), pages.words(request)
        comment = _plain(said.get("comment", ""))
        via = f"the page, signed in as {who_of(request)}"
        word = {"comment": comment, "seen": said.get("hash") or "-", "via": via}
        if len(comment) > LONGEST_COMMENT:
            told = words["long_comment"].format(most=LONGEST_COMMENT)
            return _page(request, approval, refusal=told, status=400, said=said)
        try:
            match said.get("decision"):
                case "approve":
                    app.deciding.approve(approval.id, said.get("as", ""), **word)
                case "edit":
                    edited = _edited(approval.current, said)
                    app.deciding.approve(approval.id, said.get("as", ""), edited=edited, **word)
                case "reject":
                    app.deciding.reject(approval.id, said.get("as", ""), **word)
                case _:
                    return pages.problem(request, 400, words["not_our_form"])
        except (InputError, Vetoed) as error:
            now = app.deciding.find(approval.id)
            kindly = _kindly(now, said, late=_late(app, now))
            return _page(request, now, refusal=words[kindly] if kindly else str(error), status=409, said=said)
        return RedirectResponse(f"/approvals/{approval.id}", 303)

    @routes.post("/approvals")
    def stop(request: Request) -> Response:
        said, who = fields(request), who_of(request)
        try:
            app.deciding.veto(said.get("key", ""), who, reason=_plain(said.get("comment", "")), via="the page")
        except InputError as error:
            return pages.problem(request, 409, error.sentence)
        return RedirectResponse("/approvals", 303)

    def _page(
        request: Request, approval: Approval, *, refusal: str = "", status: int = 200, said: Mapping[str, str] = NOTHING
    ) -> Response:
        run, who = app.store.runs.get(approval.run), who_of(request)
        people = app.settings.groups.get(approval.group, ())
        pending = approval.state is ApprovalState.PENDING and run is not None and not run.state.ended
        return pages.page(
            request,
            "approval.html",
            status=status,
            approval=approval,
            run=run,
            people=people,
            chosen=who if who in people else "",
            asked=pending and not _late(app, approval),
            reworks=_reworks(app, approval),
            texts={name: said.get(name, text) for name, text in _texts(approval.current)},
            comment=said.get("comment", ""),
            pictures=pictures_of(approval.current, app.files),
            refusal=refusal,
        )

    return routes


def _late(app: Antiphon, approval: Approval) -> bool:
    return approval.due is not None and app.clock.now() >= approval.due


def _kindly(approval: Approval, said: Mapping[str, str], *, late: bool) -> str:
    """The key of the words for a refusal that anybody may meet; empty for another one."""
    if approval.state is not ApprovalState.PENDING:
        return "decided_already"
    if late:
        return "too_late"
    return "" if said.get("hash") == approval.current_hash else "changed_meanwhile"


def _reworks(app: Antiphon, approval: Approval) -> bool:
    """Whether a rejection asks for rework, by the version of the workflow that asks."""
    run = app.store.runs.get(approval.run)
    program = app.store.programs.get(run.program) if run else None
    name = approval.path.rpartition("/")[2].partition("[")[0]
    steps = [step for _, step in walk(program.all_steps)] if program else []
    return any(isinstance(one, Approve) and one.id == name and one.approve.on_reject != "stop" for one in steps)


def _texts(content: Any) -> Iterator[tuple[str, str]]:
    """The parts of a content that a person can write anew, by the names of their fields."""
    if isinstance(content, str):
        yield EDIT, content
    elif isinstance(content, Mapping):
        yield from ((f"{EDIT}{key}", value) for key, value in content.items() if isinstance(value, str))


def _edited(content: Any, said: Mapping[str, str]) -> Any:
    """The content with what was written; a text that only differs in how a browser ends its lines is as it was."""
    for name, old in _texts(content):
        new = _plain(said.get(name, old))
        if new != _plain(old):
            content = new if isinstance(content, str) else {**content, name.removeprefix(EDIT): new}
    return content


def _plain(text: str) -> str:
    """A text with the ends of lines that everybody but a browser's form uses."""
    return text.replace("\r\n", "\n")
