from __future__ import annotations

import pytest
from pydantic import ValidationError

from antiphon_networks.wordpress.connector import WordPressOptions
from antiphon_networks.wordpress.entities import commenter


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("blog.example.org", "https://blog.example.org"),
        ("https://example.org/blog/", "https://example.org/blog"),
        ("https://example.org/blog/wp-admin/", "https://example.org/blog"),
        ("https://example.org/wp-json", "https://example.org"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_site(written: str, site: str) -> None:
    """What a person writes for their site is read as they mean it."""
    options = WordPressOptions.model_validate({"site": written, "username": "ana", "password": "abcd EFGH 1234"})

    assert options.site == site


@pytest.mark.parametrize(
    "change",
    [
        {"site": "http://blog.example.org"},
        {"site": "ftp://blog.example.org"},
        {"site": "https://blog.example.org?p=1"},
        {"site": ""},
        {"username": ""},
        {"username": "a:b"},
        {"password": "EFGHé"},
        {"password": "  "},
    ],
)
def test_options(change: dict[str, str]) -> None:
    """Options that cannot be are refused, without the password in the sentence."""
    with pytest.raises(ValidationError) as caught:
        WordPressOptions.model_validate(
            {"site": "blog.example.org", "username": "ana", "password": "abcd EFGH 1234", **change}
        )

    assert "EFGH" not in str(caught.value)


@pytest.mark.parametrize(
    ("comment", "person"),
    [
        ({"author": 0, "author_name": "Ana", "author_email": "Ana@Example.org"}, "email:ana@example.org"),
        ({"author": 7, "author_name": "Ben", "author_email": "ben@example.org"}, "wordpress:7@blog.example.org"),
        ({"author": 0, "author_name": "", "author_email": ""}, "wordpress:anonymous@blog.example.org"),
    ],
)
def test_commenter(comment: dict[str, object], person: str) -> None:
    """Who gave an address is the same person as in e-mail; an account is somebody of the site."""
    assert commenter(comment, "blog.example.org").id == person
