"""The town: two sandbox networks on which people talk about the brand, among thousands of others who do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from antiphon.components.clock import Clock
from antiphon.testing.posts import BrandPost, OwnPost, Tweet, brand_posts, news
from antiphon.testing.sandbox import Account, FeedItem, Sandbox

HANDLE = "torrea"
WEEK = timedelta(days=7)
CREATORS = {"lea_barista": 18_400, "penny_l": 7_250, "tomlyon": 5_900}
"""Who of the town has many followers, and how many."""


@dataclass(frozen=True)
class Town:
    """The brand's network and a second one, each with the brand's account."""

    home: Sandbox
    abroad: Sandbox
    brand: Account
    community: Account
    clock: Clock

    def talk(self, tweets: Sequence[Tweet], own: Iterable[OwnPost]) -> int:
        """Let everybody say what they have to say, spread over the past week; returns how many posts there are."""
        now = self.clock.now()
        for name, followers in CREATORS.items():
            self.home.account(name, followers=followers)
        said: list[tuple[datetime, str, str, str | None]] = [
            (now - WEEK * (1 - index / (len(tweets) + 1)), f"citizen{index % 700}", tweet.text, "en")
            for index, tweet in enumerate(tweets)
        ]
        said += [(at(post, now), post.author, post.text, post.language) for post in brand_posts()]
        said += [
            (post.at or now, post.author or f"reader{index}", post.text, post.language or None)
            for index, post in enumerate(own)
        ]
        for moment, author, text, language in sorted(said, key=lambda one: one[0]):
            self.home.post(author, text, at=min(moment, now), language=language)
        return len(said)

    def publish_news(self) -> int:
        """Let the brand's own news feed fill; returns how many items it has."""
        now = self.clock.now()
        items = [
            FeedItem(
                title=item.title,
                link=item.url,
                summary=item.text,
                published=now - timedelta(hours=item.hours_ago),
                id=item.id,
            )
            for item in news()
        ]
        self.home.feed("news", items, title="Torréa")
        return len(items)

    def react(self) -> None:
        """Let people like what the brand has said: some posts by many, some by nobody."""
        for sandbox in (self.home, self.abroad):
            for number, status in enumerate(sandbox.statuses(by=HANDLE)):
                for reader in range(number * 11 % 17):
                    sandbox.world.favourite(sandbox.world.account(f"reader{reader}"), status)

    def received(self) -> list[str]:
        """What the brand's accounts have published by now, as the networks see it: one text or boosted id each."""
        return [
            f"{sandbox.world.domain} {'boost ' + status.reblog_of.id if status.reblog_of else status.text}"
            for sandbox in (self.home, self.abroad)
            for status in sandbox.statuses(by=HANDLE)
        ]


def at(post: BrandPost, now: datetime) -> datetime:
    """When a brand post was written."""
    return now - timedelta(hours=post.hours_ago)


@contextmanager
def open_town(clock: Clock) -> Iterator[Town]:
    """Two networks on loopback, with the brand's accounts and an empty news feed."""
    with Sandbox(clock=clock, domain="agora.example") as home, Sandbox(clock=clock, domain="rue.example") as abroad:
        brand = home.account(HANDLE, name="Torréa", note="Coffee, roasted in Lyon.", followers=4_120)
        community = abroad.account(HANDLE, name="Torréa", note="The regulars' table.", followers=860)
        home.feed("news", [], title="Torréa")
        yield Town(home, abroad, brand, community, clock)
