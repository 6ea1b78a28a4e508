"""Where the key comes from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from antiphon.errors import SetupError
from antiphon.runtime.keys import KeyFile, keys_of


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "inner" / "key", ours=True)


def test_file(file: KeyFile, tmp_path: Path) -> None:
    """The workspace's key file is for its owner only, and nothing else is left beside it."""
    assert "" == file.held()
    file.begin("one")
    assert ["one"] == file.held().split()
    file.hold(["two", "one"])
    assert ["two", "one"] == file.held().split()
    assert 0o600 == (tmp_path / "inner" / "key").stat().st_mode & 0o777
    assert ["key"] == [path.name for path in (tmp_path / "inner").iterdir()]


def test_first_stands(file: KeyFile) -> None:
    """Of several who begin at once, one key stands."""

    def begin(number: int) -> str:
        file.begin(str(number))
        return file.held()

    with ThreadPoolExecutor(8) as pool:
        held = set(pool.map(begin, range(40)))
    assert 1 == len(held)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_open_file(file: KeyFile, tmp_path: Path, mode: int) -> None:
    """A key file that others can read is refused, with the command that mends it."""
    file.begin("hidden")
    (tmp_path / "inner" / "key").chmod(mode)
    with pytest.raises(SetupError, match="can be read by others") as refusal:
        file.held()
    assert f"chmod 600 {file.where}" in str(refusal.value)
    assert "hidden" not in str(refusal.value)


def test_environment_first(tmp_path: Path) -> None:
    """The environment's key goes before its file, and that before the workspace's own; neither is ours to change."""
    named = tmp_path / "named"
    named.write_text("from-file")
    named.chmod(0o600)
    given = {"ANTIPHON_KEY_FILE": str(named)}
    assert "from-file" == keys_of(tmp_path, "file", given).held()
    keys = keys_of(tmp_path, "keyring", {**given, "ANTIPHON_KEY": "from-variable"})
    assert "from-variable" == keys.held()
    assert not keys.ours
    with pytest.raises(SetupError, match="only be changed by you"):
        keys.hold(["mine"])


def test_named_file_missing(tmp_path: Path) -> None:
    """A key file that is named must be there."""
    with pytest.raises(SetupError, match=r"no key file .*nowhere\. Correct ANTIPHON_KEY_FILE"):
        keys_of(tmp_path, "file", {"ANTIPHON_KEY_FILE": "nowhere"}).held()


class Memory(KeyringBackend):
    """A keyring that forgets everything."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("shut")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def memory() -> Iterator[Memory]:
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_keyring(memory: Memory, tmp_path: Path) -> None:
    """The system's keyring holds the key where the settings say so, one a workspace."""
    keys = keys_of(tmp_path, "keyring", {})
    keys.begin("one")
    keys.begin("other")
    assert "one" == keys.held()
    assert {("antiphon", str(tmp_path)): "one"} == memory.kept
    assert "" == keys_of(tmp_path / "b", "keyring", {}).held()


def test_keyring_locked(memory: Memory, tmp_path: Path) -> None:
    """A keyring that is shut is the operator's to open."""
    memory.locked = True
    with pytest.raises(SetupError, match="keyring cannot be used: KeyringLocked"):
        keys_of(tmp_path, "keyring", {}).held()


def test_keyring_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the command that installs it is told."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SetupError, match=r"pip install 'antiphon\[keyring\]'"):
        keys_of(tmp_path, "keyring", {}).held()
