"""Tokens that run out: renewed once, whoever asks, and sealed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from antiphon.components.ports import Store
from antiphon.components.tokens import OwnTokens, TokenAuth, TokenKeeper
from antiphon.errors import AccessLost, RetryLater
from antiphon.model.token import Token
from antiphon.runtime.keys import KeyFile
from antiphon.runtime.tokens import LEASE, SealedTokens
from antiphon.runtime.vault import Vault
from antiphon.testing.clock import VirtualClock

Worker = Callable[..., SealedTokens]


class Network:
    """Gives tokens, each of which replaces the last one; a refresh token counts once."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.given = 0
        self._lock = threading.Lock()

    @property
    def good(self) -> str:
        return f"access-token-{self.given}"

    def renew(self, last: Token | None) -> Token:
        with self._lock:
            if last is not None and last.refresh != f"refresh-token-{self.given}":
                raise AccessLost("The refresh token was used before.")
            self.given += 1
            return Token(
                access=self.good,
                refresh=f"refresh-token-{self.given}",
                expires_at=self.clock.now() + timedelta(hours=2),
            )


@pytest.fixture
def network(clock: VirtualClock) -> Network:
    return Network(clock)


@pytest.fixture
def vault(store: Store, clock: VirtualClock, tmp_path: Path) -> Vault:
    return Vault(lambda make: store.credentials, KeyFile(tmp_path / "key", ours=True), clock)


@pytest.fixture
def learnt() -> list[str]:
    return []


@pytest.fixture
def worker(store: Store, vault: Vault, clock: VirtualClock, learnt: list[str]) -> Worker:
    """Workers on the same store, each a process of its own."""
    return lambda account="brand.example": SealedTokens(
        "brand", lambda: account, vault, lambda: store.marks, clock, lambda secret, _: learnt.append(secret)
    )


def test_kept(worker: Worker, network: Network, store: Store, learnt: list[str]) -> None:
    """A token is got once, kept sealed, used by all workers, and known as something not to be shown."""
    assert {"access-token-1"} == {worker().token(network.renew).access for _ in range(2)}
    assert 1 == network.given
    assert {network.good, "refresh-token-1"} <= set(learnt)
    assert "token-1" not in str(store.credentials.list())


def test_before_its_end(worker: Worker, network: Network, clock: VirtualClock) -> None:
    """A token is renewed shortly before its end, with the refresh token of the last one."""
    ours = worker()
    ours.token(network.renew)
    clock.advance(timedelta(hours=1, minutes=57))
    ours.token(network.renew)
    assert 1 == network.given

    clock.advance(timedelta(minutes=2))

    assert "access-token-2" == ours.token(network.renew).access


def test_refused(worker: Worker, network: Network) -> None:
    """A token that the network refuses is renewed; a worker that still has the old one takes the new one."""
    one, other = worker(), worker()
    old = one.token(network.renew).access
    other.token(network.renew)

    new = one.token(network.renew, refused=old).access

    assert new == other.token(network.renew, refused=old).access != old
    assert 2 == network.given


def test_at_once(worker: Worker, network: Network) -> None:
    """Many workers whose token is refused at once renew it once."""
    workers = [worker() for _ in range(8)]
    old = workers[0].token(network.renew).access

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: one.token(network.renew, refused=old).access, workers))

    assert {network.good} == set(found)
    assert 2 == network.given


def test_dead_worker(worker: Worker, network: Network, clock: VirtualClock, store: Store) -> None:
    """A worker that died while it renewed is waited for, and no longer than its time."""
    store.marks.first("token", "brand", "a worker that died", clock.now(), clock.now() + LEASE + timedelta(minutes=1))
    with pytest.raises(RetryLater, match="Another worker renews"):
        worker().token(network.renew)

    clock.advance(timedelta(minutes=2))

    assert "access-token-1" == worker().token(network.renew).access


def test_lost(worker: Worker, network: Network, vault: Vault) -> None:
    """When the network takes the refresh token no more, that is passed on, and the last token is kept."""
    worker().token(network.renew)
    network.given = 5

    with pytest.raises(AccessLost):
        worker().token(network.renew, refused="access-token-1")
    kept = vault.token("brand", "brand.example")
    assert kept is not None
    assert "access-token-1" == kept.access


def test_another_account(worker: Worker, network: Network, clock: VirtualClock) -> None:
    """When the connection leads to another account or server by now, the token of the last one is not sent there."""
    worker().token(network.renew)
    clock.advance(LEASE)

    def renew(last: Token | None) -> Token:
        assert last is None
        return Token(access="theirs-alone")

    assert "theirs-alone" == worker("other.example").token(renew).access


def test_sealed_anew(worker: Worker, network: Network, vault: Vault) -> None:
    """A token is sealed anew with the rest when the key changes, and is neither a secret nor a connection."""
    worker().token(network.renew)
    vault.rekey()

    assert network.good == worker().token(network.renew).access
    assert ({}, []) == (dict(vault.connections()), list(vault.secrets()))


@pytest.mark.parametrize("sealed", [True, False])
def test_auth(worker: Worker, network: Network, clock: VirtualClock, sealed: bool) -> None:
    """A request that is refused for its token is sent once more with another, and no more than that."""
    heard: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request.headers["authorization"])
        return httpx.Response(200 if heard[-1] == "Bearer access-token-2" else 401)

    keeper: TokenKeeper = worker() if sealed else OwnTokens(clock)
    client = httpx.Client(transport=httpx.MockTransport(answer), auth=TokenAuth(keeper, network.renew))

    assert 200 == client.post("https://example.org/").status_code
    assert ["Bearer access-token-1", "Bearer access-token-2"] == heard

    client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(401)))
    client.auth = TokenAuth(keeper, network.renew)
    assert 401 == client.get("https://example.org/").status_code
    assert 3 == network.given


def test_not_shown() -> None:
    """A token shows neither of its secrets."""
    token = Token(access="access-token-1", refresh="refresh-token-1")

    assert "token-1" not in repr(token)
