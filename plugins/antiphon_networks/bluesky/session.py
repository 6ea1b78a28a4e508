"""Signed in: an app password becomes two tokens, which are renewed as long as the server lets them be.

Methods: com.atproto.server.createSession and refreshSession (lexicons of 2026-08-20). A token lives for some hours; an
expired or strange one is answered 400 `ExpiredToken` or `InvalidToken`, and nothing was done then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from antiphon import AccessLost, Clock, GiveUp, RetryLater, Token, TokenKeeper, attempt, checked, error_name, trouble_of
from antiphon_networks.bluesky.rules import LIMITS

Send = Callable[[Mapping[str, str]], httpx.Response]
"""Sends one request with these headers."""

Answer = httpx.Response | httpx.HTTPError

_WORN = ("ExpiredToken", "InvalidToken")
_DEAD = (*_WORN, "AuthMissing", "AuthenticationRequired", "AccountTakedown", "AccountDeactivated")
_BETWEEN_REFUSALS = timedelta(days=1) / LIMITS.number("sign_ins.per_day")
"""A refused app password is not tried more often than this, so that polling does not use a day's sign-ins up."""

_HINT = (
    "Look at the `handle` of the connection, which may have been changed (its DID stays), and make a new app password "
    "(Settings → Privacy and security → App passwords)."
)


class Busy(RetryLater):
    """There were too many sign-ins, and the server has said for how long."""


class Session:
    """The session of one account on its server, opened when it is first needed. Threads may share it, and `keeper` has
    the tokens for other workers as well."""

    def __init__(
        self, client: httpx.Client, identifier: str, password: SecretStr, keeper: TokenKeeper, clock: Clock
    ) -> None:
        self._client = client
        self._identifier = identifier
        self._password = password
        self._keeper = keeper
        self._clock = clock
        self._refused: tuple[datetime, AccessLost] | None = None

    def send(self, request: Send) -> Answer:
        """Send a request as ourselves; once more with a new token when the server says that ours has expired, since it
        has done nothing then.

        Raises AccessLost when we are not let in any more, RetryLater or GiveUp when we could not sign in: either way,
        nothing was done.
        """
        token = self._keeper.token(self._renewed)
        answer = attempt(lambda: request(_bearer(token.access)))
        if error_name(answer) in _WORN:
            fresh = self._keeper.token(self._renewed, refused=token.access)
            answer = attempt(lambda: request(_bearer(fresh.access)))
        if error_name(answer) in _DEAD:
            raise self.lost(answer)
        return answer

    def _renewed(self, last: Token | None) -> Token:
        if last is not None and last.refresh:
            answer = attempt(lambda: self._post("refreshSession", headers=_bearer(last.refresh)))
            if error_name(answer) not in _DEAD:
                return self._entered(answer)
        if self._refused and self._clock.now() - self._refused[0] < _BETWEEN_REFUSALS:
            raise AccessLost(self._refused[1].sentence, hint=self._refused[1].hint)
        asked = {"identifier": self._identifier, "password": self._password.get_secret_value()}
        answer = attempt(lambda: self._post("createSession", json=asked))
        if error_name(answer) in _DEAD or (isinstance(answer, httpx.Response) and answer.status_code == 401):
            self._refused = self._clock.now(), self.lost(answer)
            raise self._refused[1]
        return self._entered(answer)

    def _entered(self, answer: Answer) -> Token:
        try:
            good = checked(answer, self._clock)
        except RetryLater as later:
            if isinstance(answer, httpx.Response) and answer.status_code == 429:
                raise Busy(later.sentence, after=later.after) from None
            raise
        host = good.request.url.host
        try:
            body = good.json()
            token = Token(access=body["accessJwt"], refresh=body["refreshJwt"])
        except (ValueError, KeyError, TypeError):
            # What came may hold half a token, and is not shown.
            if "json" in good.headers.get("content-type", ""):
                sentence = f"{host} did not finish its answer to our sign-in."
                raise RetryLater(sentence, after=timedelta(minutes=1)) from None
            raise GiveUp(
                f"{host} answered our sign-in, but not as a server of the AT Protocol does.",
                hint="Check the `server` of the connection.",
            ) from None
        if body.get("active") is False:
            raise AccessLost(f"The account {self._identifier} is {body.get('status') or 'not active'}.", hint=_HINT)
        self._refused = None
        return token

    def _post(self, method: str, **how: Any) -> httpx.Response:
        return self._client.post(f"/xrpc/com.atproto.server.{method}", **how)

    def lost(self, answer: Answer) -> AccessLost:
        """What to raise when an answer shows that we are not let in any more."""
        lost = trouble_of(answer, self._clock)
        sentence = lost.sentence if lost else str(answer)
        return AccessLost(f"{self._identifier} is not let in: {sentence}", hint=_HINT)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
