"""Settings: antiphon.toml of a workspace, overridden by the environment.

    [workspace]
    name = "Torréa"
    timezone = "Europe/Paris"
    language = "fr"

    [connections.brand]
    connector = "mastodon"
    server = "https://example.social"
    token = "${{ secrets.brand_token }}"

    [groups]
    brand = ["ana", "ben"]

An environment variable such as ANTIPHON_DATABASE__URL stands before the file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableVariable

from antiphon.errors import SettingsError
from antiphon.model.alert import AlertKind
from antiphon.model.base import describe
from antiphon.model.duration import Duration
from antiphon.model.policy import PolicySettings
from antiphon.model.retention import RetentionSettings

FILE = "antiphon.toml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WorkspaceSettings(_Part):
    """Whose presence this is."""

    name: str = "Antiphon"
    timezone: str = ""
    language: Literal["en", "fr"] = "en"

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and not is_timezone(value):
            raise ValueError(f"{value!r} is not an IANA time zone such as Europe/Paris")
        return value


class DatabaseSettings(_Part):
    """Where everything is kept. Empty means a SQLite file in the workspace's .antiphon folder."""

    url: SecretStr = SecretStr("")


class HttpSettings(_Part):
    """Hosts that may be called at private or loopback addresses (`host` or `host:port`), and a call's time limit.

    `proxy` is the address of a proxy for everything that is called, `record` a file of the workspace to which every
    request and its answer is written without secrets, until it is taken out again.
    """

    allow_private: frozenset[str] = frozenset()
    timeout: Duration = Field(default="20s", validate_default=True)
    proxy: SecretStr = SecretStr("")
    record: str = ""

    @field_validator("proxy")
    @classmethod
    def _is_address(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and not text.startswith(("http://", "https://", "${{")):
            raise ValueError("a proxy is written as http://host:port")
        return value


class WebSettings(_Part):
    """Where webhooks and pages are served. `public_url` is how the world reaches webhooks and links, if it does."""

    host: str = "127.0.0.1"
    port: int = Field(8770, ge=1, le=65535)
    public_url: str = Field("", pattern=r"^(https?://[^/\s]+/?)?$")


class PrefectSettings(_Part):
    """The Prefect server to use; empty means that `antiphon up` starts one on loopback."""

    api_url: str = ""
    port: int = Field(4270, ge=1, le=65535)


class SecretsSettings(_Part):
    """Where the key is kept under which stored credentials are sealed, unless the environment gives it."""

    key: Literal["file", "keyring"] = "file"


class AlertSettings(_Part):
    """Whom to tell when something needs a person: Apprise addresses, the kinds of alert that count, and how long
    alerts of one kind are gathered into one message."""

    to: tuple[SecretStr, ...] = ()
    on: frozenset[AlertKind] = frozenset(get_args(AlertKind))
    group: Duration = Field(default="5m", validate_default=True)


class ConnectionSettings(BaseModel):
    """An account on a network; the keys beside `connector` are that connector's options."""

    model_config = ConfigDict(frozen=True, extra="allow")

    connector: str

    @property
    def options(self) -> dict[str, Any]:
        """The connector's options, unread."""
        return dict(self.model_extra or {})


class Settings(BaseSettings):
    """All settings of one workspace. `folder` is where antiphon.toml stands or would stand."""

    model_config = SettingsConfigDict(
        env_prefix="ANTIPHON_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    folder: Path
    workspace: WorkspaceSettings = WorkspaceSettings()
    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    web: WebSettings = WebSettings()
    prefect: PrefectSettings = PrefectSettings()
    secrets: SecretsSettings = SecretsSettings()
    policy: PolicySettings = PolicySettings()
    retention: RetentionSettings = RetentionSettings()
    alerts: AlertSettings = AlertSettings()
    connections: dict[str, ConnectionSettings] = {}
    flags: dict[str, bool] = {}
    groups: dict[str, tuple[str, ...]] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before the file, which `load` hands in."""
        return env_settings, init_settings

    @classmethod
    def load(cls, folder: Path) -> Settings:
        """Read the settings of a workspace folder; a folder without antiphon.toml has the defaults.

        Raises:
            SettingsError: with the key, what is wrong with it, and the file.
        """
        path = folder / FILE
        try:
            written = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} is not TOML: {error}.", hint="Mend that line.") from error
        except OSError as error:
            raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
        try:
            return cls(**{**written, "folder": folder.resolve()})
        except ValidationError as error:
            raise SettingsError(f"{path}: {describe(error)}.", hint="See `antiphon init` for every key.") from None
        except UnreadableVariable as error:
            hint = "Look at the environment variables that begin with ANTIPHON_."
            raise SettingsError(f"The environment cannot be used: {error}.", hint=hint) from None

    @property
    def data(self) -> Path:
        """The workspace's own folder for the database and the like; made when first asked for. Raises SettingsError."""
        path = self.folder / ".antiphon"
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"{path} cannot be made: {error.strerror}.", hint="May you write there?") from error
        return path

    @property
    def database_url(self) -> str:
        """The database's URL, which may hold a password: never to be shown."""
        return self.database.url.get_secret_value() or f"sqlite:///{self.data / 'antiphon.db'}"

    @property
    def has_database(self) -> bool:
        """Whether there is a database to look into, so that nobody makes one only to find it empty."""
        return bool(self.database.url.get_secret_value()) or (self.folder / ".antiphon" / "antiphon.db").exists()

    @property
    def base_url(self) -> str:
        """Where the workspace's own pages are served."""
        return f"http://{self.web.host}:{self.web.port}"

    @property
    def public_url(self) -> str:
        """What the address of something that is meant for people outside begins with."""
        return self.web.public_url.rstrip("/") or self.base_url

    @property
    def prefect_api_url(self) -> str | None:
        """The operator's own Prefect server, if there is one."""
        return self.prefect.api_url or None


def is_timezone(name: str) -> bool:
    """Whether the name is an IANA time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
