"""A connection to one account of a WordPress site."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.sites import site_address
from antiphon_networks.wordpress.abilities import Reader, Writer
from antiphon_networks.wordpress.client import LIMITS
from antiphon_networks.wordpress.sources import Comments, Posts


def _site(text: Any) -> str:
    """The address of the site itself, where a person has copied that of a room in it."""
    return site_address(text).removesuffix("/wp-json").removesuffix("/wp-admin")


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
