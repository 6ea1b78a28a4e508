"""A Bluesky of our own: a personal data server, and the directory of identities that it needs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.servers.process import free_port, installed, is_listening, running

_HERE = Path(__file__).parent
_JWT_SECRET = b"jwt-secret"  # of @atproto/dev-env, as is the administrator's password
_ADMIN = httpx.BasicAuth("admin", "admin-pass")


@dataclass(frozen=True)
class Account:
    """Somebody on the network: the app password is for Antiphon, the access token is that of the account itself."""

    did: str
    handle: str
    app_password: str
    access: str = field(repr=False)


@dataclass
class Bluesky:
    """The network, and what its administrator and its people can do there."""

    url: str
    _names: Iterator[int] = field(default_factory=itertools.count, repr=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=f"{self.url}/xrpc/", timeout=20, trust_env=False)

    def account(self, name: str) -> Account:
        """Somebody new, whose handle begins with this name, with an app password."""
        return self.join(self.free_handle(name))

    def free_handle(self, name: str) -> str:
        """A handle that nobody has yet."""
        return f"{name}{next(self._names)}.test"

    def join(self, handle: str) -> Account:
        """Somebody new with this handle, and with an app password."""
        asked = {"handle": handle, "email": f"{handle}@example.org", "password": "the-real-one"}
        made = self.call("com.atproto.server.createAccount", asked)
        kept = self.call("com.atproto.server.createAppPassword", {"name": "antiphon"}, made["accessJwt"])
        return Account(made["did"], handle, kept["password"], made["accessJwt"])

    def call(self, method: str, asked: Any, token: str = "", **how: Any) -> Any:
        """Do something there, as whoever has the token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.client.post(method, json=asked, headers=headers, **how)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def post(self, account: Account, text: str, **more: Any) -> dict[str, str]:
        """Somebody writes, now unless `createdAt` says otherwise; the reference to the post."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": now, **more}
        asked = {"repo": account.did, "collection": "app.bsky.feed.post", "record": record}
        made = self.call("com.atproto.repo.createRecord", asked, account.access)
        return {"uri": made["uri"], "cid": made["cid"]}

    def records(self, account: Account, collection: str = "app.bsky.feed.post") -> list[dict[str, Any]]:
        """What an account keeps in a collection, in the order of the keys."""
        asked = {"repo": account.did, "collection": collection, "reverse": "true"}
        answer = self.client.get("com.atproto.repo.listRecords", params=asked)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["records"]
        return found

    def clear(self, account: Account) -> None:
        """An account forgets all that it has said and done."""
        for collection in ("app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost"):
            for record in self.records(account, collection):
                asked = {"repo": account.did, "collection": collection, "rkey": record["uri"].rpartition("/")[2]}
                self.call("com.atproto.repo.deleteRecord", asked, account.access)

    def take_down(self, account: Account) -> None:
        """The administrator shuts an account out."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": account.did}
        asked = {"subject": subject, "takedown": {"applied": True, "ref": "spam"}}
        self.call("com.atproto.admin.updateSubjectStatus", asked, auth=_ADMIN)

    def revoke(self, account: Account) -> None:
        """Somebody takes the app password back."""
        self.call("com.atproto.server.revokeAppPassword", {"name": "antiphon"}, account.access)

    def rename(self, account: Account, handle: str) -> None:
        """Somebody takes another handle."""
        self.call("com.atproto.identity.updateHandle", {"handle": handle}, account.access)


def expired(token: str) -> str:
    """The same token, as if its time were over: signed by the server's own key."""
    head, claims, _ = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    told |= {"iat": told["iat"] - 10**6, "exp": told["exp"] - 10**6}
    signed = f"{head}.{_base64(json.dumps(told).encode())}"
    return f"{signed}.{_base64(hmac.new(_JWT_SECRET, signed.encode(), hashlib.sha256).digest())}"


@contextmanager
def started(folder: Path) -> Iterator[Bluesky]:
    """The server, for the length of the block; `folder` takes its log. Skips the test when it is not installed."""
    with _running(folder) as network:
        yield network


@contextmanager
def started_with_index(folder: Path, postgresql: str) -> Iterator[Bluesky]:
    """The same with the network's index, which needs a PostgreSQL of ours and Redis."""
    redis = shutil.which("redis-server")
    if redis is None:
        pytest.skip("redis-server is not installed, which the index of Bluesky needs: `make network-servers` does that")
    installed("bluesky")
    port = free_port()
    command = [redis, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with (
        running(command, folder / "redis.log", lambda: is_listening(port)),
        _running(folder, f"{postgresql}/postgres", f"127.0.0.1:{port}") as network,
    ):
        yield network


@contextmanager
def _running(folder: Path, *index: str) -> Iterator[Bluesky]:
    packages, pds, plc = installed("bluesky"), free_port(), free_port()
    network = Bluesky(f"http://127.0.0.1:{pds}")
    log = folder / "bluesky.log"
    command = ("node", str(_HERE / "network.mjs"), str(packages), str(pds), str(plc), *index)
    with running(command, log, lambda: log.read_text().endswith("ready\n")):
        yield network


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
