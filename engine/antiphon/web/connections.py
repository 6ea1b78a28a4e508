"""The accounts: when they were last asked, until when their tokens are good, and the brake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from antiphon.app import Antiphon
from antiphon.errors import AntiphonError
from antiphon.model.evaluation import Evaluation, EvaluationKind
from antiphon.model.report import Block, Cell, Table
from antiphon.model.ruling import Brake
from antiphon.runtime.policy import braking
from antiphon.web.forms import fields
from antiphon.web.gate import who_of
from antiphon.web.pages import Pages
from antiphon.web.words import WebWords

LOOKED_BACK = timedelta(days=7)
"""How far back is looked for the last time that a source was asked."""

LONGEST_REASON = 200


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The page of all connections, and the brake of each and of the whole workspace."""
    routes = APIRouter()

    @routes.get("/connections")
    def connections(request: Request) -> Response:
        words, brakes = pages.words(request), {one.scope: one for one in app.store.brakes.standing()}
        names = app.connections.names()
        table = Table(
            headings=tuple(words[key] for key in ("account", "network", "last_asked", "token_until", "brake")),
            rows=tuple(_row(app, words, name, names[name], f"account:{name}" in brakes) for name in names),
            links=tuple(f"/brake/account:{name}" for name in names),
        )
        scopes = ["workspace", *(scope for scope in brakes if scope != "workspace")]
        stands = Table(
            headings=tuple(words[key].capitalize() for key in ("scope", "brake", "since", "until", "because")),
            rows=tuple(_brake(words, brakes.get(scope), scope) for scope in scopes),
            links=tuple(f"/brake/{scope}" for scope in scopes),
        )
        blocks = [
            Block(heading=words["accounts"], summary=words["accounts_summary"], tables=(table,)),
            Block(heading=words["brakes"], summary=words["brakes_summary"], tables=(stands,)),
        ]
        return pages.blocks(request, words["connections"], blocks)

    @routes.get("/brake/{scope}")
    def look(request: Request, scope: str) -> Response:
        if not _known(app, scope):
            return pages.problem(request, 404, pages.words(request)["not_there"])
        stands = next(iter(app.store.brakes.standing([scope])), None)
        held = braking.waiting(app.store, scope)
        return pages.page(request, "brake.html", scope=scope, brake=stands, held=held)

    @routes.post("/brake/{scope}")
    def put(request: Request, scope: str) -> Response:
        said, words = fields(request), pages.words(request)
        if not _known(app, scope) or said.get("brake") not in ("on", "off"):
            return pages.problem(request, 400, words["not_our_form"])
        who, now = f"{who_of(request)} by the page", app.clock.now()
        if said["brake"] == "on":
            reason = " ".join(said.get("reason", "").split())[:LONGEST_REASON]
            brake = braking.put(app.store, scope, reason, by=who, now=now)
            app.audit("brake on", scope, None, brake.model_dump(mode="json"), who=who)
        else:
            lifted, _ = braking.lift(app.store, scope, by=who, now=now)
            app.audit("brake off", scope, lifted.model_dump(mode="json") if lifted else None, None, who=who)
        return RedirectResponse("/connections", 303)

    return routes


def _known(app: Antiphon, scope: str) -> bool:
    """Whether anything could ever be held in a scope, or a brake stands there."""
    kind, _, name = scope.partition(":")
    known = {"account": app.connections.names(), "workflow": app.compiled.programs}.get(kind, ())
    return scope == "workspace" or name in known or bool(app.store.brakes.standing([scope]))


def _brake(words: WebWords, brake: Brake | None, scope: str) -> tuple[Cell, ...]:
    if brake is None:
        return scope, words["brake_off"], None, None, None
    until = brake.until.isoformat() if brake.until else words["until_lifted"]
    return (
        scope,
        words["brake_on"],
        brake.at.isoformat(),
        until,
        f"{brake.reason} ({brake.by})" if brake.by else brake.reason,
    )


def _row(app: Antiphon, words: WebWords, name: str, connector: str, braked: bool) -> tuple[Cell, ...]:
    asked = max(_asked(app, name), key=lambda one: one.last_at, default=None)
    told: str | None = asked.last_at.isoformat() if asked else None
    if asked and asked.kind is EvaluationKind.UNANSWERED:
        told = f"{words.moment(asked.last_at)}: {asked.reason}"
    return name, connector, told, _token(app, words, name), words["brake_on" if braked else "brake_off"]


def _asked(app: Antiphon, connection: str) -> Iterator[Evaluation]:
    """What came of it when sources were asked by a connection."""
    since = app.clock.now() - LOOKED_BACK
    for program in app.programs.values():
        for trigger in program.triggers:
            given = trigger.options.get("with")
            if isinstance(given, dict) and given.get("connection") == connection:
                found = app.store.evaluations.list(program.id, trigger=trigger.id, since=since)
                yield from (one for one in found if one.kind in (EvaluationKind.ASKED, EvaluationKind.UNANSWERED))


def _token(app: Antiphon, words: WebWords, connection: str) -> str:
    """Until when the token is good that is kept for an account; some need none that runs out."""
    token = None
    with suppress(AntiphonError):
        token = app.vault.token(connection, app.connections.fingerprint(connection))
    if token is None or token.expires_at is None:
        return words["token_endless"]
    return _until(words, token.expires_at, app.clock.now())


def _until(words: WebWords, at: datetime, now: datetime) -> str:
    return f"{words['expired'] if at <= now else ''} {words.moment(at)}".strip()
