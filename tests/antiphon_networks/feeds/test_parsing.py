from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.feeds.cursor import REMEMBERED, Cursor
from antiphon_networks.feeds.items import Feed, Item, event
from antiphon_networks.feeds.parsing import NotAFeed, parse

URL = "https://torrea.example/news"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(text: str | bytes, kind: str = "application/xml") -> Feed:
    return parse(text.encode() if isinstance(text, str) else text, kind, URL)


def rss(items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>/</link>{items}</channel></rss>'


def test_rss() -> None:
    """An item of RSS is read whole: markup goes, links are made whole, dates come to UTC."""
    (item,) = read(
        rss(
            "<item><title>A &amp;amp; B</title><link>/a</link><guid>g1</guid><category>c1</category>"
            "<author>Ana</author>"
            "<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;&lt;a href='https://x.example'&gt;two&lt;/a&gt;&lt;/p&gt;"
            "</description><pubDate>Mon, 02 Mar 2026 10:00:00 +0200</pubDate></item>"
        )
    ).items
    assert item == Item(
        guid="g1",
        title="A & B",
        text="One\n\ntwo",
        link="https://torrea.example/a",
        author="Ana",
        at=datetime(2026, 3, 2, 8, tzinfo=UTC),
        tags=("c1",),
        links=("https://x.example",),
    )


def test_rss_1() -> None:
    """RSS 1.0 is a feed."""
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://x.example/"><title>T</title><link>https://x.example/</link></channel>'
        '<item rdf:about="https://x.example/1"><title>A</title><link>https://x.example/1</link></item></rdf:RDF>'
    )
    assert (feed.format, [item.title for item in feed.items]) == ("RSS 1.0", ["A"])


def test_atom() -> None:
    """Of an entry of Atom the whole content is read, not only the summary."""
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-FR"><title>T</title><id>i</id>'
        "<entry><id>e</id><title>A</title><summary>short</summary>"
        '<content type="html">&lt;p&gt;the whole story&lt;/p&gt;</content>'
        "<updated>2026-03-02T08:00:00Z</updated></entry></feed>"
    )
    assert (feed.format, feed.items[0].text) == ("Atom 1.0", "the whole story")


def test_json_feed() -> None:
    """An item of JSON Feed is read whole."""
    feed = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "T",
                "home_page_url": "https://x.example/",
                "language": "fr-FR",
                "authors": [{"name": "Team"}],
                "items": [
                    {
                        "id": 7,
                        "url": "/7",
                        "title": "A",
                        "content_html": "<p>b</p>",
                        "date_published": "2026-03-02T10:00:00+02:00",
                        "tags": ["c1"],
                    },
                    "not an item",
                ],
            }
        )
    )
    assert (feed.format, feed.language) == ("JSON Feed 1.1", "fr")
    assert feed.items == (
        Item("7", "A", "b", "https://torrea.example/7", "Team", datetime(2026, 3, 2, 8, tzinfo=UTC), ("c1",)),
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<!DOCTYPE html><html><body>Hi</body></html>", "a web page"),
        (b"hello", "not a feed"),
        (b"<xml><a/></xml>", "not a feed"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a feed"),
        (b'{"items": []}', "JSON of another kind"),
        (b"[1, 2]", "JSON of another kind"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"id"', "breaks off"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "without items"),
        (b"[" * 100_000, "JSON that breaks off"),
        (rss("<item><title>A</title></item>").encode()[:-30], "breaks off"),
        (rss("<item><title>A</title></item>").encode()[:-3], "breaks off"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry>', "breaks off"),
    ],
)
def test_not_a_feed(body: bytes, told: str) -> None:
    """What is not a feed is told for what it is."""
    with pytest.raises(NotAFeed, match=told):
        read(body)


def test_careless_feed() -> None:
    """An unescaped sign does not make a feed unreadable."""
    assert read(rss("<item><title>A & B</title></item>")).items[0].title == "A & B"


def test_file_names(tmp_path: Path) -> None:
    """A body that is the name of a file is not opened."""
    file = tmp_path / "feed.xml"
    file.write_text(rss("<item><title>secret</title></item>"))
    with pytest.raises(NotAFeed):
        read(str(file))


def test_bomb() -> None:
    """Entities that grow are not expanded."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>'
        + rss("<item><title>&e9;</title></item>")[21:]
    )
    started = time.process_time()
    feed = read(body)
    assert len(feed.items[0].title) < 100
    assert time.process_time() - started < 2


def test_outer_entity(tmp_path: Path) -> None:
    """An entity that names a file brings nothing of it."""
    file = tmp_path / "secret.txt"
    file.write_text("the secret")
    body = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{file}">]>' + rss("<item><title>a&x;</title></item>")[21:]
    assert "the secret" not in read(body).items[0].title


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    """Any bytes are a feed or are not; nothing else is raised."""
    try:
        parse(body, "", URL)
    except NotAFeed:
        return


@given(st.text(alphabet=st.sampled_from("<>&;/=\"'!-[]? abrsitemlk"), max_size=200))
def test_any_items(text: str) -> None:
    """Any text in the place of the items is a feed or is not; nothing else is raised."""
    try:
        parse(rss(text).encode(), "text/xml", URL)
    except NotAFeed:
        return


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Item("g", "A", "x", "l", "", None), Item("g", "B", "y", "m", "", None), True),
        (Item("", "A", "x", "l", "", None), Item("", "B", "y", "l", "", None), True),
        (Item("", "A", "x", "", "", None), Item("", "A", "x", "", "", None), True),
        (Item("", "A", "x", "", "", None), Item("", "A", "y", "", "", None), False),
        (Item("g", "A", "x", "l", "", None), Item("h", "A", "x", "l", "", None), False),
    ],
)
def test_identity(one: Item, other: Item, same: bool) -> None:
    """An item is known by its guid, else by its link, else by what it says."""
    assert (one.identity == other.identity) is same


def test_no_date() -> None:
    """An item without a date happened when it was found; one from the future did too."""
    feed = Feed("T", URL, "", "RSS 2.0", ())
    future = datetime(2030, 1, 1, tzinfo=UTC)
    assert [event(Item("g", "A", "", "", "", at), feed, URL, "blog", NOW).at for at in (None, future)] == [NOW, NOW]


def test_two_feeds_of_a_host() -> None:
    """The same item of two feeds of one host is two events."""
    feed, item = Feed("T", URL, "", "RSS 2.0", ()), Item("g", "A", "", "", "", None)
    ids = {event(item, feed, url, "blog", NOW).id for url in (URL, URL + "/fr", URL + "?lang=fr")}
    assert len(ids) == 3


def test_memory_is_bounded() -> None:
    """A cursor remembers what the feed last showed, and 500 items before."""
    cursor = Cursor()
    for number in range(0, 2000, 20):
        cursor = cursor.moved(URL, "", "", [str(number + step) for step in range(20)])
    assert len(cursor.seen) == 20 + REMEMBERED
    assert Cursor.read(cursor.write()) == cursor
