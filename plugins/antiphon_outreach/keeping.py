"""Keeping somebody as a creator: from an event's author, from who follows whom, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Done,
    Effect,
    GiveUp,
    Outcome,
    PerformContext,
    Person,
    ReadContext,
    Receipt,
    email_of,
    one_line,
    payload_hash,
    profile_of,
)
from antiphon_outreach.book import Book

LONGEST_BIO = 2000
"""Characters of what somebody says of themselves that are kept."""


class Keep(Action):
    """Keep somebody as a creator, with where they were met.

    use: creators.keep
    with:
      person: ${{ event.author }}
      source: ${{ event.url }}
      tags: [coffee]
    """

    name = "creators.keep"
    outward = False

    class Options(antiphon.Options):
        """Who, and what is known of them."""

        person: dict[str, Any] = Field(description="Who: `id`, and `handle`, `name`, `url`, `bio` where it is known.")
        source: str = Field(default="", description="Where they were met: the address of a post, a list.")
        email: str = Field(default="", description="Where they may be written to.")
        language: str = Field(default="", description="Their language, such as `fr`.")
        country: str = Field(
            default="", description="Where they work from, such as `FR`: its rules gate what is agreed."
        )
        timezone: str = Field(default="", description="Their time zone, for hours with `tz: subject`.")
        tags: list[str] = Field(default=[], max_length=20, description="Words to find them by.")
        codes: list[str] = Field(default=[], max_length=20, description="Codes and links that are theirs alone.")
        facts: dict[str, Any] = Field(default={}, description="What else is known, such as `audience_fit`, 0 to 1.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The creator as they would be kept."""
        creator = account_id(options.person)
        if not creator:
            raise GiveUp("The creator is nobody: `person` has no id.", hint="Write `person: ${{ event.author }}`.")
        if options.email and not email_of(options.email):
            raise GiveUp(
                f"The address of {creator} is not an e-mail address.", hint="Leave `email` out, or correct it."
            )
        met = {"at": ctx.clock.now().isoformat(), "how": ctx.here.workflow, "where": one_line(options.source)}
        said = {
            **{name: one_line(options.person.get(name)) for name in ("handle", "name", "url")},
            "network": creator.partition(":")[0] if ":" in creator else "",
            "bio": one_line(options.person.get("bio"), LONGEST_BIO),
            "email": email_of(options.email),
            **{name: one_line(getattr(options, name)) for name in ("language", "country", "timezone")},
            "tags": [one_line(tag) for tag in options.tags],
            "codes": [one_line(code) for code in options.codes],
            "met": [met],
            "facts": options.facts,
        }
        summary = f"Keep {said['handle'] or creator} as a creator"
        return ctx.effect(self.name, summary, {"creator": creator, "said": said})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Keep them; what was kept before stays."""
        creator, said, now = effect.payload["creator"], effect.payload["said"], ctx.clock.now()
        book = Book(ctx.records)
        book.keep({creator: said}, now)
        ctx.people.seen([person_of(creator, book.get(creator))], now)
        told = {"creator": creator, "first": book.first(creator), "lookalikes": book.lookalikes(creator)}
        return Done(Receipt(remote_id=creator, at=now, payload_hash=payload_hash(effect.payload), data=told))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To keep somebody again changes nothing, so what is in doubt is done again."""
        return None


def account_id(person: Mapping[str, Any]) -> str:
    """The id of an account; of somebody whom a feed tells of, the address of their page."""
    page = profile_of(person.get("url"))
    return one_line(person.get("id")) or (f"web:{page}" if page else "")


def person_of(creator: str, known: Mapping[str, Any]) -> Person:
    """A creator as the brand's people have them, so that hours and consent know their clock and their word."""
    told = {name: known[name] for name in ("handle", "name", "url", "language", "timezone")}
    return Person(id=creator, network=known["network"] or "web", **{**told, "handle": told["handle"] or creator})
