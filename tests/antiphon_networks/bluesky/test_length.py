from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from antiphon import Done, GiveUp, Rejected, graphemes, utf8
from antiphon_networks.bluesky.length import check, fits
from antiphon_networks.bluesky.publishing import Post

if TYPE_CHECKING:
    from tests.antiphon_networks.bluesky.conftest import SkyDesk

SEQUENCES = {
    "family": "👩‍👩‍👧",
    "skin": "👍🏽",
    "flag": "🇫🇷",
    "England": "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "keycap": "#️⃣",
    "accent": "e\u0301",
    "Arabic": "مَ",
    "Hindi": "क्षि",
    "Hangul": "각",
    "zero-width": "a\u200b",
    "newline": "\r\n",
}


@pytest.mark.parametrize("text", ["", "é" * 300, "👩‍👩‍👧" * 166, "مرحبا " * 50])
def test_fits(text: str) -> None:
    """A character is what a person sees as one."""
    check(text)
    assert fits(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("é" * 301, r"301 graphemes; Bluesky takes 300\. Shorten it by 1\."),
        ("👩‍👩‍👧" * 167, r"3,006 bytes of UTF-8; Bluesky takes 3,000\. Shorten it by 6\."),
    ],
)
def test_too_long(text: str, told: str) -> None:
    """A text that is too long is refused with the rule, the count and the limit."""
    assert not fits(text)
    with pytest.raises(GiveUp, match=told):
        check(text)


@pytest.mark.networks
@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES.keys())
def test_the_server_counts_so(sequence: str, sky: SkyDesk) -> None:
    """The longest text that we let pass is taken by the server; one that is too long is refused with our own count."""
    longest = "x" + sequence * min(298 // graphemes(sequence), 2_990 // utf8(sequence)) + "x"
    assert isinstance(sky.perform(Post, sky.plan(Post, text=longest)), Done)

    over = longest + "é" * 301
    sky.here = replace(sky.here, event="e-2")
    unchecked = sky.plan(Post, text="x").model_copy(update={"payload": {"text": over}})
    outcome = sky.perform(Post, unchecked)

    assert isinstance(outcome, Rejected)
    told = re.search(r"(grapheme|string) too big \(maximum (\d+), got (\d+)\)", outcome.reason)
    assert told is not None, outcome.reason
    assert {"grapheme": graphemes(over), "string": utf8(over)}[told[1]] == int(told[3])
