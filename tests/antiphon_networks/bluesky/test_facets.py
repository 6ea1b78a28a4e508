from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.servers.process import installed

from antiphon_networks.bluesky.facets import facets

PEOPLE = {"ana.test": "did:plc:ana", "bob.bsky.social": "did:plc:bob"}


def found(text: str) -> list[tuple[str, str]]:
    """What is marked in a text: the words, by their bytes, and what they mean."""
    marked, _ = facets(text, PEOPLE.get)
    written = text.encode()
    return [(written[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), meaning(one)) for one in marked]


def meaning(facet: Any) -> str:
    (feature,) = facet["features"]
    kind = feature["$type"].removeprefix("app.bsky.richtext.facet#")
    return f"{kind} {feature.get('uri') or feature.get('did') or feature.get('tag')}"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Bonjour", []),
        ("Voyez https://example.org/a?b=c#d.", [("https://example.org/a?b=c#d", "link https://example.org/a?b=c#d")]),
        ("(https://example.org/a_(b))", [("https://example.org/a_(b)", "link https://example.org/a_(b)")]),
        ("“https://example.org/é”, 👋", [("https://example.org/é", "link https://example.org/é")]),
        ("http:// und https:///", []),
        ("example.org, foo@example.org", []),
        ("Salut @ana.test !", [("@ana.test", "mention did:plc:ana")]),
        (
            "@BOB.bsky.social, (@ana.test)",
            [("@BOB.bsky.social", "mention did:plc:bob"), ("@ana.test", "mention did:plc:ana")],
        ),
        ("@nobody.test @ana me@ana.test @ana.test.", [("@ana.test", "mention did:plc:ana")]),
        ("https://example.org/@ana.test", [("https://example.org/@ana.test", "link https://example.org/@ana.test")]),
        ("#café, #Kaffee! #1 #1a #", [("#café", "tag café"), ("#Kaffee", "tag Kaffee"), ("#1a", "tag 1a")]),
        ("＃珈琲 a#b #️⃣ ##", [("＃珈琲", "tag 珈琲")]),
        ("#☕ #👨‍👩‍👧", [("#☕", "tag ☕"), ("#👨‍👩‍👧", "tag 👨‍👩‍👧")]),
        (f"#{'x' * 65} #{'x' * 64}", [(f"#{'x' * 64}", f"tag {'x' * 64}")]),
    ],
)
def test_what_is_marked(text: str, marked: list[tuple[str, str]]) -> None:
    """Addresses, handles that somebody has, and tags are marked; what belongs to the sentence is not."""
    assert marked == found(text)


@pytest.mark.parametrize(
    ("before", "start"),
    [("Héllo 👩‍👩‍👧 ", 26), ("", 0), ("👍🏽 ", 9), ("مرحبا ", 11), ("a\u200bb\u2060 ", 9), ("e\u0301 ", 4)],
)
def test_bytes(before: str, start: int) -> None:
    """Places are counted in bytes of UTF-8, whatever stands before: emoji, right-to-left, zero-width, accents."""
    marked, _ = facets(f"{before}https://example.org", PEOPLE.get)

    assert {"byteStart": start, "byteEnd": start + 19} == marked[0]["index"]


def test_who_is_mentioned() -> None:
    """Whom a text mentions is told by handle, each once, in small letters."""
    _, handles = facets("@ana.test @ANA.test @bob.bsky.social @nobody.test", PEOPLE.get)

    assert ("ana.test", "bob.bsky.social") == handles


@given(st.text(max_size=120) | st.text(alphabet="@#＃ a.:/hтps-_\u200d\u200b👩é()\n", max_size=80))
def test_any_text(text: str) -> None:
    """Whatever is written, marks lie inside the text, on whole characters, in their order, and do not overlap."""
    marked, _ = facets(text, lambda handle: "did:plc:somebody")
    ends = [0]
    for one in marked:
        start, end = one["index"]["byteStart"], one["index"]["byteEnd"]
        assert ends[-1] <= start < end <= len(text.encode())
        assert text.encode()[start:end].decode()
        ends.append(end)


AS_THE_APP = """
const { RichText } = require(process.argv[1] + "/node_modules/@atproto/api")
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"))
const marked = (text) => {
  const written = new RichText({ text })
  written.detectFacetsWithoutResolution()
  return (written.facets ?? []).map((one) => [one.index, one.features[0]])
}
console.log(JSON.stringify(texts.map(marked)))
"""


@pytest.mark.networks
def test_as_the_app() -> None:
    """The network's own library marks the same in a text."""
    texts = [
        "Voyez https://example.org/a?b=c#d. Et https://example.org, puis https://example.org/a,b;c!",
        "Salut @ana.test ! @BOB.bsky.social, (@ana.test) @ana me@ana.test @ana.test. @ana.test's @ana.test:",
        "https://example.org/@ana.test http://localhost:3000/x https://exa_mple.org/A_",
        "#café, #Kaffee! #1 #1a # #9ß #9_ #a.b #a-b #a_b #_a #¿x? #x¿",
        "＃珈琲 a#b #️⃣ ## #☕ (#tag) “#tag” '#tag",
        f"#{'x' * 65} #{'x' * 64}",
        "👩‍👩‍👧 https://example.org مرحبا #تجربة @ana.test",
        "a\u200bb #c\u200bd \n#x\n@ana.test\nhttps://example.org/b\n",
        "[x](https://example.org) https://example.org/b)",
    ]
    command = ["node", "-e", AS_THE_APP, str(installed("bluesky"))]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)

    for text, theirs in zip(texts, json.loads(done.stdout), strict=True):
        ours = [(one["index"], one["features"][0]) for one in facets(text, lambda handle: handle)[0]]
        told = [(index, {**what, **({"did": what["did"].lower()} if "did" in what else {})}) for index, what in theirs]
        assert told == ours, text
