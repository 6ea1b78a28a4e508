from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.markup import as_html
from antiphon_networks.plain import plain


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("un", "<p>un</p>"),
        ("un\ndeux\n\n\ntrois", "<p>un<br />\ndeux</p>\n\n<p>trois</p>"),
        ('a < b & c > d "e"', '<p>a &lt; b &amp; c &gt; d "e"</p>'),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("(https://a.fr/b).", '<p>(<a href="https://a.fr/b">https://a.fr/b</a>).</p>'),
        ('https://a.fr/"onload=x', '<p><a href="https://a.fr/">https://a.fr/</a>"onload=x</p>'),
    ],
)
def test_as_html(text: str, html: str) -> None:
    """A plain text becomes paragraphs and links, and nothing in it becomes markup."""
    assert as_html(text) == html


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    """Whatever a text is, read again as HTML it has the same words."""
    seen = text.replace("\0", "").replace("\x1c", " ")

    assert plain(as_html(seen), show_links=False).text.split() == seen.split()
