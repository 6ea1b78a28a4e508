"""The action that calls any HTTP address."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from antiphon.components.action import Action
from antiphon.components.component import Options
from antiphon.components.context import PerformContext, ReadContext
from antiphon.components.secret_marks import concealer, has_secret_mark
from antiphon.errors import GiveUp
from antiphon.model.effect import AuthDead, Disconnected, Done, Effect, Outcome, Receipt, Rejected, Unknown

if TYPE_CHECKING:
    import httpx

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
"""The methods that come to the same when they are repeated (RFC 9110, 9.2.2)."""

LONGEST_TEXT = 100_000
"""How many characters of an answer are kept when it is no JSON, or JSON of more than ten times that."""

_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie"})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class HttpRequestOptions(Options):
    """One request, and which answers are good."""

    url: str = Field(description="The address: http or https. It may be a secret, or hold one.")
    method: Method | None = Field(None, description="GET; or POST when there is something to send.")
    headers: dict[str, str] = Field({}, description="Headers; credentials only as ${{ secrets.name }}.")
    query: dict[str, str | int | float | bool] = Field({}, description="What is put behind the question mark.")
    json_: Any = Field(None, alias="json", description="A body, sent as JSON.")
    form: dict[str, str] | None = Field(None, description="A body, sent as the fields of a form.")
    body: str | None = Field(None, description="A body, sent as it stands.")
    expect: tuple[int, ...] | None = Field(None, description="The good statuses; else any from 200 to 299.")

    @property
    def content(self) -> dict[str, Any]:
        """The one kind of body that is given, or nothing."""
        given = {"json": self.json_, "form": self.form, "body": self.body}
        return {kind: value for kind, value in given.items() if value is not None}

    @model_validator(mode="after")
    def _has_one_body(self) -> HttpRequestOptions:
        if len(self.content) > 1:
            raise ValueError(f"a request has one of json, form and body; this one has {' and '.join(self.content)}")
        return self


class HttpRequest(Action):
    """Calls an HTTP address.

        - use: http.request
          with:
            url: https://api.example.org/orders
            headers: {Authorization: "Bearer ${{ secrets.shop }}"}
            json: {order: "${{ event.id }}"}

    The result has `status`, `headers`, and `json` or `text`. Addresses inside the own network are refused unless the
    workspace allows them. A POST or PATCH is known to be repeatable only by an `Idempotency-Key` header of its own.
    """

    name = "http.request"
    Options = HttpRequestOptions

    def plan(self, options: HttpRequestOptions, ctx: ReadContext) -> Effect:
        """The request as it would be sent, secrets as marks. Raises GiveUp for what no server would take."""
        method = options.method or ("POST" if options.content else "GET")
        _check_address(options.url)
        _check_headers(options.headers)
        payload = {
            "method": method,
            "url": options.url,
            "headers": options.headers,
            "query": options.query,
            **options.content,
            "expect": list(options.expect) if options.expect is not None else None,
        }
        effect = ctx.effect(self.name, f"{method} {options.url.partition('?')[0]}", payload)
        return effect.model_copy(update={"idempotency": "native" if _is_repeatable(payload) else "none"})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Send it once. Secrets that come back in the answer are not in what is kept. Raises SecretMissing."""
        payload, conceal = ctx.reveal(effect.payload), concealer(effect.payload, ctx.reveal)
        outcome = _send(effect, payload, ctx)
        match outcome:
            case Done(receipt):
                return Done(Receipt.model_validate(conceal(receipt.model_dump())))
            case AuthDead(reason):  # these credentials are of this request only, not of a connection
                return Rejected(conceal(reason), fix="Look at the secret in its headers.")
            case Rejected(reason, fix):
                return Rejected(conceal(reason), conceal(fix))
            case Unknown() | Disconnected():
                return replace(outcome, reason=conceal(outcome.reason))
            case _:
                return outcome

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """None for what may be repeated without harm; for the rest nobody can look."""
        if _is_repeatable(effect.payload):
            return None
        return Unknown(f"{effect.summary} cannot be looked up, and repeating it may do it twice.")


def _is_repeatable(payload: dict[str, Any]) -> bool:
    named = {name.lower() for name in payload["headers"]}
    return payload["method"] in REPEATABLE or "idempotency-key" in named


def _check_address(url: str) -> None:
    if has_secret_mark(url):
        return  # what it is, is known only when it is sent
    try:
        parts = urlsplit(url)
        host, signed_in = parts.hostname, parts.username is not None
    except ValueError:
        host, signed_in = None, False
    if not host or parts.scheme not in ("http", "https"):
        raise GiveUp(f"{url!r} is not an address of the web.", hint="Write it with https:// before it.")
    if signed_in:
        raise GiveUp(f"The address on {host} holds a user name.", hint="Put credentials into headers, as secrets.")


def _check_headers(headers: dict[str, str]) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            raise GiveUp(f"{name!r} cannot be sent as a header.", hint="Neither name nor value may break the line.")
        if name.lower() in _CREDENTIALS and value and not has_secret_mark(value):
            raise GiveUp(
                f"The header {name} holds its secret openly, and would be kept so.",
                hint=f"Write {name}: ${{{{ secrets.name }}}} and set that secret.",
            )


def _send(effect: Effect, payload: dict[str, Any], ctx: PerformContext) -> Outcome:
    # These bring httpx, which the command line can do without until something is sent.
    import httpx

    from antiphon.components.outcomes import attempt, outcome_of, payload_hash, rates

    def receipt(answer: httpx.Response) -> Receipt:
        return Receipt(
            at=ctx.clock.now(),
            payload_hash=payload_hash(effect.payload),
            rate=rates(answer),
            data=_result(answer),
        )

    body = {{"form": "data", "body": "content"}.get(k, k): payload[k] for k in ("json", "form", "body") if k in payload}
    with ctx.http.client() as client:
        try:
            if any(_CONTROL.search(value) for value in payload["headers"].values()):
                raise ValueError("a header would break the line")
            url = httpx.URL(payload["url"]).copy_merge_params(payload["query"])
            request = client.build_request(payload["method"], url, headers=payload["headers"], **body)
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            return Rejected(f"{effect.summary} is no request: {type(error).__name__}.", fix="Look at its secrets.")
        answer = attempt(lambda: client.send(request))
        expected = payload["expect"]
        if isinstance(answer, httpx.HTTPError) or expected is None:
            return outcome_of(answer, receipt, ctx.clock)
        if answer.status_code in expected:
            return Done(receipt(answer))
        if not answer.is_success:
            return outcome_of(answer, receipt, ctx.clock)
        wanted = " or ".join(str(status) for status in expected)
        because = f"{request.url.host} answered {answer.status_code}, not {wanted}."
        return Rejected(because) if _is_repeatable(effect.payload) else Unknown(because)


def _result(answer: httpx.Response) -> dict[str, Any]:
    """What later steps see. Cookies are credentials, and are not kept."""
    headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
    result: dict[str, Any] = {"status": answer.status_code, "headers": headers}
    if "json" in answer.headers.get("content-type", "") and len(answer.content) <= 10 * LONGEST_TEXT:
        try:
            return {**result, "json": answer.json(parse_constant=_refuse)}
        except (ValueError, RecursionError):
            pass  # it says it is JSON and is not; then it is text
    return {**result, "text": answer.text[:LONGEST_TEXT], "truncated": len(answer.text) > LONGEST_TEXT}


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
