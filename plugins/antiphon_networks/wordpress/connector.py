"""A connection to one account of a WordPress site."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.wordpress.abilities import Reader, Writer
from antiphon_networks.wordpress.client import LIMITS
from antiphon_networks.wordpress.sources import Comments, Posts

_PLACE = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


def _site(text: Any) -> str:
    """`https://host[:port][/folder]` of what a person may write; http only to this machine, since the password would
    be seen."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("write the address of the site, such as https://blog.example.org")
    written = text.strip() if "://" in text else f"https://{text.strip()}"
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not _PLACE.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is not the address of a site; write it like https://blog.example.org")
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        raise ValueError(f"{text!r} would send the password in the clear; write https://")
    folder = parts.path.rstrip("/").removesuffix("/wp-json").removesuffix("/wp-admin")
    return f"{parts.scheme}://{parts.netloc}{folder}"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _password(secret: SecretStr) -> SecretStr:
    """Spaces are for the eye only; WordPress leaves them out (wp_authenticate_application_password, 6.1)."""
    password = "".join(secret.get_secret_value().split())
    if not password or not password.isascii() or not password.isprintable():
        raise ValueError("this is no application password: it is empty, or has characters outside ASCII")
    return SecretStr(password)


class WordPressOptions(Options):
    """An account of a WordPress site."""

    model_config = ConfigDict(hide_input_in_errors=True)

    site: Annotated[str, BeforeValidator(_site)] = Field(
        description="The address of the site, such as https://blog.example.org."
    )
    username: str = Field(description="The name that the account logs in with.", min_length=1, pattern=r"^[^:]+$")
    password: Annotated[SecretStr, AfterValidator(_password)] = Field(
        description="An application password of the account (Users → Profile → Application Passwords)."
    )


class WordPress(Connector):
    """An account of a WordPress site, by its REST API.

    [connections.blog]
    connector = "wordpress"
    site = "https://blog.example.org"
    username = "torrea"
    password = "${{ secrets.blog_password }}"

    The account needs the role of an author to post, and that of an editor to hear comments.
    """

    name = "wordpress"
    Options = WordPressOptions
    reader_class = Reader
    writer_class = Writer
    sources = (Comments, Posts)
    idempotency = {"post": "lookup", "reply": "lookup", "edit": "lookup", "delete": "lookup", "restore": "lookup"}
    limits = LIMITS

    def __init__(self, connection: str, options: WordPressOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        proof = f"{options.username}:{options.password.get_secret_value()}"
        headers = {"Authorization": f"Basic {b64encode(proof.encode()).decode()}", "Accept": "application/json"}
        self._client = http.client(f"{options.site}/wp-json", headers)
        self._reader = Reader(connection, self._client, clock)

    def reader(self) -> Reader:  # noqa: D102
        return self._reader

    def writer(self) -> Writer:  # noqa: D102
        return Writer(self.connection, self._client, self.clock)

    def documented(self) -> Mapping[str, Any]:
        """A site that has whatever category is looked for. The limits are those of `limits.toml`."""

        def categories(asked: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
            return [{"id": 0, "name": asked["search"]}]

        return {f"{urlsplit(self.options.site).path}/wp-json/wp/v2/categories": categories}

    def check(self) -> str:  # noqa: D102
        reader = Reader(self.connection, self._client, self.clock)
        roles = ", ".join(map(str, reader.account().get("roles", ()))) or "no role"
        return f"{reader.account()['name']} ({roles}) on “{reader.site()['name']}”, {reader.server}"
