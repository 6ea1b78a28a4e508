from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.builtins.secrets import secret
from antiphon.errors import SetupError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    path.write_text('shop = "from the file"\nempty = ""\nnumber = 7\n')
    path.chmod(0o600)
    return path


def test_environment() -> None:
    """A secret is an environment variable of its name."""
    assert secret("my-shop", {"ANTIPHON_SECRET_MY_SHOP": "value"}) == "value"


def test_environment_first(file: Path) -> None:
    """The environment goes before the file, and the file fills in."""
    environment = {"ANTIPHON_SECRETS_FILE": str(file), "ANTIPHON_SECRET_OTHER": "from the environment"}
    assert secret("shop", environment) == "from the file"
    assert secret("other", environment) == "from the environment"
    assert secret("shop", {**environment, "ANTIPHON_SECRET_SHOP": "mine"}) == "mine"


def test_usual_file(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a named file, the workspace's own is read."""
    (tmp_path / ".antiphon").mkdir()
    file.rename(tmp_path / ".antiphon" / "secrets.toml")
    monkeypatch.chdir(tmp_path)
    assert secret("shop", {}) == "from the file"


@pytest.mark.parametrize("name", ["empty", "unknown"])
def test_none(name: str, file: Path) -> None:
    """An empty secret and an unknown one are left to others."""
    assert secret(name, {"ANTIPHON_SECRETS_FILE": str(file)}) is None


def test_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace needs no file."""
    monkeypatch.chdir(tmp_path)
    assert secret("shop", {}) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_readable_by_others(mode: int, file: Path) -> None:
    """A file that others can read is refused, with the command that mends it, and without a value."""
    file.chmod(mode)
    with pytest.raises(SetupError, match="can be read by others") as refusal:
        secret("shop", {"ANTIPHON_SECRETS_FILE": str(file)})
    assert f"chmod 600 {file}" in str(refusal.value)
    assert "from the file" not in str(refusal.value)


def test_not_a_text(file: Path) -> None:
    """A value that is no text is refused, and not shown."""
    with pytest.raises(SetupError, match="is not a text") as refusal:
        secret("number", {"ANTIPHON_SECRETS_FILE": str(file)})
    assert "7" not in str(refusal.value).replace(str(file), "")


def test_not_toml(file: Path) -> None:
    """A file that is not TOML is refused, without a line of it."""
    file.write_text("shop = hunter2\n")
    with pytest.raises(SetupError, match="is not TOML") as refusal:
        secret("shop", {"ANTIPHON_SECRETS_FILE": str(file)})
    assert "hunter2" not in str(refusal.value)


def test_named_file_missing(tmp_path: Path) -> None:
    """A file that is named and not there is a mistake of the setup."""
    with pytest.raises(SetupError, match="cannot be read: No such file"):
        secret("shop", {"ANTIPHON_SECRETS_FILE": str(tmp_path / "nowhere.toml")})
