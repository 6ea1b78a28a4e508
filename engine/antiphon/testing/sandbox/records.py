"""The nouns of the sandbox's world. Ids are strings, times are aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from antiphon.testing.sandbox.series import Series


class Visibility(StrEnum):
    """Who may read a status."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DIRECT = "direct"


@dataclass(eq=False)
class Account:
    """Somebody on the network. `host` is where the account lives; `local` tells whether that is the sandbox."""

    id: str
    username: str
    host: str
    local: bool
    name: str
    created_at: datetime
    token: str = ""
    note: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    images: dict[str, bytes] = field(default_factory=dict, repr=False)
    bot: bool = False
    followers_elsewhere: int = 0
    statuses: Series[Status] = field(default_factory=Series, repr=False)
    notifications: Series[Notification] = field(default_factory=Series, repr=False)
    followers: Series[Follow] = field(default_factory=Series, repr=False)
    following: dict[str, Follow] = field(default_factory=dict, repr=False)

    @property
    def handle(self) -> str:
        """The full address: `name@host`."""
        return f"{self.username}@{self.host}"

    @property
    def acct(self) -> str:
        """The address as this server writes it: the bare name of a local account."""
        return self.username if self.local else self.handle

    @property
    def url(self) -> str:
        """The profile page."""
        return f"https://{self.host}/@{self.username}"

    @property
    def uri(self) -> str:
        """The account's name in the federation."""
        return f"https://{self.host}/users/{self.username}"

    @property
    def followers_count(self) -> int:
        """Followers that are accounts here, and those that are only counted."""
        return len(self.followers) + self.followers_elsewhere


@dataclass(eq=False)
class Follow:
    """`follower` reads what `followed` writes."""

    id: str
    follower: Account
    followed: Account


@dataclass(eq=False)
class Media:
    """A file that its owner may attach to one status once `ready_at` has come."""

    id: str
    owner: Account
    filename: str
    mime_type: str
    content: bytes = field(repr=False)
    ready_at: datetime
    description: str | None = None
    attached: bool = False

    @property
    def kind(self) -> str:
        """`image`, `gifv`, `video`, `audio` or `unknown`."""
        if self.mime_type == "image/gif":
            return "gifv"
        kind = self.mime_type.partition("/")[0]
        return kind if kind in {"image", "video", "audio"} else "unknown"

    @property
    def url(self) -> str:
        """Where the network shows the file."""
        return f"https://{self.owner.host}/system/media_attachments/files/{self.id}/original/{self.filename}"


@dataclass(frozen=True)
class Draft:
    """What an author hands in. `language` is an ISO 639-1 code."""

    text: str
    visibility: Visibility = Visibility.PUBLIC
    language: str | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    in_reply_to: Status | None = None
    media: tuple[Media, ...] = ()


@dataclass(eq=False)
class Status:
    """A post, or a reblog of one (then `reblog_of` is set and the text is empty)."""

    id: str
    account: Account
    text: str
    created_at: datetime
    visibility: Visibility = Visibility.PUBLIC
    language: str | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    in_reply_to: Status | None = field(default=None, repr=False)
    reblog_of: Status | None = None
    media: tuple[Media, ...] = ()
    mentions: tuple[Account, ...] = field(default=(), repr=False)
    tags: tuple[str, ...] = ()
    edited_at: datetime | None = None
    replies: Series[Status] = field(default_factory=Series, repr=False)
    reblogs: dict[str, Status] = field(default_factory=dict, repr=False)
    favourited_by: set[str] = field(default_factory=set, repr=False)

    @property
    def url(self) -> str:
        """The page of the status."""
        return f"{self.account.url}/{self.id}"

    @property
    def uri(self) -> str:
        """The status's name in the federation."""
        return f"{self.account.uri}/statuses/{self.id}"


@dataclass(eq=False)
class ScheduledStatus:
    """A draft that the network publishes at `at`."""

    id: str
    account: Account
    draft: Draft
    at: datetime


@dataclass(eq=False)
class Notification:
    """Something that happened to an account: `kind` is `mention`, `reblog`, `favourite`, `follow` or `update`."""

    id: str
    kind: str
    account: Account
    created_at: datetime
    status: Status | None = None


@dataclass(eq=False)
class Token:
    """What a client shows to act for an account, within its scopes."""

    account: Account
    scopes: frozenset[str]
