import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.mastodon.length import length, without_servers

URL = "x" * 23


@pytest.mark.parametrize(
    ("text", "as_long_as"),
    [
        ("", ""),
        ("été", "xxx"),
        ("e\u0301te\u0301", "xxx"),
        ("👩‍👩‍👧‍👦 🇫🇷", "xxx"),
        ("https://example.org", URL),
        ("https://example.org/" + "a" * 300, URL),
        ("http://example.org/a?b=c#d e", f"{URL} e"),
        ("(https://example.org/a).", f"({URL})."),
        ("https://example.org/a_(b) c", f"{URL} c"),
        ("https://en.wikipedia.org/wiki/Café, oui", f"{URL}, oui"),
        ("a https://a.example https://b.example", f"a {URL} {URL}"),
        ("https://", "x" * 8),
        ("ftp://example.org", "x" * 17),
        ("example.org/path", "x" * 16),
        ("@ana@far.example salut", "@ana salut"),
        ("@ana salut", "@ana salut"),
        ("(@ana@far.example)", "(@ana)"),
        ("@ana@far.example, @bob@sub.far.example.", "@ana, @bob."),
        ("mail ana@far.example", "mail ana@far.example"),
        ("https://far.example/@ana@other.example", URL),
        ("#café", "#café"),
        ("a\nb", "a\nb"),
    ],
)
def test_length(text: str, as_long_as: str) -> None:
    """Links count 23, mentions as their name, everything else as what a reader sees as one sign."""
    assert length(text) == len(as_long_as)


def test_content_warning() -> None:
    """The content warning counts too."""
    assert length("abc", "café") == 7


def test_other_server() -> None:
    """A server may count links otherwise."""
    assert length("https://example.org", url_length=30) == 30


def test_without_servers() -> None:
    """A mention is cut to its name, and nothing else is touched."""
    assert without_servers("@ana@far.example et bob@far.example") == "@ana et bob@far.example"


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Any text has a length, and no plain text counts longer than its characters."""
    assert 0 <= length(text) <= len(text) + text.count("http") * 23
