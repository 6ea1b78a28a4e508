"""The API of a network that says no in a way of its own, brought to HTTP's: so that all are judged in one place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from antiphon import Clock, GiveUp, Outcome, Receipt, attempt, checked, json_of, outcome_of, shown

T = TypeVar("T")

Send = Callable[[httpx.Client], httpx.Response]
"""Sends one request."""

Translate = Callable[[httpx.Response], httpx.Response]
"""An answer as HTTP would have it: a no has its status, and how long to stay away stands in Retry-After."""

_KEPT = ("content-type", "retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


class Api:
    """One account's way to its network, by its name. Nothing is ever tried again.

    `address` is the option of the connection that says where it is.
    """

    def __init__(
        self, network: str, client: httpx.Client, clock: Clock, translate: Translate, address: str = "server"
    ) -> None:
        self.network = network
        self.address = address
        self.clock = clock
        self._client = client
        self._translate = translate

    def write(self, send: Send, done: Callable[[httpx.Response], Receipt]) -> Outcome:
        """Send once, and tell what became of it; `done` is as in `antiphon.outcome_of`."""
        return outcome_of(self._answer(send), done, self.clock)

    def find(self, send: Send, parse: Callable[[Any], T]) -> T | None:
        """As `read`, but None for what is not there (404, 410)."""
        answer = self._answer(send)
        if isinstance(answer, httpx.Response) and answer.status_code in (404, 410):
            return None
        return self._parsed(answer, parse)

    def read(self, send: Send, parse: Callable[[Any], T]) -> T:
        """Ask, and read the JSON that comes.

        `parse` raises KeyError, TypeError or ValueError for what the network would not say.

        Raises:
            RetryLater: the network is not there, asks for patience, or broke off.
            AccessLost: the credentials are dead.
            GiveUp: it will not work as it stands, or somebody else has answered.
        """
        return self._parsed(self._answer(send), parse)

    def _parsed(self, answer: httpx.Response | httpx.HTTPError, parse: Callable[[Any], T]) -> T:
        good = checked(answer, self.clock)
        try:
            return parse(json_of(good))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            raise GiveUp(
                f"{good.request.url.host} answered, but not as {self.network} does: {shown(good)}.",
                hint=f"Check the `{self.address}` of the connection.",
            ) from None

    def _answer(self, send: Send) -> httpx.Response | httpx.HTTPError:
        answer = attempt(lambda: send(self._client))
        if isinstance(answer, httpx.HTTPError):
            answer.request = bare(self._client.base_url)
            return answer
        return self._translate(answer)


def bare(url: httpx.URL) -> httpx.Request:
    """A request that says whom was called, and nothing else: paths may hold tokens."""
    return httpx.Request("POST", url.copy_with(path="/", query=None, fragment=None))


def retold(
    answer: httpx.Response, status: int, reason: str = "", wait: object = None, conceal: str = ""
) -> httpx.Response:
    """An answer with another status, and with `reason` as its body where that is given.

    `wait` is for how many seconds the network says to stay away, so far as that is a number; `conceal` is taken out of
    what is kept.
    """
    headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    if isinstance(wait, int | float) and math.isfinite(wait):
        headers["retry-after"] = str(math.ceil(wait))
    content = answer.content
    if reason:
        headers["content-type"] = "application/json"
        content = json.dumps({"message": reason}).encode()
    if conceal:
        content = content.replace(conceal.encode(), "…".encode())
    return httpx.Response(status, headers=headers, content=content, request=bare(answer.request.url))


def object_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object that an answer is; empty when it is none."""
    try:
        return as_object(answer.json())
    except (ValueError, RecursionError):
        return {}


def as_object(value: Any) -> dict[str, Any]:
    """A JSON object, or an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}
