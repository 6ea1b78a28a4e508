"""Links: tagged once, made short where nobody minds, and counted without knowing anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from antiphon import PageContext
from antiphon.cli.app import cli
from antiphon.errors import GiveUp
from antiphon.model.event import Event
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock
from antiphon.web.server import create
from antiphon_publishing.clicks import TYPE, by_itself
from antiphon_publishing.pages import followed
from antiphon_publishing.rules import LinkRules
from antiphon_publishing.shortening import address
from antiphon_publishing.tagging import utm

from .conftest import PUBLIC, Studio

RULES = """
hosts = ["torrea.example"]
[utm]
medium = "social"
[connections.sky]
utm = {source = "bsky"}
"""
BEANS = "https://torrea.example/beans"
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        (BEANS, f"{BEANS}?utm_source=a&utm_campaign=b%20c"),
        (f"{BEANS}?x=1#top", f"{BEANS}?x=1&utm_source=a&utm_campaign=b%20c#top"),
        (f"{BEANS}?utm_source=theirs&x=%C3%A9+é", f"{BEANS}?utm_source=theirs&x=%C3%A9+é&utm_campaign=b%20c"),
        (f"{BEANS}?UTM_Source=&utm_campaign=z", f"{BEANS}?UTM_Source=&utm_campaign=z"),
        (f"Seen {BEANS}?", f"Seen {BEANS}?utm_source=a&utm_campaign=b%20c?"),
        (f"Go ({BEANS}), now.", f"Go ({BEANS}?utm_source=a&utm_campaign=b%20c), now."),
        ("https://e.org/a_(b)!", "https://e.org/a_(b)?utm_source=a&utm_campaign=b%20c!"),
        ("javascript:alert(1) ftp://x mailto:a@b ☕ مرحبا", "javascript:alert(1) ftp://x mailto:a@b ☕ مرحبا"),
    ],
)
def test_w1_utm(text: str, tagged: str) -> None:
    """W1: parameters are put into every address, in front of its fragment; those that are there stay."""
    assert tagged == utm(text, source="a", campaign=" b  c ")


@given(st.text(max_size=300) | st.from_regex(r"https?://[a-z.]{1,9}/\S{0,60}", fullmatch=True), st.text(max_size=60))
def test_w1_twice(text: str, value: str) -> None:
    """W1: to tag twice is to tag once, whatever the text and the values are."""
    once = utm(text, source="a", medium=value)

    assert once == utm(once, source="b", medium=value, campaign="")
    assert once == utm(once, source="a", medium=value)


def test_w1_long() -> None:
    """100 kB of text and a value with line breaks are nothing special."""
    text = f"{BEANS} " * 3000

    assert "\n" not in utm(text, source="a\r\nSet-Cookie: x")
    assert 3000 == utm(text, campaign="c" * 100_000).count("utm_campaign=")


def test_w1_by_rule(studio: Studio) -> None:
    """W1: by rule, links of our own get what network, account, campaign and post say; others stay."""
    (studio.folder / "links.toml").write_text(RULES)
    steps = [
        {
            "id": name,
            "use": "link.tag",
            "with": {
                "text": f"{BEANS} https://other.example http://sub.torrea.example/?utm_medium=mail",
                "connection": name,
                "campaign": "${{ event.campaign }}",
                "content": content,
            },
        }
        for name, content in (("brand", ""), ("sky", "p2"))
    ]
    studio.write(*steps)

    run = studio.say(campaign="spring drop")

    common = "utm_campaign=spring%20drop"
    assert (
        f"{BEANS}?utm_source=mastodon&utm_medium=social&{common} https://other.example "
        f"http://sub.torrea.example/?utm_medium=mail&utm_source=mastodon&{common}"
    ) == studio.result(run, "brand")["text"]
    assert f"{BEANS}?utm_source=bsky&utm_medium=social&{common}&utm_content=p2" in studio.result(run, "sky")["text"]


@pytest.mark.parametrize(
    "content",
    [b"hosts = 1", b"[utm]\nfoo = 'x'", b"\xff", b"[connections.brand]\nshort = 'maybe'", b"x" * 100_000],
)
def test_bad_rules(content: bytes) -> None:
    """What is wrong with the rules is told."""
    with pytest.raises(GiveUp, match=r"links\.toml"):
        LinkRules.read(content)


def shorten(**options: Any) -> dict[str, Any]:
    given = {"url": BEANS, "connection": "sky", "campaign": "spring", "tags": {"creator": "mastodon:42"}, **options}
    return {"id": "link", "use": "link.shorten", "with": given}


@pytest.fixture
def visitor(studio: Studio) -> Iterator[TestClient]:
    """A browser outside, and a workspace with one link for Bluesky."""
    studio.write(shorten())
    studio.say()
    with TestClient(
        create(studio.app), base_url=PUBLIC, follow_redirects=False, headers={"user-agent": PERSON}
    ) as client:
        yield client


def links(studio: Studio) -> list[dict[str, Any]]:
    """The links that are kept."""
    return [{"code": one.key, **one.data} for one in studio.app.store.records.list("publishing.link")]


def clicks(studio: Studio) -> list[Event]:
    """The clicks that were heard, the oldest first."""
    return list(reversed(studio.app.store.events.list(type=TYPE)))


def test_w2_short_link(studio: Studio) -> None:
    """W2: a link is short, our own, and always the same for the same account and campaign."""
    (studio.folder / "links.toml").write_text(RULES)
    studio.write(shorten(campaign="${{ event.campaign }}"))

    first, again, other = (
        studio.result(studio.say(f"e{n}", campaign=name), "link") for n, name in enumerate(("spring", "spring", "fall"))
    )

    assert first["url"] == again["url"] == f"{PUBLIC}/l/{first['code']}" != other["url"]
    assert f"{BEANS}?utm_source=bsky&utm_medium=social&utm_campaign=spring" == first["target"]
    assert (2, 8) == (len(links(studio)), len(first["code"]))


def test_w2_exempt(studio: Studio) -> None:
    """W2: on a network that discourages short links the address stays whole, and is tagged; an account may differ."""
    (studio.folder / "links.toml").write_text(RULES)
    studio.write(shorten(connection="brand"))
    assert (
        f"{BEANS}?utm_source=mastodon&utm_medium=social&utm_campaign=spring"
        == studio.result(studio.say("e1"), "link")["url"]
    )
    assert [] == links(studio)

    (studio.folder / "links.toml").write_text(RULES + "[connections.brand]\nshort = true\n")
    assert studio.result(studio.say("e2"), "link")["url"].startswith(f"{PUBLIC}/l/")


def test_w2_click(studio: Studio, visitor: TestClient) -> None:
    """W2: whoever opens it goes on, and an event tells of it: code, campaign and tags, and nothing of the visitor."""
    [link] = links(studio)

    found = visitor.get(f"/l/{link['code'].upper()}")

    assert (302, BEANS) == (found.status_code, found.headers["location"])
    [click] = clicks(studio)
    assert {
        "code": link["code"],
        "target": BEANS,
        "connection": "sky",
        "campaign": "spring",
        "tags": {"creator": "mastodon:42"},
        "first_of_visitor": True,
    } == click.data
    everything = json.dumps([click.data, click.id, *(dict(one.data) for one in studio.app.store.records.all())])
    assert not any(word in everything for word in ("testclient", "Firefox", "127.0.0.1"))


def test_w2_visitors(studio: Studio, visitor: TestClient, clock: VirtualClock) -> None:
    """W2: a double click counts once, a later one as the same visitor's, and the next day nobody is known."""
    [link] = links(studio)
    for wait in (0, 1, 120, 24 * 3600):
        clock.advance(timedelta(seconds=wait))
        visitor.get(f"/l/{link['code']}")

    assert [True, False, True] == [click.data["first_of_visitor"] for click in clicks(studio)]
    assert (3, 2, 0) == tuple(links(studio)[0][name] for name in ("clicks", "visitors", "bots"))


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mastodon/4.3.1 (http.rb/5.2.0; +https://mastodon.social/)"},
        {"user-agent": "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)"},
        {"user-agent": "Misskey/2025.1 (https://misskey.example)"},
        {"user-agent": ""},
        {"user-agent": PERSON, "sec-purpose": "prefetch;prerender"},
        {"user-agent": "curl/8.5 " + "x" * 5000},
    ],
)
def test_w2_bots(studio: Studio, visitor: TestClient, headers: dict[str, str]) -> None:
    """W2: programs go on too, are counted apart, and are no clicks."""
    [link] = links(studio)

    assert 302 == visitor.get(f"/l/{link['code']}", headers=headers).status_code
    assert 302 == visitor.get(f"/l/{link['code']}", headers=headers).status_code
    assert 302 == visitor.head(f"/l/{link['code']}", headers=headers).status_code
    assert ([], 0, 1) == (clicks(studio), links(studio)[0]["clicks"], links(studio)[0]["bots"])


@pytest.mark.parametrize(
    "agent",
    [
        PERSON,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
    ],
)
def test_w2_people(agent: str) -> None:
    """W2: the browsers of people are not taken for programs."""
    assert not by_itself("GET", {"user-agent": agent})


@pytest.mark.parametrize("key", ["", "nothing", "https://evil.example", "..%2f..%2fetc", "☕", "%00", "x" * 9000])
def test_w2_no_open_redirect(visitor: TestClient, key: str) -> None:
    """W2: only known codes lead anywhere."""
    found = visitor.get(f"/l/{key}")

    assert (404, False) == (found.status_code, "location" in found.headers)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://",
        "https://torrea.example@evil.example/",
        "https://a b.example",
        "https://a.example/\r\nSet-Cookie: x",
        "https://[::1",
        "http://a.example\\@b.example",
        "☕",
        "https://a.example/\u202egnp.exe",
        "https://a.example/" + "x" * 100_000,
    ],
)
def test_w2_bad_address(url: str) -> None:
    """W2: what is no web address is refused in words."""
    with pytest.raises(GiveUp) as told:
        address(url)

    assert len(str(told.value)) < 300


@pytest.mark.parametrize(("language", "title"), [("en", "Short links"), ("fr", "Liens courts")])
def test_page(studio: Studio, visitor: TestClient, language: Any, title: str) -> None:
    """The page lists links with how often people and programs went there."""
    [link] = links(studio)
    visitor.get(f"/l/{link['code']}")
    visitor.head(f"/l/{link['code']}")

    [block] = followed(PageContext(studio.app.store, studio.clock, language, studio.app.timezone, {}))

    assert (title, [1, 1, 1]) == (block.heading, [figure.value for figure in block.figures])
    assert (link["code"], 1, 1, 1, "spring", "sky", BEANS) == block.tables[0].rows[0]


def test_forgotten(studio: Studio, visitor: TestClient) -> None:
    """Whoever is forgotten is taken out of the tags of a link, which leads where it led."""
    [link] = links(studio)

    done = CliRunner().invoke(cli, ["person", "forget", "mastodon:42", "--yes", "--folder", str(studio.folder)])

    assert 0 == done.exit_code, done.output
    assert ({}, BEANS) == (links(studio)[0]["tags"], links(studio)[0]["target"])
    assert 302 == visitor.get(f"/l/{link['code']}").status_code


def test_no_public_address(studio: Studio) -> None:
    """Without an address that people outside can open there is no short link."""
    path = studio.folder / "antiphon.toml"
    path.write_text(path.read_text().replace(f'[web]\npublic_url = "{PUBLIC}"\n', ""))
    studio.write(shorten())

    run = studio.say()

    assert (RunState.FAILED, True) == (run.state, "Set public_url" in run.because)


def test_command(studio: Studio, visitor: TestClient) -> None:
    """The command lists links with how often people went there."""
    [link] = links(studio)
    visitor.get(f"/l/{link['code']}")

    done = CliRunner().invoke(cli, ["links", "--folder", str(studio.folder), "--json"])

    [told] = json.loads(done.output)
    assert (f"{PUBLIC}/l/{link['code']}", 1, 1, 0) == (told["url"], told["clicks"], told["visitors"], told["bots"])
