"""Links of the brand's own: tagged by rule, and made short where the network does not mind.

publishing.link    by code: where it leads, for whom, and how often somebody went there
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Computation,
    Done,
    Effect,
    GiveUp,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Record,
    Rejected,
    payload_hash,
    short,
)
from antiphon_publishing.rules import LinkRules
from antiphon_publishing.tagging import tagged

KIND = "publishing.link"
PATH = "l"
"""The first word of the addresses of short links."""

LONGEST = 2000
"""Characters of an address: what is longer is not followed everywhere."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is taken for another (crockford.com/base32.html, 2019)."""


class Tag(Computation):
    """Put the parameters of links.toml into the links of a text, for the account that says it.

    id: words
    use: link.tag
    with: {text: "${{ event.text }}", connection: brand, campaign: spring}

    The result has `text`. Parameters that a link has already stay, so to tag twice is to tag once.
    """

    name = "link.tag"

    class Options(antiphon.Options):
        """Which text, and for whom."""

        text: str = Field(description="A text, or an address alone.")
        connection: str = Field(description="The account that says it.")
        campaign: str = Field("", description="The campaign: utm_campaign.")
        content: str = Field("", description="Which of its posts: utm_content.")

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """`text`, with every link of the brand's own hosts tagged."""
        rules, network = LinkRules.of(ctx.files), ctx.connections.network_of(options.connection)
        given = rules.parameters(options.connection, network, options.campaign, options.content)
        return {"text": tagged(options.text, given, rules.hosts) if rules.hosts else options.text}


class Shorten(Action):
    """Make a short link of the brand's own, on which clicks are counted; tagged by links.toml before.

    id: link
    use: link.shorten
    with:
      url: https://torrea.example/beans
      connection: sky
      campaign: spring
      tags: {creator: "${{ event.author.id }}"}

    The result has `url`, which a text may say, and `code`. The same link for the same account and campaign is always
    the same. Where the network sees no need for short links, `url` is the address itself, tagged.
    """

    name = "link.shorten"
    outward = False

    class Options(antiphon.Options):
        """Where it leads, for whom, and what its clicks are known by."""

        url: str = Field(min_length=1, description="Where the link leads: an address with http or https.")
        connection: str = Field("", description="The account that says it.")
        campaign: str = Field("", max_length=200, description="The campaign: utm_campaign, and `campaign` of a click.")
        content: str = Field("", max_length=200, description="Which of its posts: utm_content.")
        tags: dict[str, str] = Field({}, max_length=20, description="What else is to be told of every click.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The link as it would be kept, with its code."""
        connection = options.connection
        target = address(options.url)
        rules = LinkRules.of(ctx.files)
        network = ctx.connections.network_of(connection) if connection else ""
        if rules.hosts:
            given = rules.parameters(connection, network, options.campaign, options.content)
            target = address(tagged(target, given, rules.hosts))
        said = {"target": target, "connection": connection, "campaign": options.campaign, "tags": options.tags}
        if because := rules.exempt(connection, network):
            told = f"Leave {short(target)} as it is: {because}"
            return ctx.effect(self.name, told, {**said, "code": "", "url": target})
        base = str(ctx.scope.get("workspace", {}).get("url", ""))
        if not base:
            raise GiveUp(
                "The workspace has no address that people outside can open.",
                hint='Set public_url = "https://go.example.org" under [web] in antiphon.toml.',
            )
        code = code_of(said)
        url = f"{base}/{PATH}/{code}"
        return ctx.effect(self.name, f"Make {url} lead to {short(target)}", {**said, "code": code, "url": url})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Keep the link, unless it is there; one that leads elsewhere is never changed."""
        said = {name: effect.payload[name] for name in ("target", "connection", "campaign", "tags")}
        if code := effect.payload["code"]:
            kept = ctx.records.amend(KIND, code, lambda known: known or {**said, **NOBODY}, ctx.clock.now())
            if kept.data["target"] != said["target"]:
                return Rejected(f"{effect.payload['url']} leads elsewhere.", "Give the link another campaign.")
        told, hashed = {"code": code, "target": said["target"]}, payload_hash(effect.payload)
        return Done(Receipt(url=effect.payload["url"], at=ctx.clock.now(), payload_hash=hashed, data=told))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To keep a link again changes nothing, so what is in doubt is done again."""
        return None


NOBODY: Mapping[str, int] = {"clicks": 0, "visitors": 0, "bots": 0}
"""How often somebody went there: before anybody did."""


def untagged(record: Record, names: Collection[str]) -> Mapping[str, Any]:
    """A link without the tags that name somebody: what was published must still lead where it led."""
    tags = {name: value for name, value in record.data["tags"].items() if value.casefold() not in names}
    return {**record.data, "tags": tags}


def code_of(said: Mapping[str, Any]) -> str:
    """The code of a link: 40 bits of the SHA-256 of what it is, in eight letters and digits."""
    known = json.dumps(said, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    bits = int.from_bytes(hashlib.sha256(known).digest()[:5], "big")
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))


def address(text: str) -> str:
    """A web address that may be linked to. Raises GiveUp for anything else."""
    found = text.strip()
    try:
        parts = urlsplit(found)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or not found.isprintable() or " " in found or "\\" in found:
        raise GiveUp(f"{short(text)!r} is no web address.", hint="Write it whole, such as https://example.org/page.")
    if len(found) > LONGEST:
        raise GiveUp(f"The address has {len(found):,} characters; {LONGEST:,} are the most.", hint="Shorten it.")
    return found
