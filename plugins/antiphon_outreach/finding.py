"""Finding accounts that may be creators: beside somebody, like somebody, or by what they post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, model_validator

import antiphon
from antiphon import (
    Ability,
    Account,
    Computation,
    GiveUp,
    ReadContext,
    ReadsAccounts,
    ReadsFollows,
    Searches,
    one_line,
)
from antiphon_outreach.keeping import LONGEST_BIO

ALIKE_FOLLOWERS, ALIKE_EACH = 20, 100
"""For likeness: how many followers of somebody are looked at, and how many of those whom each follows."""


class Find(Computation):
    """Find accounts: beside somebody by who follows whom, like somebody, or by what they post.

    id: found
    use: creators.find
    with: {connection: brand, beside: ana@social.example, relation: followed, at_least: 1000}

    `topic` is a search of the network instead, such as a hashtag; of it the newest page is looked at. With
    `relation: alike` those are found whom many followers of somebody follow too, who share most of them first. Each has
    `id`, `handle`, `name`, `url`, `bio`, `followers` and `shared`, and may be the `person` of `creators.keep`.
    """

    name = "creators.find"
    ability = Ability.ACCOUNTS

    class Options(antiphon.Options):
        """Where to look, and who is meant."""

        connection: str = Field(description="A connection to the network.")
        beside: str = Field(default="", description="The handle of somebody there.")
        relation: Literal["followers", "followed", "alike"] = Field(default="followed", description="Who is looked at.")
        topic: str = Field(default="", description="What they post about, in the network's language of searches.")
        words: list[str] = Field(default=[], description="One of these stands in what they say of themselves.")
        at_least: int = Field(default=0, ge=0, description="How many followers they have at least.")
        at_most: int | None = Field(default=None, ge=0, description="How many they have at most.")
        look_at: int = Field(default=200, ge=1, le=2000, description="How many accounts are looked at.")

        @model_validator(mode="after")
        def _one_way(self) -> Find.Options:
            if bool(self.beside) == bool(self.topic):
                raise ValueError("write either `beside` or `topic`")
            return self

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """The accounts: who shares most before the others, then by followers; whoever hides their number comes last."""
        shared: Mapping[str, int] = {}
        if options.topic:
            accounts: Sequence[Account] = list(_about(options, ctx))
        else:
            reader = _follows(options, ctx)
            if options.relation == "alike":
                accounts, shared = _alike(options.beside, reader)
            else:
                look = reader.followers_of if options.relation == "followers" else reader.followed_by
                accounts = look(options.beside, options.look_at)
        found = [one for one in accounts if _fits(one, options)]
        found.sort(key=lambda one: (-shared.get(one.person.id, 0), -(one.followers or 0)))
        return [_told(one, shared.get(one.person.id, 0)) for one in found[: options.look_at]]


def _follows(options: Find.Options, ctx: ReadContext) -> ReadsFollows:
    if not ctx.connections.can(options.connection, Ability.FOLLOWS):
        raise GiveUp(
            f"The network of {options.connection} does not tell who follows whom.", hint="Look for a `topic` instead."
        )
    return ctx.connections.reader(options.connection, ReadsFollows)


def _about(options: Find.Options, ctx: ReadContext) -> Iterator[Account]:
    """The authors of what a search finds, each once."""
    if not ctx.connections.can(options.connection, Ability.SEARCH):
        raise GiveUp(f"The network of {options.connection} cannot be searched.", hint="Look `beside` somebody instead.")
    people = ctx.connections.reader(options.connection, Searches).search(options.topic, None).people
    reader = ctx.connections.reader(options.connection, ReadsAccounts)
    for person in people[: options.look_at]:
        if (account := reader.account_of(person.handle)) is not None:
            yield account


def _alike(handle: str, reader: ReadsFollows) -> tuple[Sequence[Account], Mapping[str, int]]:
    """Whom at least two followers of somebody follow besides, and how many of them do."""
    followers = reader.followers_of(handle, ALIKE_FOLLOWERS)
    known: dict[str, Account] = {}
    counts: Counter[str] = Counter()
    for follower in followers:
        followed = {one.person.id: one for one in reader.followed_by(follower.person.handle, ALIKE_EACH)}
        known |= followed
        counts.update(_others(followed, handle))
    shared = {one: count for one, count in counts.items() if count > 1}
    return [known[one] for one in shared], shared


def _others(followed: Mapping[str, Account], handle: str) -> Iterable[str]:
    wanted = handle.lstrip("@").casefold()
    return (
        one for one, account in followed.items() if wanted not in (account.person.handle.casefold(), one.casefold())
    )


def _fits(account: Account, options: Find.Options) -> bool:
    count, bio = account.followers, account.bio.casefold()
    low = count is not None and count >= options.at_least if options.at_least else True
    high = count is not None and count <= options.at_most if options.at_most is not None else True
    return low and high and (not options.words or any(word.casefold() in bio for word in options.words))


def _told(account: Account, shared: int) -> dict[str, Any]:
    named = account.person.model_dump(mode="json", include={"id", "network", "handle", "name", "url", "language"})
    return {**named, "bio": one_line(account.bio, LONGEST_BIO), "followers": account.followers, "shared": shared}
