from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.plain import plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br>two</p><p>three</p>", "one\ntwo\n\nthree"),
        ("<p>one<br />two</p>", "one\ntwo"),
        ("a &lt;b&gt; &amp; &#39;c&#39; &quot;d&quot;", "a <b> & 'c' \"d\""),
        ("<p>caf&eacute; &#9749;</p>", "café ☕"),
        ("plain & simple", "plain & simple"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\n\nb\n\nc"),
        ("<div>a</div><div>b</div>", "a\n\nb"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("a<script>alert('</p>')", "a"),
        ("a<svg><title>t</title></svg>b", "ab"),
        ("<!-- no -->a<!DOCTYPE html>b<?php x ?>c", "abc"),
        ("  a \n\t b  ", "a b"),
        ("<p>a</p>\n\n\n<p>b</p>", "a\n\nb"),
        ("<img src=x onerror=alert(1)>a", "a"),
        ("a<b", "a<b"),
        ("a\0b", "ab"),
        ("", ""),
    ],
)
def test_text(html: str, text: str) -> None:
    """Markup goes, words and line breaks stay."""
    assert plain(html).text == text


def test_link_of_mastodon() -> None:
    """A link that Mastodon shortens for the eye is written whole."""
    html = (
        '<p>see <a href="https://www.example.org/a/long/path" target="_blank"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">example.org/a/long</span><span class="invisible">/path</span></a></p>'
    )
    assert plain(html).text == "see https://www.example.org/a/long/path"
    assert plain(html).links == ("https://www.example.org/a/long/path",)


def test_mentions_and_tags() -> None:
    """Mentions and hashtags stay as they are written, and are no links."""
    html = (
        '<span class="h-card"><a href="https://far.example/@ana" class="u-url mention">@<span>ana</span></a></span> '
        '<a href="https://x.example/tags/cafe" class="mention hashtag" rel="tag">#<span>café</span></a>'
    )
    assert (plain(html).text, plain(html).links) == ("@ana #café", ())


def test_link_with_words() -> None:
    """A link with words of its own shows both, or the words alone when addresses are not wanted."""
    html = 'read <a href="https://example.org/x">our story</a> now'
    assert plain(html).text == "read our story (https://example.org/x) now"
    assert plain(html, show_links=False).text == "read our story now"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "//example.org", "/x", "", "https://a b"])
def test_other_links(href: str) -> None:
    """What does not lead to the web is no link."""
    assert plain(f'<a href="{href}">words</a>') == plain("words")


def test_link_in_link() -> None:
    """A link that never ends does no harm."""
    assert plain('<a href="https://a.example">a<a href="https://b.example">b').links == (
        "https://a.example",
        "https://b.example",
    )


Neat = st.lists(
    st.one_of(
        st.text(alphabet=st.sampled_from("ab #&;<\n\r\0"), max_size=6),
        st.sampled_from(["&amp;", "&lt", "&#9749;", "https://a.example", "<p>", "</p>", "<br>", "<br />", "</br>"]),
        st.sampled_from(
            ["<span>", '<span class="x">', "</span>", "<span/>", "</a>", "<a>", '<a href="https://a.example">']
        ),
        st.sampled_from(
            ['<a href="https://b.example" class="u-url mention">', '<a href="/x">', '<a href="" href="b"/>']
        ),
    ),
    max_size=12,
).map("".join)


@given(Neat, st.booleans())
def test_neat_html(html: str, show_links: bool) -> None:
    """What networks write reads the same as if it were no neater than anybody's; a comment is not neat."""
    assert plain(f"<!---->{html}", show_links=show_links) == plain(html, show_links=show_links)


@given(st.text(alphabet=st.sampled_from('<>/="ab&#; \n!-p'), max_size=200))
def test_any_html(html: str) -> None:
    """Anything at all becomes text."""
    assert "\0" not in plain(html).text


@pytest.mark.parametrize(
    "html",
    [
        start + end
        for start in ("<" * 90_000, "<p>" * 30_000, "<a href='" * 10_000, "&" * 90_000, "<!--" * 20_000, "<a " * 30_000)
        for end in ("", ">", "-->", "</a>")
    ],
)
def test_hostile(html: str) -> None:
    """HTML that is made to be slow is not."""
    started = time.process_time()
    plain(html)
    assert time.process_time() - started < 3
