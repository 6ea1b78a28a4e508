"""The saved query: one question to every network that searches or reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

import antiphon
from antiphon import Ability, Askable, Event, Part, Sifted, WideSource
from antiphon_listening.corrections import text_of
from antiphon_listening.mentions import HEARD, author_of, canonical, followers, mention_of, met
from antiphon_listening.query import parse
from antiphon_listening.searching import searches
from antiphon_listening.understanding import UNDETERMINED
from antiphon_listening.words import folded

_READS = (
    (Ability.MENTIONS, "post.mentions"),
    (Ability.COMMENTS, "post.comments"),
)


def _asked(value: str) -> str:
    query = parse(value)
    searches(query)
    return query.text


class Exclusions(antiphon.Options):
    """What is never stored."""

    query: Annotated[str, AfterValidator(lambda value: parse(value).text if value else "")] = Field(
        "", description="Texts that are as this query says."
    )
    authors: list[str] = Field([], description="Handles of accounts, such as our own.")
    sites: list[str] = Field([], description="Sites that an item's address leads to, such as example.org.")


class QueryOptions(antiphon.Options):
    """What is listened for, where, and what of it is stored."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60, description="What the query is called.")
    is_: Annotated[str, AfterValidator(_asked)] = Field(alias="is", description="The query.")
    connections: list[str] = Field(
        [], description="The connections that are asked, rooms of chats among them; all but those when left out."
    )
    languages: list[str] = Field(
        [], description="Only these languages, such as fr; a text of which it is not known stays."
    )
    countries: list[str] = Field([], description="Only these countries, such as FR; an item that tells none stays.")
    followers_at_least: int = Field(
        0, ge=0, description="Only authors whom so many follow; an item that does not tell it stays."
    )
    exclude: Exclusions = Field(Exclusions(), description="What is never stored.")


class SavedQuery(WideSource):
    """Listens with one query on every network that searches or reads, and stores each mention once.

        poll:
          source: listening.query
          with: {name: torrea, is: '(torréa OR "café torréa") AND NOT concours', languages: [fr, en]}
          every: 5m

    Networks are asked for as much of the query as their search understands; the rest is looked at before anything is
    stored. The event is a `mention.heard`, which has what the network gave, and `sentiment`, `emotion` and `intent`.
    """

    name = "listening.query"
    event = HEARD
    Options = QueryOptions

    def parts(self, options: QueryOptions, accounts: Sequence[Askable]) -> Sequence[Part]:
        """A part for each search of each network, and one for whatever else it lets us read."""
        wanted = [one for one in accounts if not options.connections or one.connection in options.connections]
        return [part for account in wanted for part in self._of(options, account)]

    def _of(self, options: QueryOptions, account: Askable) -> Iterator[Part]:
        reads = [source for ability, source in _READS if ability in account.abilities]
        kinds = (".items", ".messages") if options.connections else (".items",)
        reads += [source for source in account.sources if source.endswith(kinds)]
        if Ability.SEARCH in account.abilities:
            for asked in searches(parse(options.is_)):
                yield Part(account.connection, "post.search", {"q": asked})
        elif Ability.PUBLISH in account.abilities or (options.connections and not reads):
            yield Part(account.connection, "post.search", why_not=f"{account.network} has no search")
        for source in reads:
            yield Part(account.connection, source)

    def sift(self, options: QueryOptions, part: Part, events: Sequence[Event], marks: Any, now: datetime) -> Sifted:
        """The mentions of a page, and for each that it is as this query asks."""
        kept, left_out = list[Event](), defaultdict[str, list[str]](list)
        for event in events:
            if why := _why_not(event.data, options):
                left_out[why].append(event.id)
                continue
            mention = mention_of(event, part.connection, marks, now)
            if why := _why_not_in(str(mention.data["language"]), options.languages):
                left_out[why].append(event.id)
            else:
                kept.append(mention)
        return Sifted(kept, [met(one, options.name) for one in kept], left_out)


def _why_not(data: Mapping[str, Any], options: QueryOptions) -> str:
    """Why an item is not stored, as a sentence; empty when it is, as far as can be told before it is understood."""
    said, out = text_of(data), options.exclude
    author = author_of(data)
    handle, site = _handle(author.get("handle")), canonical(data.get("url")).partition("/")[0]
    country = data.get("country") or author.get("country")
    reach = followers(data)
    if not parse(options.is_).holds(said):
        return "its text is not as the query asks"
    if out.query and parse(out.query).holds(said):
        return "its text is excluded"
    if handle and handle in {_handle(one) for one in out.authors}:
        return f"its author {handle} is excluded"
    for one in out.sites:
        if site == one.casefold() or site.endswith(f".{one.casefold()}"):
            return f"its site {one} is excluded"
    if options.countries and isinstance(country, str) and country.upper() not in _upper(options.countries):
        return "its country is not listened to"
    if reach is not None and reach < options.followers_at_least:
        return f"fewer than {options.followers_at_least} follow its author"
    return ""


def _why_not_in(language: str, wanted: Sequence[str]) -> str:
    if not wanted or language == UNDETERMINED or language.lower() in {one.lower()[:2] for one in wanted}:
        return ""
    return f"its language {language} is not listened to"


def _handle(written: Any) -> str:
    return folded(written, 300).strip().lstrip("@") if isinstance(written, str) else ""


def _upper(names: Sequence[str]) -> Collection[str]:
    return {one.upper() for one in names}
