"""The sandbox as a whole: the rooms joined, and the Python side from which a test or a demo holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from antiphon.components.clock import Clock, SystemClock
from antiphon.testing.sandbox import feeds
from antiphon.testing.sandbox.dialects import Dialects
from antiphon.testing.sandbox.faults import Faults
from antiphon.testing.sandbox.feeds import Feed, FeedItem
from antiphon.testing.sandbox.gate import Gate, Request
from antiphon.testing.sandbox.limits import Limits
from antiphon.testing.sandbox.records import Account, Draft, Status, Visibility
from antiphon.testing.sandbox.server import ADDRESS, Server
from antiphon.testing.sandbox.world import SCOPES, World


class Sandbox:
    """A network in memory, served on 127.0.0.1 while started; a context manager.

    `clock` is the time of the world, `limits` its rate limits, `domain` the host in its addresses, `port` where it
    listens (0: any free one), `seed` the luck of faults with a probability. `world` is the network's state, for what
    the methods below do not do (who follows whom, reblogs, `media_delay`).
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
        domain: str = "sandbox.example",
        port: int = 0,
        seed: int = 0,
    ) -> None:
        self.clock = clock or SystemClock()
        self.world = World(self.clock, domain)
        self.faults = Faults(seed)
        self._feeds: dict[str, Feed] = {}
        dialects = Dialects(self.world, limits or Limits(), feeds.application(self._feeds))
        self._gate = Gate(dialects, self.faults, self.clock, account=dialects.account, revoke=dialects.revoke)
        self._server = Server(self._gate, port)

    # The server

    def start(self) -> Self:
        """Listen and serve, in a thread of its own; raises OSError if the port is taken."""
        self._gate.closing.clear()
        self._server.start()
        return self

    def stop(self) -> None:
        """Close every connection and stop listening; what happened stays readable, and start() serves it again."""
        self._gate.closing.set()
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The base of every address, as `http://127.0.0.1:40123`; known once started."""
        return f"http://{ADDRESS}:{self._server.port}"

    @property
    def requests(self) -> list[Request]:
        """What the server received, oldest first."""
        return list(self._gate.requests)

    # The network

    def account(
        self,
        acct: str,
        *,
        name: str | None = None,
        note: str | None = None,
        followers: int | Iterable[str] = (),
        scopes: Iterable[str] = SCOPES,
        token: str | None = None,
    ) -> Account:
        """The account of this address, made if it is new, with a token.

        `followers` are addresses of accounts that follow it, or a number of followers that are only counted. A token
        is granted the first time, and again whenever `token` is given.
        """
        account = self.world.account(acct)
        account.name = account.name if name is None else name
        account.note = account.note if note is None else note
        if isinstance(followers, int):
            account.followers_elsewhere = followers or account.followers_elsewhere
        else:
            for follower in followers:
                self.world.follow(self.world.account(follower), account)
        if token or not account.token:
            account.token = self.world.grant(account, scopes, token)
        return account

    def revoke(self, token: str) -> None:
        """Make a token worthless: from now on it is answered 401."""
        self.world.revoke(token)

    def post(
        self,
        by: str,
        text: str,
        *,
        at: datetime | None = None,
        language: str | None = None,
        in_reply_to: Status | None = None,
        visibility: str = "public",
    ) -> Status:
        """Let somebody (made if new) publish a text, now or dated `at` (aware): no HTTP, no limits, any length."""
        draft = Draft(text, Visibility(visibility), language, in_reply_to=in_reply_to)
        return self.world.publish(self.world.account(by), draft, at)

    def statuses(self, by: str | None = None) -> list[Status]:
        """All statuses that exist now, or those of one account, oldest first; reblogs are among them."""
        self.world.publish_due()
        if by is None:
            return list(self.world.statuses)
        account = self.world.find(by)
        return list(account.statuses) if account else []

    def feed(self, name: str, items: Iterable[FeedItem] = (), *, title: str | None = None) -> Feed:
        """The feed of this name, made if it is new, with these items added to it."""
        link = f"https://{self.world.domain}/{name}"
        feed = self._feeds.setdefault(name, Feed(name, title or name.capitalize(), link, self.clock))
        if added := list(items):
            feed.add(added)
        return feed
