"""Effects in doubt: a person who has looked at the network says what became of them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from antiphon.app import Antiphon
from antiphon.components.ports import Overtaken
from antiphon.errors import InputError
from antiphon.model.effect import EffectState
from antiphon.report.links import is_link
from antiphon.runtime.resolving import IN_DOUBT, Answer, resolve
from antiphon.web.forms import fields
from antiphon.web.gate import who_of
from antiphon.web.lines import of_effect
from antiphon.web.pages import Pages

SHOWN = 50


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The list of what is in doubt, each with the answers that there are."""
    routes = APIRouter()

    @routes.get("/parked")
    def doubtful(request: Request) -> Response:
        return _page(request)

    @routes.post("/parked")
    def settle(request: Request) -> Response:
        said, words, who = fields(request), pages.words(request), f"{who_of(request)} by the page"
        before = app.store.ledger.get(said.get("key", ""))
        if before is None or said.get("answer") not in list(Answer):
            return pages.problem(request, 400, words["not_our_form"])
        url = said.get("url", "").strip()
        if url and not is_link(url):
            return _page(request, words["not_an_address"], 400)
        try:
            # The seen state goes along: what somebody else has settled meanwhile is left as it is.
            if said.get("state") != str(before.state):
                raise Overtaken("It is not as it was.")
            after = resolve(app.store.ledger, before, Answer(said["answer"]), app.clock, url=url, who=who)
        except (InputError, Overtaken):
            return _page(request, words["settled_already"], 409)
        app.audit(
            "effects resolve", after.effect.key, {"state": str(before.state)}, {"state": str(after.state)}, who=who
        )
        run = app.store.runs.get(after.effect.run)
        if run is not None and not run.state.ended:
            app.store.runs.release(run.id)  # `antiphon up` goes on with it
        return RedirectResponse(f"/runs/{after.effect.run}", 303)

    def _page(request: Request, refusal: str = "", status: int = 200) -> Response:
        ledger = app.store.ledger
        held = [one for one in ledger.list(state=EffectState.HELD, limit=500) if one.not_before is None]
        return pages.page(
            request,
            "parked.html",
            status=status,
            refusal=refusal,
            entries=[entry for state in IN_DOUBT for entry in ledger.list(state=state, limit=SHOWN)],
            held=[of_effect(entry) for entry in held[:SHOWN]],
        )

    return routes
