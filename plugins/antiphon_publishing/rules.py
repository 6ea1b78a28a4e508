"""The rules for links, as `links.toml` says them: which are tagged, by what, and which are not made short.

    hosts = ["torrea.example"]       # only links to these are tagged, and what lies below them

    [utm]
    medium = "social"

    [connections.brand]
    short = true                     # also where the network sees no need for it
    utm = {source = "mastodon-brand"}

Without the file nothing is tagged by rule, and `source` is the name of the network.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files as resources

from pydantic import Field, ValidationError

from antiphon import Attachment, Files, GiveUp, Options, describe
from antiphon_publishing.tagging import Parameter

FILE = "links.toml"


class AccountRules(Options):
    """What holds for one account."""

    short: bool | None = None
    utm: Mapping[Parameter, str] = Field({}, max_length=5)


class LinkRules(Options):
    """What holds for the links of a workspace."""

    hosts: tuple[str, ...] = ()
    utm: Mapping[Parameter, str] = Field({}, max_length=5)
    connections: Mapping[str, AccountRules] = {}

    @classmethod
    def read(cls, content: bytes) -> LinkRules:
        """What a file says. Raises GiveUp with what is wrong with it."""
        try:
            return cls.model_validate(tomllib.loads(content.decode()))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise GiveUp(f"{FILE} is not TOML: {error}.", hint="Mend that line.") from error
        except ValidationError as error:
            raise GiveUp(f"{FILE}: {describe(error)}.", hint="See docs/publishing.md.") from error

    @classmethod
    def of(cls, files: Files) -> LinkRules:
        """Those of a workspace; the rules without a file when it has none."""
        try:
            found = files.look(Attachment(file=FILE))
        except GiveUp:
            return cls()
        return cls.read(files.load(found).content)

    def parameters(self, connection: str, network: str, campaign: str, content: str) -> Mapping[str, str]:
        """What a link gets: the post's own word before the account's, and that before the workspace's."""
        account = self.connections.get(connection, AccountRules())
        given: dict[str, str] = {"source": network, **{str(name): value for name, value in self.utm.items()}}
        given |= {str(name): value for name, value in account.utm.items()}
        return given | {name: value for name, value in (("campaign", campaign), ("content", content)) if value}

    def exempt(self, connection: str, network: str) -> str:
        """Why a link is not made short there; empty when it is."""
        own = self.connections.get(connection, AccountRules()).short
        if own is not None:
            return "" if own else f"{FILE} says so"
        found = exempt().get(network)
        return found.because if found else ""


class Exempt(Options):
    """Why a network sees no need for short links, who says so, and when somebody looked last."""

    because: str
    source: str
    checked_on: date


@cache
def exempt() -> Mapping[str, Exempt]:
    """The networks on which links stay as they are."""
    told = tomllib.loads(resources("antiphon_publishing").joinpath("shorteners.toml").read_text("utf-8"))
    return {network: Exempt.model_validate(one) for network, one in told.items()}
