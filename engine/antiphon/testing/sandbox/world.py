"""The state of the network and its rules, without a word of HTTP or JSON.

Dialects (the client APIs of networks, see `mastodon`) read and change it; so does the Python side of the sandbox.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import RLock

from antiphon.components.clock import Clock
from antiphon.testing.sandbox import text
from antiphon.testing.sandbox.identifiers import Identifiers, in_utc
from antiphon.testing.sandbox.records import (
    Account,
    Draft,
    Follow,
    Media,
    Notification,
    ScheduledStatus,
    Status,
    Token,
    Visibility,
)
from antiphon.testing.sandbox.refusals import Invalid, NotAllowed, NotFound
from antiphon.testing.sandbox.rooms import Rooms
from antiphon.testing.sandbox.series import Series

SCOPES = frozenset({"read", "write", "follow"})


class World:
    """Accounts and what they did. Every method may be called from any thread.

    `media_delay` is how many seconds of the clock an upload is processed before it may be attached. `rooms` are where
    people talk on networks that are chats.
    """

    def __init__(self, clock: Clock, domain: str) -> None:
        self.clock = clock
        self.domain = domain
        self.lock = RLock()
        self.media_delay = 0.0
        self.statuses: Series[Status] = Series()
        self.scheduled: Series[ScheduledStatus] = Series()
        self.media: dict[str, Media] = {}
        self.accounts: dict[str, Account] = {}
        self._tokens: dict[str, Token] = {}
        self._handles: dict[str, Account] = {}
        self.rooms = Rooms(self)
        self._identifiers = Identifiers(clock)

    # Accounts and tokens

    def account(self, acct: str) -> Account:
        """The account of this address (`name` or `name@host`, with or without a leading @), made if it is new."""
        with self.lock:
            if found := self.find(acct):
                return found
            username, host = self._address(acct)
            account = Account(
                id=self._identifiers.following(),
                username=username,
                host=host,
                local=host == self.domain,
                name=username,
                created_at=self.clock.now(),
            )
            self.accounts[account.id] = self._handles[account.handle.lower()] = account
            return account

    def find(self, acct: str) -> Account | None:
        """The account of this address, if there is one; case does not matter."""
        return self._handles.get("@".join(self._address(acct)).lower())

    def _address(self, acct: str) -> tuple[str, str]:
        username, _, host = acct.removeprefix("@").partition("@")
        return username, host or self.domain

    def grant(self, account: Account, scopes: Iterable[str] = SCOPES, token: str | None = None) -> str:
        """A new token for the account, or `token` itself when one is given."""
        token = token or secrets.token_urlsafe(32)
        self._tokens[token] = Token(account, frozenset(scopes))
        return token

    def token(self, token: str) -> Token | None:
        """What a token stands for; None when it was never granted or has been revoked."""
        return self._tokens.get(token)

    def revoke(self, token: str) -> None:
        """Make a token worthless."""
        self._tokens.pop(token, None)

    def forget_tokens(self, account: Account) -> None:
        """Make all tokens of an account worthless."""
        self._tokens = {text: token for text, token in self._tokens.items() if token.account is not account}

    # Who follows whom

    def follow(self, follower: Account, followed: Account) -> None:
        """Let one account follow another, which is notified; nothing happens if it does already."""
        if follower is followed:
            raise NotFound
        with self.lock:
            if followed.id in follower.following:
                return
            follow = Follow(self._identifiers.following(), follower, followed)
            follower.following[followed.id] = follow
            followed.followers.add(follow)
            self._notify(followed, "follow", follower, self.clock.now())

    def unfollow(self, follower: Account, followed: Account) -> None:
        """Let one account follow another no more."""
        with self.lock:
            if follow := follower.following.pop(followed.id, None):
                followed.followers.discard(follow.id)

    # Statuses

    def publish(self, author: Account, draft: Draft, at: datetime | None = None) -> Status:
        """Publish a draft now, or dated `at` (aware, else ValueError); mentioned accounts here are notified."""
        with self.lock:
            created_at = in_utc(at) if at else self.clock.now()
            status = Status(
                id=self._identifiers.dated(created_at),
                account=author,
                text=draft.text,
                created_at=created_at,
                visibility=draft.visibility,
                language=draft.language,
                spoiler_text=draft.spoiler_text,
                sensitive=draft.sensitive,
                in_reply_to=draft.in_reply_to,
                media=draft.media,
                mentions=self._mentioned(draft.text),
                tags=text.hashtags(draft.text),
            )
            for media in draft.media:
                media.attached = True
            self._keep(status)
            if status.in_reply_to:
                status.in_reply_to.replies.add(status)
            for account in status.mentions:
                self._notify(account, "mention", author, created_at, status)
            return status

    def edit(self, status: Status, draft: Draft) -> None:
        """Change what a status says; who reblogged it, and who is newly mentioned, is notified."""
        with self.lock:
            before = (status.text, status.spoiler_text, status.sensitive, status.language, status.media)
            if before == (draft.text, draft.spoiler_text, draft.sensitive, draft.language, draft.media):
                return
            known = status.mentions
            status.text, status.spoiler_text, status.sensitive = draft.text, draft.spoiler_text, draft.sensitive
            status.language, status.media = draft.language, draft.media
            status.mentions, status.tags = self._mentioned(draft.text), text.hashtags(draft.text)
            status.edited_at = self.clock.now()
            for media in draft.media:
                media.attached = True
            for account in status.mentions:
                if account not in known:
                    self._notify(account, "mention", status.account, status.edited_at, status)
            for reblog in status.reblogs.values():
                self._notify(reblog.account, "update", status.account, status.edited_at, status)

    def delete(self, status: Status) -> None:
        """Remove a status with its reblogs and the notifications about it; replies to it stay, without a parent."""
        with self.lock:
            concerned = {status.account, *status.mentions, *(reblog.account for reblog in status.reblogs.values())}
            for reblog in list(status.reblogs.values()):
                self.delete(reblog)
            self.statuses.discard(status.id)
            status.account.statuses.discard(status.id)
            for reply in status.replies:
                reply.in_reply_to = None
            if status.in_reply_to:
                status.in_reply_to.replies.discard(status.id)
            if status.reblog_of:
                status.reblog_of.reblogs.pop(status.account.id, None)
            for account in concerned:
                for notification in account.notifications:
                    if notification.status is status:
                        account.notifications.discard(notification.id)

    def reblog(self, account: Account, status: Status, visibility: Visibility = Visibility.PUBLIC) -> Status:
        """Reblog a status, or the one that it reblogs; the second time gives the first reblog again."""
        original = status.reblog_of or status
        hidden = original.visibility in {Visibility.PRIVATE, Visibility.DIRECT}
        if original.visibility is Visibility.DIRECT or (hidden and original.account is not account):
            raise NotAllowed
        with self.lock:
            if account.id in original.reblogs:
                return original.reblogs[account.id]
            now = self.clock.now()
            reblog = Status(
                id=self._identifiers.dated(now),
                account=account,
                text="",
                created_at=now,
                visibility=original.visibility if hidden else visibility,
                reblog_of=original,
            )
            original.reblogs[account.id] = reblog
            self._keep(reblog)
            self._notify(original.account, "reblog", account, now, original)
            return reblog

    def unreblog(self, account: Account, status: Status) -> None:
        """Take the account's reblog of this status back, if there is one."""
        with self.lock:
            if reblog := status.reblogs.get(account.id):
                self.delete(reblog)

    def favourite(self, account: Account, status: Status) -> None:
        """Mark a status as a favourite of the account; its author is notified once."""
        with self.lock:
            if account.id not in status.favourited_by:
                status.favourited_by.add(account.id)
                self._notify(status.account, "favourite", account, self.clock.now(), status)

    def unfavourite(self, account: Account, status: Status) -> None:
        """Take the mark back."""
        with self.lock:
            status.favourited_by.discard(account.id)

    def _keep(self, status: Status) -> None:
        self.statuses.add(status)
        status.account.statuses.add(status)

    def _mentioned(self, written: str) -> tuple[Account, ...]:
        addresses = ("@".join(filter(None, mention)) for mention in text.mentions(written))
        return tuple(dict.fromkeys(filter(None, map(self.find, addresses))))

    def _notify(self, account: Account, kind: str, by: Account, at: datetime, status: Status | None = None) -> None:
        if account.local and account is not by:
            account.notifications.add(Notification(self._identifiers.following(), kind, by, at, status))

    # Later

    def schedule(self, author: Account, draft: Draft, at: datetime) -> ScheduledStatus:
        """Keep a draft until `at`."""
        with self.lock:
            scheduled = ScheduledStatus(self._identifiers.following(), author, draft, at)
            for media in draft.media:
                media.attached = True
            self.scheduled.add(scheduled)
            return scheduled

    def publish_due(self) -> None:
        """Publish every scheduled status whose time has come on the clock."""
        with self.lock:
            for scheduled in self.scheduled:
                if scheduled.at <= self.clock.now():
                    self.scheduled.discard(scheduled.id)
                    self.publish(scheduled.account, scheduled.draft, scheduled.at)

    def cancel(self, scheduled: ScheduledStatus) -> None:
        """Drop a scheduled status; its media are free again."""
        with self.lock:
            self.scheduled.discard(scheduled.id)
            for media in scheduled.draft.media:
                media.attached = False

    # Media

    def upload(self, owner: Account, filename: str, mime_type: str, content: bytes, description: str | None) -> Media:
        """Take a file in; it is ready after `media_delay`."""
        with self.lock:
            ready_at = self.clock.now() + timedelta(seconds=self.media_delay)
            media = Media(self._identifiers.following(), owner, filename, mime_type, content, ready_at, description)
            self.media[media.id] = media
            return media

    def ready(self, media: Media) -> bool:
        """Whether the file has been processed."""
        return self.clock.now() >= media.ready_at

    def attachable(self, owner: Account, identifiers: Iterable[str], to: Status | None = None) -> tuple[Media, ...]:
        """The owner's files of these ids; refused unless each is ready and free (or belongs to the status `to`)."""
        already = to.media if to else ()
        wanted = {identifier: self.media.get(identifier) for identifier in identifiers}
        files, missing = [], []
        for identifier, media in wanted.items():
            if media is None or media.owner is not owner or (media.attached and media not in already):
                missing.append(identifier)
            else:
                files.append(media)
        if missing:
            raise Invalid(f"Media {', '.join(missing)} not found or already attached to another post")
        if not all(map(self.ready, files)):
            raise Invalid("Cannot attach files that have not finished processing. Try again in a moment!")
        return tuple(files)
