"""Connections: the accounts that antiphon.toml names, opened when they are first needed."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from antiphon.catalogue import Catalogue
from antiphon.components.capabilities import Ability
from antiphon.components.clock import Clock
from antiphon.components.connector import Connector
from antiphon.components.context import Readers
from antiphon.components.http import Http
from antiphon.components.source import Askable
from antiphon.errors import GiveUp, SettingsError
from antiphon.model.base import describe
from antiphon.model.effect import Idempotency
from antiphon.runtime.secrets import Secrets
from antiphon.runtime.vault import Vault
from antiphon.settings import ConnectionSettings
from antiphon.suggest import nearest

T = TypeVar("T")


class ConnectionBook:
    """Every connection of the workspace by name; each is opened once and kept, and speaks `http` of its own."""

    def __init__(
        self,
        settings: Mapping[str, ConnectionSettings],
        vault: Vault,
        catalogue: Catalogue,
        secrets: Secrets,
        http: Callable[[str], Http],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._catalogue = catalogue
        self._secrets = secrets
        self._http = http
        self._clock = clock
        self._known: dict[str, ConnectionSettings] = {}
        self._open: dict[str, Connector] = {}
        self._lock = threading.Lock()

    def names(self) -> Mapping[str, str]:
        """The connections and the connector of each. The store is looked into for a name that antiphon.toml lacks."""
        return _Names(self._settings, self._vault)

    def accounts(self) -> Sequence[Askable]:
        """The connections with what their networks can; those of connectors that are not installed can nothing."""
        found = []
        for name, network in self.names().items():
            connector = self._catalogue.connectors.get(network)
            can = (connector.abilities(), [one.name for one in connector.sources]) if connector else ()
            found.append(Askable(name, network, *can))
        return found

    def connector(self, name: str) -> Connector:
        """The open connector of a connection.

        Raises:
            GiveUp: there is no such connection.
            SettingsError: its options are wrong, or it is both in antiphon.toml and stored.
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
        """What the connection promises of a verb; `none` when its connector declares nothing."""
        settings = self._found(name)
        connector = self._catalogue.connectors.get(settings.connector) if settings else None
        return connector.promises(settings.options).get(verb, "none") if settings and connector else "none"

    def can(self, name: str, ability: Ability) -> bool:
        """Whether the connection's network has an ability, as its connector declares it."""
        settings = self._found(name)
        connector = self._catalogue.connectors.get(settings.connector) if settings else None
        return connector is not None and ability in connector.abilities()

    def network_of(self, name: str) -> str:
        """The name of the connection's connector; empty when there is no such connection."""
        settings = self._found(name)
        return settings.connector if settings else ""

    def fingerprint(self, name: str) -> str:
        """Twelve hexadecimal digits for which account a connection is, of all its options that are not secret.

        Empty when there is no such connection. A new token for the same account changes nothing.
        """
        settings = self._found(name)
        connector = self._catalogue.connectors.get(settings.connector) if settings else None
        if settings is None or connector is None:
            return ""
        secret = connector.secret_options()
        plain = {name: value for name, value in settings.options.items() if name not in secret}
        text = json.dumps([settings.connector, plain], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def readers(self) -> Readers:
        """The same connections without a way to write."""
        return _Readers(self)

    def _found(self, name: str) -> ConnectionSettings | None:
        """What is known of a connection, without what is sealed."""
        if name not in self._known:
            settings, stored = self._settings.get(name), self._vault.connection(name)
            if settings and stored:
                hint = f"Take it out of antiphon.toml, or run `antiphon connections remove {name}`."
                raise SettingsError(f"The connection `{name}` is both in antiphon.toml and stored.", hint=hint)
            if stored:
                settings = ConnectionSettings(connector=stored.connector, **stored.options)
            if settings is None:
                return None
            self._known[name] = settings
        return self._known[name]

    def _opened(self, name: str) -> Connector:
        settings = self._found(name)
        if settings is None:
            hint = nearest(name, self.names()) or f"Add [connections.{name}] to antiphon.toml, or store one."
            raise GiveUp(f"There is no connection `{name}`.", hint=hint)
        connector = self._catalogue.connectors.get(settings.connector)
        if connector is None:
            hint = self._catalogue.suggest(settings.connector, "connectors") or "See `antiphon plugins list`."
            raise SettingsError(f"[connections.{name}]: there is no connector `{settings.connector}`.", hint=hint)
        stored = self._vault.connection(name)
        written = {**settings.options, **(self._vault.options(stored) if stored else {})}
        given = self._secrets.reveal_written(written)
        for option in connector.secret_options():
            self._secrets.learn(str(given.get(option) or ""), f"[{option} of the connection]")
        try:
            options: Any = connector.Options.model_validate(given)
        except ValidationError as error:
            sentence = self._secrets.conceal(f"[connections.{name}]: {describe(error)}.")
            raise SettingsError(sentence, hint=f"See `antiphon show {connector.name}`.") from None
        return connector(name, options, self._http(name), self._clock)

    def _fitting(self, name: str, client: object | None, of: type[T]) -> T:
        if isinstance(client, of):
            return client
        network = self.names()[name]
        if client is None:
            raise GiveUp(f"`{name}` is a connection to {network}, which cannot be written to.")
        raise GiveUp(f"`{name}` is a connection to {network}, which is not what this action needs.")


class _Readers(Readers):
    """What is handed to whoever only looks: it has no word for writing."""

    def __init__(self, book: ConnectionBook) -> None:
        self._book = book

    def reader(self, name: str, of: type[T]) -> T:
        return self._book.reader(name, of)

    def idempotency(self, name: str, verb: str) -> Idempotency:
        return self._book.idempotency(name, verb)

    def can(self, name: str, ability: Ability) -> bool:
        return self._book.can(name, ability)

    def network_of(self, name: str) -> str:
        return self._book.network_of(name)


class _Names(Mapping[str, str]):
    """The connector of each connection. Documents that name only those of antiphon.toml are checked without a store."""

    def __init__(self, settings: Mapping[str, ConnectionSettings], vault: Vault) -> None:
        self._settings = settings
        self._vault = vault

    def __getitem__(self, name: str) -> str:
        if name in self._settings:
            return self._settings[name].connector
        if stored := self._vault.connection(name):
            return stored.connector
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({**self._settings, **self._vault.connections()})

    def __len__(self) -> int:
        return len(list(iter(self)))
