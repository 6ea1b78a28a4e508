"""What goes wrong on purpose: faults are added by a test, matched by the gate, and counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from random import Random


class FaultKind(Enum):
    """The ways in which a network fails its clients."""

    ACCEPT_THEN_TIMEOUT = "accept_then_timeout"
    """Done, but no answer comes until the client gives up or `seconds` have passed; then the connection closes."""

    ACCEPT_THEN_RESET = "accept_then_reset"
    """Done, and the connection is reset without an answer."""

    CREATED_BUT_400 = "created_but_400"
    """Done, and answered 400 as if it were not."""

    OK_WITH_ERROR = "ok_with_error"
    """Not done, and answered 200 with an `error` in the body."""

    SLOW = "slow"
    """Done and answered properly, after `seconds`."""

    RATE_LIMITED = "rate_limited"
    """Not done, answered 429; with a `Retry-After` header if `retry_after` is set (Mastodon itself sends none)."""

    SERVER_ERROR = "server_error"
    """Not done, answered with `status` (500, 502 or 503)."""

    HTML_INSTEAD_OF_JSON = "html_instead_of_json"
    """Not done, answered 200 with a page of HTML, as a proxy or a maintenance page does."""

    TRUNCATED_JSON = "truncated_json"
    """Done and answered, but the JSON breaks off in the middle."""

    ECHO = "echo"
    """Not done, answered with `status` and a complaint, in the body and in a header, that repeats the Authorization."""

    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    """The token of the request is revoked for good at this moment; the request then meets the 401 of the network."""

    RESET = "reset"
    """Not done: the connection is reset before the request is looked at."""


@dataclass
class Fault:
    """One thing that goes wrong, for the requests that `on` names: a method and the beginning of a path.

    `times` is how often it happens at most (None: always), `probability` how likely it is for each request that
    matches, `after` how many of them are let pass before. `seconds` are real ones: the server truly waits, since the
    client truly does. `happened` counts.
    """

    on: str
    kind: FaultKind
    times: int | None = 1
    probability: float = 1.0
    seconds: float = 30.0
    status: int = 503
    retry_after: int | None = None
    after: int = 0
    happened: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]+ /\S*", self.on):
            raise ValueError(
                f'A fault is put on a method and a path, as in "POST /api/v1/statuses"; not on "{self.on}".'
            )

    def matches(self, method: str, path: str) -> bool:
        """Whether the fault names this request and is not used up."""
        wanted, _, prefix = self.on.partition(" ")
        used_up = self.times is not None and self.happened >= self.times
        return not used_up and method == wanted and path.startswith(prefix)


class Faults:
    """The faults of one sandbox, tried in the order in which they were added. The same seed, the same luck."""

    def __init__(self, seed: int = 0) -> None:
        self._faults: list[Fault] = []
        self._random = Random(seed)  # noqa: S311  (repeatable luck is wanted, not secrecy)

    def add(self, *faults: Fault) -> None:
        """Let these go wrong from now on."""
        self._faults.extend(faults)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, counted; None if all goes well."""
        for fault in list(self._faults):
            if not fault.matches(method, path):
                continue
            if fault.after:
                fault.after -= 1
            elif self._random.random() < fault.probability:
                fault.happened += 1
                return fault
        return None
