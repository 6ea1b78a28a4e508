from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.testing.sandbox import text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", 0),
        ("héllo", 5),
        ("👨‍👩‍👧‍👦", 1),
        ("https://example.com/" + "x" * 90, 23),
        ("http://a.fr", 23),
        ("example.com", 11),
        ("@ana@elsewhere.example", 4),
        ("@ana", 4),
        ("see https://example.com.", 4 + 23 + 1),
    ],
)
def test_length(written: str, expected: int) -> None:
    """Graphemes are counted, a link as 23, of a remote mention only the local part."""
    assert expected == text.length(written)


@given(st.text(alphabet=st.sampled_from("ab1_@#:/. \n&<é") | st.characters()))
def test_pieces_are_the_text(written: str) -> None:
    """Nothing is lost or added when a text is cut into pieces."""
    assert written == "".join(piece.raw for piece in text.pieces(written))


@given(st.text(alphabet=st.sampled_from("ab1_#:/. \n&<>'\"é") | st.characters(exclude_characters="@")))
def test_html_says_the_text(written: str) -> None:
    """Without its tags and white space, the HTML says what was written, and no tag is smuggled in."""
    html = text.html(written, lambda name, host: None, "https://x.example/tags")
    assert set(re.findall(r"<\s*/?\s*(\w+)", html)) <= {"p", "br", "a", "span"}
    said = unescape(re.sub(r"<[^>]*>", "", html))
    assert re.sub(r"\s", "", written) == re.sub(r"\s", "", said)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("#one #Two #one", ("one", "two")),
        ("#123 #1a", ("1a",)),
        ("a#b https://x.example/#frag", ()),
        ("#été!", ("été",)),
    ],
)
def test_hashtags(written: str, expected: tuple[str, ...]) -> None:
    """A hashtag has a letter, stands free, and counts once in any case."""
    assert expected == text.hashtags(written)


def test_html() -> None:
    """Paragraphs, breaks, escapes, mentions, hashtags and shortened links are written as Mastodon writes them."""
    written = "A <b> & 'c'\nd\n\n@ana #Drop https://www.example.com/a/very/long/path/to/a/page"
    html = text.html(written, lambda name, host: f"https://x.example/@{name}", "https://x.example/tags")
    mention = (
        '<span class="h-card" translate="no">'
        '<a href="https://x.example/@ana" class="u-url mention">@<span>ana</span></a></span>'
    )
    tag = '<a href="https://x.example/tags/drop" class="mention hashtag" rel="tag">#<span>Drop</span></a>'
    link = (
        '<a href="https://www.example.com/a/very/long/path/to/a/page" target="_blank"'
        ' rel="nofollow noopener noreferrer" translate="no"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">example.com/a/very/long/path/t</span><span class="invisible">o/a/page</span></a>'
    )
    assert f"<p>A &lt;b&gt; &amp; &#39;c&#39;<br />d</p><p>{mention} {tag} {link}</p>" == html


def test_unknown_mention() -> None:
    """A mention of nobody stays plain text."""
    assert text.html("@nobody", lambda name, host: None, "") == "<p>@nobody</p>"
