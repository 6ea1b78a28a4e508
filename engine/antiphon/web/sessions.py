"""Sessions: who has signed in to the pages, and how.

Whoever may use the command line of a workspace may ask it for a link, which signs in once and soon. Of links and of
sessions only the SHA-256 is kept: nobody who reads the database can sign in with what they find there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from antiphon.app import Antiphon
from antiphon.components.clock import Clock
from antiphon.components.ports import Records

LINKS = "web.link"
SESSIONS = "web.session"
LINK_VALID = timedelta(minutes=15)
"""How long a link signs in; once, at most."""

SESSION_VALID = timedelta(days=7)
"""How long nobody has to sign in again."""

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody has signed in as `who`, until then (UTC). `form` proves that what is posted comes from our own page."""

    who: str
    until: datetime
    form: str


@dataclass(frozen=True)
class Sessions:
    """The sessions of one workspace, in its own store, so that every process knows them."""

    kept: Callable[[], Records]
    clock: Clock

    @classmethod
    def of_workspace(cls, app: Antiphon) -> Sessions:
        """The sessions of a workspace, whose database is first asked when somebody comes."""
        return cls(lambda: app.store.records, app.clock)

    def link(self, who: str) -> str:
        """A token that signs somebody in, once; whatever has expired is let go."""
        self._tidy()
        return self._keep(LINKS, who, LINK_VALID)

    def sign_in(self, token: str) -> str | None:
        """A new session's token for a link's; None when the link is not ours, was used, or has expired."""
        found = self._found(LINKS, token)
        # Of two who bring the same link, one takes it away.
        if found is None or not self.kept().remove(LINKS, _digest(token)):
            return None
        return self._keep(SESSIONS, found.who, SESSION_VALID)

    def of(self, token: str) -> Session | None:
        """The session of a token, while it lasts."""
        return self._found(SESSIONS, token)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self.kept().remove(SESSIONS, _digest(token))

    def sign_out_all(self) -> int:
        """End every session, and take back every link. Returns how many sessions there were."""
        for one in self.kept().list(LINKS, limit=_MOST):
            self.kept().remove(LINKS, one.key)
        return sum(self.kept().remove(SESSIONS, one.key) for one in self.kept().list(SESSIONS, limit=_MOST))

    def _keep(self, kind: str, who: str, valid: timedelta) -> str:
        token, now = secrets.token_urlsafe(32), self.clock.now()
        self.kept().put(kind, _digest(token), {"who": who, "until": (now + valid).isoformat()}, now)
        return token

    def _found(self, kind: str, token: str) -> Session | None:
        record = self.kept().get(kind, _digest(token)) if token else None
        if record is None:
            return None
        until = datetime.fromisoformat(record.data["until"])
        form = hmac.new(token.encode("utf-8", "replace"), b"antiphon form 1", hashlib.sha256).hexdigest()
        return Session(record.data["who"], until, form) if self.clock.now() < until else None

    def _tidy(self) -> None:
        now = self.clock.now().isoformat()
        for kind in (LINKS, SESSIONS):
            for one in self.kept().list(kind, limit=_MOST):
                if one.data["until"] <= now:
                    self.kept().remove(kind, one.key)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
