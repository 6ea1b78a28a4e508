"""What became of a request: outcomes for writes, errors with a sentence for reads.

For a write the question is whether it may have been done. It surely was not when no connection came about, or when
the network said so; it may have been whenever the request left and no answer can be trusted (RFC 9110, 9.2.2).
"""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from antiphon.components.clock import Clock
from antiphon.components.rates import FAMILIES, LONGEST_PATIENCE, reset_at, retry_at
from antiphon.components.wire import InsecureRedirect, KeptBack, PrivateAddress, TooLarge
from antiphon.errors import AccessLost, GiveUp, RetryLater, StepError
from antiphon.model.effect import AuthDead, Disconnected, Done, Outcome, RateLimited, Receipt, Rejected, Unknown

PATIENCE = timedelta(seconds=60)
"""How long to stay away when the network does not say."""

_SHOWN = 300
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_MOVED = (301, 307, 308)
_ALLOW = "If that is meant, add it to allow_private in antiphon.toml."

Answer = httpx.Response | httpx.HTTPError
"""What comes of a request: the response, or the error that was raised instead."""


def attempt(send: Callable[[], httpx.Response]) -> Answer:
    """Send one request and hand back what came of it; nothing is tried again."""
    try:
        return send()
    except httpx.HTTPError as error:
        return error


def outcome_of(answer: Answer, done: Callable[[httpx.Response], Receipt], clock: Clock) -> Outcome:
    """What became of a write. `done` makes the receipt of a good answer.

    When `done` raises ValueError, KeyError, TypeError or IndexError the answer is not what was expected, and the
    outcome is Unknown.
    """
    if isinstance(answer, httpx.HTTPError):
        return _undelivered(answer)
    status, host = answer.status_code, answer.request.url.host
    if answer.is_success:
        try:
            return Done(done(answer))
        except (ValueError, KeyError, TypeError, IndexError):
            return Unknown(f"{host} answered {status}, but not what was expected: {shown(answer)}")
    if status == 401:
        return AuthDead(f"{host} does not accept the credentials: {reason(answer)}")
    if status == 403:
        return Rejected(
            f"{host} does not allow it: {reason(answer)}", fix="Look at the scopes and rights of the account."
        )
    if status == 429:
        return RateLimited(until=free_at(answer, clock.now()))
    if status in _MOVED:
        fix = f"Write {answer.headers.get('location', 'the new address')} in its place."
        return Rejected(f"{host} has moved, and did nothing.", fix=fix)
    if 400 <= status < 500 and status != 408:
        return Rejected(f"{host} said no ({status}): {reason(answer)}")
    return Unknown(f"{host} answered {status}: {reason(answer)}")


def trouble_of(answer: Answer, clock: Clock) -> StepError | None:
    """What a read must raise: RetryLater when the same request may do later, AccessLost when the credentials are dead,
    GiveUp when it will never do, None when all is well."""
    if isinstance(answer, httpx.HTTPError):
        return _unanswered(answer, clock)
    status, host = answer.status_code, answer.request.url.host
    if answer.is_success or status == 304:
        return None
    if status == 401:
        return AccessLost(f"{host} does not accept the credentials: {reason(answer)}", hint="Renew the token.")
    if status == 403:
        return GiveUp(
            f"{host} does not allow it: {reason(answer)}", hint="Look at the scopes and rights of the account."
        )
    if status in (404, 410):
        return GiveUp(f"{host} has nothing at {answer.request.url.path} ({status}): {reason(answer)}")
    if status in (408, 425, 429) or status >= 500:
        after = free_at(answer, clock.now()) - clock.now()
        asked = "asks us to come back later" if status == 429 else f"answered {status}: {reason(answer)}"
        return RetryLater(f"{host} {asked}.", after=after)
    return GiveUp(f"{host} answered {status}: {reason(answer)}")


def checked(answer: Answer, clock: Clock) -> httpx.Response:
    """A good answer to a read. Raises RetryLater, AccessLost or GiveUp for any other."""
    trouble = trouble_of(answer, clock)
    if trouble is not None or isinstance(answer, httpx.HTTPError):
        raise trouble or GiveUp(str(answer))
    return answer


def json_of(answer: httpx.Response) -> Any:
    """The JSON of a good answer. Raises RetryLater when it broke off, and GiveUp when something else came instead."""
    try:
        return answer.json()
    except ValueError:
        host = answer.request.url.host
        if "json" in answer.headers.get("content-type", ""):
            raise RetryLater(f"The answer of {host} broke off.", after=PATIENCE) from None
        raise GiveUp(
            f"{host} answered {answer.request.url.path} with something else than JSON: {shown(answer)}.",
            hint="Check the address of the connection.",
        ) from None


def free_at(answer: httpx.Response, now: datetime) -> datetime:
    """When the network lets us in again, by what its headers say (`antiphon.components.rates`), or else in a minute;
    between a second and a day from now."""
    asked = retry_at(answer.headers, now)
    if asked is None and answer.status_code == 429:
        asked = reset_at(answer.headers, now)
    return min(max(asked or now + PATIENCE, now + timedelta(seconds=1)), now + LONGEST_PATIENCE)


def rates(answer: httpx.Response) -> dict[str, str]:
    """What an answer says about the rate limit, such as `{"limit": "300", "remaining": "299"}`."""
    names = ("limit", "remaining", "reset")
    found = {
        name: answer.headers[key]
        for family in reversed(FAMILIES)
        for name in names
        if (key := family.format(name)) in answer.headers
    }
    return {name: found[name] for name in names if name in found}


def reason(answer: httpx.Response) -> str:
    """What a refusal says of itself: the `error` of its body or the like, else the name of its status. Where `error` is
    a name rather than a sentence, the sentence beside it comes first."""
    try:
        body = answer.json()
    except ValueError:
        return answer.reason_phrase or "no reason given"
    if not isinstance(body, Mapping):
        return answer.reason_phrase or "no reason given"
    said = [_said(body.get(key)) for key in ("error", "error_description", "message", "detail")]
    name, sentences = said[0], [text for text in said[1:] if text]
    if name and " " not in name and sentences:
        return _one_line(f"{sentences[0]} ({name})")
    return _one_line(next((text for text in said if text), "")) or answer.reason_phrase or "no reason given"


def error_name(answer: Answer) -> str:
    """The name that a refusal has for itself, such as `ExpiredToken`: the `error` of its body, where that is a word."""
    if isinstance(answer, httpx.HTTPError) or answer.is_success:
        return ""
    try:
        body = answer.json()
    except ValueError:
        return ""
    name = _said(body.get("error")) if isinstance(body, Mapping) else ""
    return "" if " " in name else name


def shown(answer: httpx.Response) -> str:
    """The kind and the first words of a body, for a sentence about what came instead."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip() or "no content type"
    words = _one_line(answer.text[:2000])[:80]
    return f"{kind}, “{words}”" if words else f"{kind}, empty"


def payload_hash(payload: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal digits, of a payload as canonical JSON: equal contents, equal hashes."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _undelivered(error: httpx.HTTPError) -> Outcome:
    if isinstance(error, KeptBack):
        return RateLimited(until=error.until)
    if isinstance(error, _NEVER_SENT):
        return Disconnected(_sentence(error))
    return Unknown(f"{_sentence(error)} The request had left by then.")


def _unanswered(error: httpx.HTTPError, clock: Clock) -> StepError:
    if isinstance(error, KeptBack):
        return RetryLater(_sentence(error), after=max(error.until - clock.now(), timedelta(seconds=1)))
    if isinstance(error, PrivateAddress):
        return GiveUp(_sentence(error), hint=_ALLOW)
    if isinstance(error, httpx.UnsupportedProtocol):
        return GiveUp(_sentence(error), hint="Only http and https addresses can be called.")
    if _untrusted(error):
        return GiveUp(_sentence(error), hint="Its certificate must be valid; check the address, or tell its owner.")
    if isinstance(error, InsecureRedirect | TooLarge | httpx.TooManyRedirects | httpx.DecodingError):
        return GiveUp(_sentence(error))
    return RetryLater(_sentence(error), after=PATIENCE)


def _untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _sentence(error: httpx.HTTPError) -> str:
    """The error as a sentence that names the host."""
    try:
        host = error.request.url.host
    except RuntimeError:
        host = "the network"
    match error:
        case KeptBack():
            what = f"{host} takes no more before {error.until:%F %T} UTC"
        case httpx.ConnectTimeout():
            what = f"{host} did not take the call in time"
        case httpx.TimeoutException():
            what = f"{host} did not answer in time"
        case httpx.ConnectError():
            what = f"No connection to {host}: {error}"
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError() if not isinstance(error, TooLarge):
            what = f"{host} broke the connection off"
        case _:
            what = f"The call to {host} failed: {error}"
    return _one_line(what).rstrip(".") + "."


def _said(value: Any) -> str:
    said = value.get("message") if isinstance(value, Mapping) else value
    return said.strip() if isinstance(said, str) else ""


def _one_line(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
