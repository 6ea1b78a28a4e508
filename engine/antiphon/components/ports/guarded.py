"""What is sealed, and who did what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

CredentialKind = Literal["connection", "secret", "token", "digest"]


@dataclass(frozen=True, slots=True)
class Credential:
    """What is kept of a connection's options or of a secret.

    `options` can be read by anybody. The options named in `hidden` are in `sealed`, which is worth nothing without the
    key; `key` is the name of that key.
    """

    kind: CredentialKind
    name: str
    connector: str
    options: Mapping[str, Any]
    hidden: Sequence[str]
    sealed: str
    key: str
    updated_at: datetime


class Credentials(Protocol):
    """Stored connections and secrets; their kind and name are unique."""

    def list(self) -> Sequence[Credential]:
        """All, by kind and name."""

    def get(self, kind: CredentialKind, name: str) -> Credential | None:
        """One."""

    def change(self, to: Callable[[Sequence[Credential]], Sequence[Credential]]) -> None:
        """Replace all there are by what `to` makes of them, in one transaction; nobody else can change any meanwhile.

        What `to` raises is passed on, and nothing was changed.
        """


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did. `who` is `user@host` or `workflow:ID`; `hash` binds it to all entries before it."""

    number: int
    at: datetime
    who: str
    what: str
    subject: str
    before: Any
    after: Any
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the audit does not hold together any more: the number of an entry, and what is wrong with it."""

    number: int
    why: str


class Audit(Protocol):
    """Who did what. Entries are only ever added; there is no way to change or to remove one."""

    def record(self, who: str, what: str, subject: str, before: Any = None, after: Any = None) -> AuditEntry:
        """Write down what somebody did to what; `before` and `after` are JSON values without secrets."""

    def list(
        self, *, what: str = "", subject: str = "", since: datetime | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        """The newest first; `what` may be the beginning of a word such as `connections`."""

    def verify(self, kept: str = "") -> Broken | None:
        """The first entry that was changed, removed, put in or moved; None when there is none.

        That the end was cut off, or everything written anew, shows only against the hash of an entry that was `kept`
        elsewhere: it must be among those that are there.
        """
