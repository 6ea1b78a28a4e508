from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from antiphon import Draft, GiveUp, Medium
from antiphon_networks.ghost.composing import as_before, headline, post_of
from antiphon_networks.ghost.connector import GhostOptions

KEY = f"{'a1' * 12}:{'b2' * 32}"


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("magazine.example.org", "https://magazine.example.org"),
        ("https://example.org/blog/", "https://example.org/blog"),
        ("https://example.org/blog/ghost/", "https://example.org/blog"),
        ("https://example.org/ghost/api/admin/", "https://example.org"),
        ("http://127.0.0.1:2368", "http://127.0.0.1:2368"),
    ],
)
def test_site(written: str, site: str) -> None:
    """What a person writes for their site is read as they mean it."""
    assert GhostOptions.model_validate({"site": written, "key": f" {KEY} "}).site == site


@pytest.mark.parametrize(
    "change",
    [
        {"site": "http://magazine.example.org"},
        {"site": "https://magazine.example.org?p=1"},
        {"site": ""},
        {"key": "not a key"},
        {"key": " "},
        {"member": "the team"},
    ],
)
def test_options(change: dict[str, str]) -> None:
    """Options that cannot be are refused, without the key in the sentence."""
    with pytest.raises(ValidationError) as caught:
        GhostOptions.model_validate({"site": "magazine.example.org", "key": KEY, **change})

    assert (change.get("key", "").strip() or KEY) not in str(caught.value)


def test_form() -> None:
    """What is given becomes Ghost's fields, a moment in UTC; what is not given is left to the site."""
    options = {"at": "2026-12-01T09:00+01:00", "excerpt": "Bref", "canonical": "https://torrea.example/a", "slug": ""}
    composed = post_of(Draft(title="Café", text="Il est <là>", options=options), "magazine.example.org")

    assert composed.payload == {
        "title": "Café",
        "html": "<p>Il est &lt;là&gt;</p>",
        "custom_excerpt": "Bref",
        "canonical_url": "https://torrea.example/a",
        "published_at": "2026-12-01T08:00:00.000Z",
    }
    assert (composed.text, composed.place) == ("Café: Il est <là>", "magazine.example.org")


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ({"text": " \n "}, "nothing to post"),
        ({"title": "é" * 256}, "title has 256 characters; Ghost takes 255"),
        ({"text": "x", "options": {"excerpt": "x" * 301}}, "excerpt has 301 characters; Ghost takes 300"),
        ({"text": "x", "options": {"slug": "x" * 192}}, "slug has 192 characters; Ghost takes 191"),
        ({"text": "x", "options": {"tags": ["ok", "x" * 192]}}, "tag “x+…” has 192 characters; Ghost takes 191"),
        ({"text": "x", "media": [Medium(file="a.mp4", kind="video")]}, "is no image"),
        ({"text": "x", "media": [Medium(file="a.png", kind="image", alt="x" * 192)]}, "alt text has 192 characters"),
        ({"text": "x", "media": [Medium(file="a.bmp", kind="image", type="image/bmp")]}, "it is image/bmp"),
    ],
)
def test_refused_in_the_plan(draft: dict[str, Any], told: str) -> None:
    """What the site would refuse is refused in the plan, with the count and the limit."""
    with pytest.raises(GiveUp, match=told):
        post_of(Draft.model_validate(draft), "magazine.example.org")


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ({"title": "Café", "html": "<p>Un</p>"}, "Café"),
        ({"html": "<p>Un<br>deux</p><p>trois</p>"}, "Un"),
        ({"html": f"<p>{'mot ' * 100}</p>"}, f"{('mot ' * 20)[:79]}…"),
        ({"html": "<img src='a.png'>"}, "(Untitled)"),
    ],
)
def test_headline(form: dict[str, str], title: str) -> None:
    """A post without a title bears its first line, cut short."""
    assert headline(form) == title


@pytest.mark.parametrize("change", [{"status": "sent"}, {"lexical": None}])
def test_not_to_be_made_anew(change: dict[str, Any]) -> None:
    """What went out by e-mail only, or was written in the editor of old, cannot be made anew."""
    assert as_before({"title": "Café", "status": "published", "lexical": "{}", **change}) == {}
