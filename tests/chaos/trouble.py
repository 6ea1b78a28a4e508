"""Trouble: what goes wrong at the networks, and what must come of it.

| fault | done at the network? | what the ledger says in the end |
|---|---|---|
| accepts, then does not answer; accepts, then resets; breaks its JSON off | yes | `unknown`, looked up, `done` |
| says 400, having done it | yes | looked after, `done`; the bare call cannot look and believes the no: `rejected` |
| says 200 with an error, or with a page of HTML | no | `unknown`, looked up, sent again, `done` |
| is slow | yes | `done` |
| says 429, with and without Retry-After | no | `held` until its time, sent again, `done` |
| says 5xx, or resets before it looks | no | `unknown`, looked up, sent again, `done` |
| revokes the token | no | `held` until a person has renewed it, then `done` |

The bare call has no key, and nobody can look: its every doubt is `parked` with a reason, once at most at the network,
until a person who has looked settles it. `http.request` believes any answer from 200 to 299, so that the two lies with
200 are not told to it.
"""

from __future__ import annotations

from functools import partial
from random import Random

from antiphon.testing.sandbox import Fault, FaultKind

WRITES = "POST /api/v1/statuses"
READS = "GET /api/v1/"
LIES = ("bare",)
"""The answers whose network may have said no after doing it, with nobody able to look."""


def on_brand(random: Random) -> list[Fault]:
    """A few things that go wrong at the network of the connection."""
    some = partial(Fault, times=random.randint(1, 3), probability=random.choice((0.3, 0.6, 1.0)))
    every = [
        Fault(WRITES, FaultKind.ACCEPT_THEN_TIMEOUT, times=1, seconds=1.3),
        some(WRITES, FaultKind.ACCEPT_THEN_RESET),
        some(WRITES, FaultKind.CREATED_BUT_400),
        some(WRITES, FaultKind.OK_WITH_ERROR),
        some(WRITES, FaultKind.HTML_INSTEAD_OF_JSON),
        some(WRITES, FaultKind.TRUNCATED_JSON),
        some(WRITES, FaultKind.SLOW, seconds=random.choice((0.1, 0.4))),
        some(WRITES, FaultKind.RATE_LIMITED),
        some(WRITES, FaultKind.RATE_LIMITED, retry_after=random.choice((1, 90))),
        Fault(WRITES, FaultKind.SERVER_ERROR, status=random.choice((500, 502, 503)), times=8, probability=0.5),
        some(WRITES, FaultKind.RESET),
        Fault(WRITES, FaultKind.TOKEN_REVOKED, times=1, probability=0.3),
        Fault(READS, FaultKind.SERVER_ERROR, times=6, probability=0.4),
        some(READS, FaultKind.RESET),
        some(READS, FaultKind.RATE_LIMITED),
        Fault(READS, FaultKind.TOKEN_REVOKED, times=1, probability=0.1),
    ]
    return random.sample(every, random.randint(0, 4))


def on_other(random: Random) -> list[Fault]:
    """One or two things that go wrong at the network that is called without a key."""
    every = [
        Fault(WRITES, FaultKind.ACCEPT_THEN_RESET, probability=0.5),
        Fault(WRITES, FaultKind.CREATED_BUT_400, probability=0.5),
        Fault(WRITES, FaultKind.RATE_LIMITED, retry_after=30, probability=0.5),
        Fault(WRITES, FaultKind.SERVER_ERROR, probability=0.5),
        Fault(WRITES, FaultKind.RESET, probability=0.5),
        Fault(WRITES, FaultKind.SLOW, seconds=0.2, probability=0.5),
    ]
    return random.sample(every, random.randint(0, 2))
