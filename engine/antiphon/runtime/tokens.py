"""Tokens that are kept sealed in the store, and renewed by one worker of all at a time."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

from antiphon.components.clock import Clock
from antiphon.components.ports import Marks
from antiphon.errors import RetryLater
from antiphon.model.token import Token
from antiphon.runtime.vault import Vault

LEASE = timedelta(seconds=30)
"""How long a worker has for a renewal: after that it is taken for dead."""

_SCOPE = "token"
_LOOK = 0.5


class SealedTokens:
    """The token of one connection. `account` is the fingerprint of its open options: with another handle or server it
    is another account, which gets no token but its own. `learn` is told every token, so that none is shown."""

    def __init__(
        self,
        connection: str,
        account: Callable[[], str],
        vault: Vault,
        marks: Callable[[], Marks],
        clock: Clock,
        learn: Callable[[str, str], None],
    ) -> None:
        self._connection = connection
        self._account = account
        self._vault = vault
        self._marks = marks
        self._clock = clock
        self._learn = learn
        self._owner = uuid.uuid4().hex
        self._known: Token | None = None
        self._lock = threading.Lock()

    def token(self, renew: Callable[[Token | None], Token], refused: str = "") -> Token:
        """The token that is good now; see components.tokens.TokenKeeper."""
        with self._lock:
            if (good := self._good(self._known, refused)) or (good := self._good(self._kept(), refused)):
                return good
            return self._renewed(renew, refused)

    def _renewed(self, renew: Callable[[Token | None], Token], refused: str) -> Token:
        end = self._clock.now() + LEASE
        while not self._is_ours():
            if self._clock.now() >= end:
                raise RetryLater("Another worker renews the token of this connection.", after=LEASE)
            self._clock.sleep(_LOOK)
            if good := self._good(self._kept(), refused):
                return good
        kept = self._kept()
        if good := self._good(kept, refused):
            return good
        fresh = renew(kept)
        # Sealed before it is used: a network that takes a refresh token once only has none but this by now.
        self._vault.keep_token(self._connection, self._account(), fresh)
        return self._remembered(fresh)

    def _is_ours(self) -> bool:
        now = self._clock.now()
        return self._marks().first(_SCOPE, self._connection, self._owner, now, now + LEASE)

    def _kept(self) -> Token | None:
        kept = self._vault.token(self._connection, self._account())
        return self._remembered(kept) if kept else None

    def _remembered(self, token: Token) -> Token:
        for secret in (token.access, token.refresh):
            self._learn(secret, "[token of the connection]")
        self._known = token
        return token

    def _good(self, token: Token | None, refused: str) -> Token | None:
        from antiphon.components.tokens import is_good  # brings httpx, which the command line can do without

        return token if token and is_good(token, refused, self._clock.now()) else None
