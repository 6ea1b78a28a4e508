"""The vault: sealed, bound to what it belongs to, and sealed anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from antiphon.components.ports import Credential, Store
from antiphon.errors import InputError, SetupError
from antiphon.runtime.keys import GivenKeys, KeyFile, Keys
from antiphon.runtime.sealing import new_key
from antiphon.runtime.vault import Vault
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock

TOKEN = "tok-5f2e-never-in-the-open"
SERVER = {"server": "https://a.example"}
Open = Callable[[Keys], Vault]


@pytest.fixture
def opened(store: Store, clock: VirtualClock) -> Open:
    """The same store, with the keys at hand."""
    return lambda keys: Vault(lambda make: store.credentials, keys, clock)


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "key", ours=True)


@pytest.fixture
def vault(opened: Open, file: KeyFile) -> Vault:
    vault = opened(file)
    vault.keep_connection("brand", "mastodon", SERVER, {"token": TOKEN})
    vault.keep_secret("shop", "shop-secret")
    return vault


def options(vault: Vault, name: str = "brand") -> dict[str, Any]:
    connection = vault.connection(name)
    assert connection is not None
    return vault.options(connection)


def test_round(vault: Vault, store: Store) -> None:
    """What was stored comes back; what is in the store shows no secret."""
    assert {**SERVER, "token": TOKEN} == options(vault)
    assert "shop-secret" == vault.secret("shop")
    assert vault.secret("other") is None
    assert TOKEN not in str(store.credentials.list())
    assert "shop-secret" not in str(store.credentials.list())


def test_replace(vault: Vault) -> None:
    """A connection is stored anew only when that is asked for; a secret always."""
    with pytest.raises(InputError, match="Add --replace"):
        vault.keep_connection("brand", "mastodon", {}, {"token": "other"})
    vault.keep_connection("brand", "mastodon", {}, {"token": "other"}, anew=True)
    vault.keep_secret("shop", "newer")
    assert {"token": "other"} == options(vault)
    assert "newer" == vault.secret("shop")


def test_remove(vault: Vault, opened: Open) -> None:
    """What is removed is gone, and that needs no key; what is not there cannot be removed."""
    opened(GivenKeys("")).remove("connection", "brand")
    assert vault.connection("brand") is None
    with pytest.raises(InputError, match="no stored connection `brand`"):
        vault.remove("connection", "brand")


def test_wrong_key(vault: Vault, opened: Open) -> None:
    """Another key opens nothing and seals nothing beside, and the sentence says which is needed and what to do."""
    stranger = opened(GivenKeys(new_key()))
    with pytest.raises(SetupError, match=r"`brand` is sealed under the key \w+, and .*ANTIPHON_KEY holds \w+.*Restore"):
        options(stranger)
    with pytest.raises(SetupError, match="Restore that key"):
        stranger.keep_secret("second", "value")
    assert "shop-secret" == vault.secret("shop")


def test_lost_key(vault: Vault, file: KeyFile) -> None:
    """Where the key file is gone no new key is made under what is stored."""
    Path(file.where).unlink()
    with pytest.raises(SetupError, match="holds none"):
        vault.secret("shop")
    with pytest.raises(SetupError, match="holds none"):
        vault.keep_secret("second", "value")
    assert not Path(file.where).exists()


@pytest.mark.parametrize("text", ["hunter2hunter2", "é", new_key() + " short"], ids=["word", "accent", "longer"])
def test_no_key(vault: Vault, opened: Open, text: str) -> None:
    """What is not a key is refused without being shown."""
    with pytest.raises(SetupError, match=r"is no key.*openssl rand") as refusal:
        opened(GivenKeys(text)).secret("shop")
    assert text not in str(refusal.value)


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"server": "https://thief.example"}},
        {"connector": "thief"},
        {"name": "brand2"},
        {"hidden": []},
        {"sealed": "gAAAAA"},
    ],
)
def test_bound(vault: Vault, store: Store, change: dict[str, Any]) -> None:
    """Whoever writes to the database without the key cannot send a token elsewhere."""

    def tampered(found: Sequence[Credential]) -> Sequence[Credential]:
        return [replace(one, **change) if one.name == "brand" else one for one in found]

    store.credentials.change(tampered)
    with pytest.raises(SetupError, match="was changed in the database by something else"):
        options(vault, change.get("name", "brand"))


def test_rekey(vault: Vault, file: KeyFile, opened: Open) -> None:
    """After a rekey everything opens with the new key, nothing with the old one, and the old one is forgotten."""
    old = file.held()
    assert 2 == vault.rekey()
    assert file.held() != old
    assert 1 == len(file.held().split())
    assert TOKEN == options(vault)["token"]
    with pytest.raises(SetupError, match="sealed under the key"):
        opened(GivenKeys(old)).secret("shop")


def test_rekey_broken_off(vault: Vault, file: KeyFile) -> None:
    """Between the new key file and the new seals both keys are there: all opens, and it can be done again."""
    file.hold([new_key(), *file.held().split()])
    assert TOKEN == options(vault)["token"]
    vault.keep_secret("between", "sealed-under-the-new-one")
    assert 3 == vault.rekey()
    assert 1 == len(file.held().split())
    assert "sealed-under-the-new-one" == vault.secret("between")


def test_rekey_given(vault: Vault, file: KeyFile, opened: Open) -> None:
    """A key from the environment is changed by its owner: the new one before the old one."""
    old, new = file.held().strip(), new_key()
    with pytest.raises(SetupError, match="Put a new key before the old one"):
        opened(GivenKeys(old)).rekey()
    assert 2 == opened(GivenKeys(f"{new} {old}")).rekey()
    assert "shop-secret" == opened(GivenKeys(new)).secret("shop")


def test_rekey_unopened(vault: Vault, store: Store, file: KeyFile) -> None:
    """When one thing cannot be opened, nothing is changed."""
    store.credentials.change(lambda found: [replace(one, key="lost") if one.name == "shop" else one for one in found])
    before = (file.held(), store.credentials.list())
    with pytest.raises(SetupError, match="sealed under the key lost"):
        vault.rekey()
    assert before == (file.held(), store.credentials.list())


def test_at_once(store_url: str, store: Store, file: KeyFile, clock: VirtualClock) -> None:
    """Rekeying and storing at once lose nothing."""
    stores = [open_store(store_url, clock) for _ in range(3)]
    vaults = [Vault(lambda make, one=one: one.credentials, file, clock) for one in stores]  # type: ignore[misc]

    def work(number: int) -> None:
        vault = vaults[number % 3]
        vault.keep_secret(f"s{number}", f"value-{number}")
        if number % 4 == 0:
            vault.rekey()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(24)))
    assert [f"value-{number}" for number in range(24)] == [vaults[0].secret(f"s{number}") for number in range(24)]
    assert 1 == len(file.held().split())
    for one in stores:
        one.close()
