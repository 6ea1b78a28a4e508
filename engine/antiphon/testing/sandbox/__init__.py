"""A small social network on this machine, in memory: the APIs of Mastodon and Bluesky over real HTTP, faults on demand.

    with Sandbox() as network:
        brand = network.account("torrea", name="Torréa")
        network.post("ana", "hello @torrea")
        ...  # a client works against network.url with brand.token
        network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ACCEPT_THEN_RESET))

A request passes three rooms, each of which knows only what is behind it: the `gate` (records, faults), a dialect
(`mastodon`, `bluesky`: HTTP, JSON, the network's rules) and the `world` (accounts and what they did). Feeds for readers
of RSS, Atom and JSON Feed stand beside the dialects. The time of the world is the clock that is handed in; only the
delays of faults are real seconds. `python -m antiphon.testing.sandbox` serves one to try a workflow against.
"""

from antiphon.testing.sandbox.faults import Fault, FaultKind, Faults
from antiphon.testing.sandbox.feeds import Feed, FeedItem
from antiphon.testing.sandbox.gate import Request
from antiphon.testing.sandbox.limits import UNLIMITED, Limit, Limits
from antiphon.testing.sandbox.records import Account, Notification, Status
from antiphon.testing.sandbox.sandbox import Sandbox

__all__ = [
    "UNLIMITED",
    "Account",
    "Fault",
    "FaultKind",
    "Faults",
    "Feed",
    "FeedItem",
    "Limit",
    "Limits",
    "Notification",
    "Request",
    "Sandbox",
    "Status",
]
