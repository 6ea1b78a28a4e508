"""Connections: the accounts that antiphon.toml names, opened when they are first needed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.components.connector import Connector
from antiphon.components.http import Http
from antiphon.errors import GiveUp, SettingsError
from antiphon.model.base import describe
from antiphon.model.effect import Idempotency
from antiphon.runtime.secrets import Secrets
from antiphon.settings import ConnectionSettings
from antiphon.suggest import nearest

T = TypeVar("T")


class ConnectionBook:
    """Every connection of the workspace by name; each is opened once and kept."""

    def __init__(
        self,
        settings: Mapping[str, ConnectionSettings],
        catalogue: Catalogue,
        secrets: Secrets,
        http: Http,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._secrets = secrets
        self._http = http
        self._clock = clock
        self._open: dict[str, Connector] = {}
        self._lock = threading.Lock()

    def names(self) -> Mapping[str, str]:
        """The connections and the connector of each."""
        return {name: one.connector for name, one in self._settings.items()}

    def connector(self, name: str) -> Connector:
        """The open connector of a connection.

        Raises:
            GiveUp: there is no such connection.
            SettingsError: its options are wrong.
            SecretMissing: a secret it names is not set.
        """
        with self._lock:
            if name not in self._open:
                self._open[name] = self._opened(name)
            return self._open[name]

    def reader(self, name: str, of: type[T]) -> T:
        """The connection's client that can only read; see components.context.Connections."""
        return self._fitting(name, self.connector(name).reader(), of)

    def writer(self, name: str, of: type[T]) -> T:
        """The connection's client that can also write; see components.context.Connections."""
        return self._fitting(name, self.connector(name).writer(), of)

    def idempotency(self, name: str, verb: str) -> Idempotency:
        """What the connector declares for a verb; `none` when it declares nothing."""
        settings = self._settings.get(name)
        connector = self._catalogue.connectors.get(settings.connector) if settings else None
        return connector.idempotency.get(verb, "none") if connector else "none"

    def _opened(self, name: str) -> Connector:
        settings = self._settings.get(name)
        if settings is None:
            hint = nearest(name, self._settings) or f"Add [connections.{name}] to antiphon.toml."
            raise GiveUp(f"There is no connection `{name}`.", hint=hint)
        connector = self._catalogue.connectors.get(settings.connector)
        if connector is None:
            hint = self._catalogue.suggest(settings.connector, "connectors") or "See `antiphon plugins list`."
            raise SettingsError(f"[connections.{name}]: there is no connector `{settings.connector}`.", hint=hint)
        try:
            options: Any = connector.Options.model_validate(self._secrets.reveal_written(settings.options))
        except ValidationError as error:
            hint = f"See `antiphon show {connector.name}`."
            raise SettingsError(f"[connections.{name}]: {describe(error)}.", hint=hint) from None
        return connector(name, options, self._http, self._clock)

    def _fitting(self, name: str, client: object | None, of: type[T]) -> T:
        if isinstance(client, of):
            return client
        network = self._settings[name].connector
        if client is None:
            raise GiveUp(f"`{name}` is a connection to {network}, which cannot be written to.")
        raise GiveUp(f"`{name}` is a connection to {network}, which is not what this action needs.")
