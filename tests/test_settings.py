"""Settings: read from antiphon.toml and the environment, or refused with a sentence that names the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.errors import SettingsError
from antiphon.settings import Settings


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTIPHON_DATABASE__URL", "ANTIPHON_WORKSPACE__NAME", "ANTIPHON_HTTP"):
        monkeypatch.delenv(name, raising=False)


def load(folder: Path, text: str) -> Settings:
    (folder / "antiphon.toml").write_text(text, encoding="utf-8")
    return Settings.load(folder)


def test_defaults(tmp_path: Path) -> None:
    """A folder without a file has the defaults, and its database below it."""
    settings = Settings.load(tmp_path)

    assert ("Antiphon", "", {}) == (settings.workspace.name, settings.workspace.timezone, settings.connections)
    assert f"sqlite:///{tmp_path.resolve()}/.antiphon/antiphon.db" == settings.database_url
    assert settings.prefect_api_url is None


def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment stands before the file, key by key."""
    monkeypatch.setenv("ANTIPHON_WORKSPACE__NAME", "From outside")
    settings = load(tmp_path, '[workspace]\nname = "From the file"\nlanguage = "fr"\n')

    assert ("From outside", "fr") == (settings.workspace.name, settings.workspace.language)


def test_connections(tmp_path: Path) -> None:
    """A connection keeps the options that only its connector knows."""
    settings = load(tmp_path, '[connections.brand]\nconnector = "mastodon"\nserver = "https://example.social"\n')

    assert {"server": "https://example.social"} == settings.connections["brand"].options


def test_password_is_not_shown(tmp_path: Path) -> None:
    """The database's address, which may hold a password, is not shown with the settings."""
    assert "canary" not in repr(load(tmp_path, '[database]\nurl = "postgresql://a:canary@db/x"\n'))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[workspace\n", "is not TOML"),
        ('[workspace]\ntimezone = "Paris"\n', "workspace.timezone"),
        ('[workspace]\nlanguage = "klingon"\n', "workspace.language"),
        ("[workspace]\nname = 7\n", "workspace.name"),
        ("[wrkspace]\n", "wrkspace"),
        ('[workspace]\nnmae = "x"\n', "workspace.nmae"),
        ("[web]\nport = 70000\n", "web.port"),
        ('[http]\ntimeout = "soon"\n', "http.timeout"),
        ("[connections.brand]\n", "connections.brand.connector"),
        ("connections = 3\n", "connections"),
        ('[flags]\ncrisis = "maybe"\n', "flags.crisis"),
    ],
)
def test_refused(tmp_path: Path, text: str, told: str) -> None:
    """What cannot be is refused with the file and the key."""
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)

    assert told in str(caught.value)
    assert "antiphon.toml" in str(caught.value)


def test_not_utf8(tmp_path: Path) -> None:
    """A file in another encoding is refused in words."""
    (tmp_path / "antiphon.toml").write_bytes(b'[workspace]\nname = "Torr\xe9a"\n')

    with pytest.raises(SettingsError, match="is not TOML"):
        Settings.load(tmp_path)


@pytest.mark.parametrize("name", ["ANTIPHON_HTTP", "ANTIPHON_CONNECTIONS", "ANTIPHON_FLAGS"])
def test_environment_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A variable that should hold a table, and does not, is refused in words."""
    monkeypatch.setenv(name, "not a table")

    with pytest.raises(SettingsError, match=r"environment.*(?i:http|connections|flags)"):
        Settings.load(tmp_path)


def test_no_folder_for_data(tmp_path: Path) -> None:
    """When the workspace's own folder cannot be made, that is said."""
    (tmp_path / ".antiphon").write_text("in the way", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"\.antiphon cannot be made"):
        _ = Settings.load(tmp_path).data
