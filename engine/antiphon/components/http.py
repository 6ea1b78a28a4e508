"""HTTP as every connector speaks it: polite, guarded, and honest about what became of a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    import ssl

    import httpx

    from antiphon.components.clock import Clock
    from antiphon.components.rates import RateWatch
    from antiphon.components.tape import Tape
    from antiphon.components.tokens import TokenKeeper


@dataclass(frozen=True)
class Http:
    """How this workspace speaks HTTP.

    `allow_private` names hosts (`printer.local`) or hosts with their port (`127.0.0.1:8080`) that may be called at a
    private or loopback address. `timeout` is the longest silence, `deadline` the longest whole request with its
    redirects, both in seconds; `largest` is the longest answer that is read, in bytes after decompression. `conceal`
    puts something else in the place of our secrets, wherever an answer says them back to us.

    Of one connection, `watch` keeps requests back that its network would refuse, and `keeper` its token that runs out;
    `tape` records. `proxy` is the address of a proxy for everything: where that connects, nobody here can see.
    """

    allow_private: frozenset[str] = frozenset()
    timeout: float = 20.0
    deadline: float = 60.0
    largest: int = 10 * 1024 * 1024
    conceal: Callable[[str], str] = field(default=lambda text: text, repr=False, compare=False)
    proxy: str = field(default="", repr=False)
    watch: RateWatch | None = field(default=None, compare=False)
    tape: Tape | None = field(default=None, compare=False)
    keeper: TokenKeeper | None = field(default=None, compare=False)

    def client(self, base_url: str = "", headers: dict[str, str] | None = None) -> httpx.Client:
        """A client for http and https that refuses private addresses, each time it connects.

        It follows at most 5 redirects, of GET and HEAD only. Headers that prove who we are never go to another host.
        It reads every answer whole, and takes no proxy from the environment, only the one that is set. Several threads
        may share it; closing it is up to the caller, and closes no connection, since all clients share those. What it
        sends and is answered is not logged, since addresses and headers hold secrets.

        Its requests raise httpx's errors and those of `antiphon.components.wire`, which are httpx's too.
        """
        from antiphon.components.wire import GuardedClient

        return GuardedClient(
            base_url,
            headers or {},
            allow_private=self.allow_private,
            timeout=self.timeout,
            deadline=self.deadline,
            largest=self.largest,
            conceal=self.conceal,
            proxy=self.proxy,
            watch=self.watch,
            tape=self.tape,
        )

    def tokens(self, clock: Clock) -> TokenKeeper:
        """What keeps the connection's token, where it has one that runs out; see components.tokens.TokenAuth."""
        from antiphon.components.tokens import OwnTokens

        return self.keeper or OwnTokens(clock)

    def barred(self, host: str, port: int) -> str:
        """Why this workspace does not call a host (`10.0.0.7 is a private network`); empty when it does, and when
        nobody knows the name.

        For libraries that open their own connections. They look the name up once more, and nobody can hold them to
        the address that was judged here.
        """
        from antiphon.components.wire import barred

        return barred(host, port, self.allow_private)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection for a protocol other than HTTP, such as SMTP, guarded as a client is; its longest silence is
        `timeout`. To secure it with `tls`, and to close it, is up to the caller.

        Raises:
            GiveUp: the name leads to a private address that is not allowed.
            OSError: nobody answers there.
        """
        from antiphon.components.wire import connect

        return connect(host, port, self.allow_private, self.timeout)

    def tls(self, protocol: str) -> ssl.SSLContext:
        """Whom to trust on such a connection: the authorities that https goes by, or those of the file that the
        environment variable SSL_CERT_FILE names. `protocol` is a name such as `smtp`."""
        from antiphon.components.wire import tls

        return tls(protocol)
