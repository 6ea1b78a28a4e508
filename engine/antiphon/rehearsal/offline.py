"""Offline: the workspace's accounts with nobody behind them; only what is documented of a network is answered."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from antiphon.components.connector import Connector
from antiphon.components.http import Http
from antiphon.errors import GiveUp
from antiphon.runtime.connections import ConnectionBook
from antiphon.runtime.secrets import Secrets

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


class OutOfReach(GiveUp):
    """Something that only a network knows, asked in a rehearsal."""


@dataclass(frozen=True)
class OfflineHttp(Http):
    """HTTP that leads nowhere. `answers` has bodies as `Connector.documented`; any other request is OutOfReach."""

    answers: dict[str, Any] = field(default_factory=dict)

    def client(self, base_url: str = "", headers: dict[str, str] | None = None) -> httpx.Client:
        """A client without a network."""
        import httpx

        def answer(request: httpx.Request) -> httpx.Response:
            asked = PurePosixPath(request.url.path)
            for path, said in self.answers.items():
                if asked.match(path):
                    return httpx.Response(200, json=said(dict(request.url.params)) if callable(said) else said)
            raise OutOfReach(f"Nobody asks {request.url.host} in a rehearsal.")

        return httpx.Client(base_url=base_url, headers=headers or {}, transport=httpx.MockTransport(answer))


class OfflineConnections(ConnectionBook):
    """The connections of a workspace, with made-up secrets and without a way to write."""

    def writer(self, name: str, of: type[T]) -> T:  # noqa: D102
        raise OutOfReach(f"Nothing is sent by `{name}` in a rehearsal.")

    def _opened(self, name: str) -> Connector:
        settings = self._found(name)
        connector = self._catalogue.connectors.get(settings.connector) if settings else None
        if settings is None or connector is None:
            return super()._opened(name)  # which says what is missing
        http = OfflineHttp()
        try:
            opened = connector(name, self._made_up(connector, settings.options), http, self._clock)
        except GiveUp as trouble:  # a secret that is made up is not always what a network takes
            raise OutOfReach(f"A connection to {connector.name} cannot be made up.") from trouble
        http.answers.update(opened.documented())
        return opened

    def _made_up(self, connector: type[Connector], written: Mapping[str, Any]) -> Any:
        """The options as they are written. What is missing, such as a secret, is as the reference page shows it."""
        problem: ValidationError | None = None
        for options in (written, {**_example(connector), **written}):
            try:
                return connector.Options.model_validate(self._secrets.reveal_written(options))
            except ValidationError as error:
                problem = error
        raise OutOfReach(f"A connection to {connector.name} cannot be made up.") from problem


def made_up_secrets() -> Secrets:
    """A value for every secret that is asked for; none is looked up."""
    return Secrets(lambda name: f"rehearsal-{name}")


def _example(connector: type[Connector]) -> dict[str, Any]:
    """The options of the connection that a connector's reference page shows."""
    try:
        [options] = tomllib.loads(connector.example())["connections"].values()
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError):
        return {}
    return {name: value for name, value in options.items() if name != "connector"}
