from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from antiphon.components.limits import Limits, check_media, check_text
from antiphon.errors import GiveUp, SetupError
from antiphon.model.draft import Medium
from antiphon.registry import Registry

WHOLE = """
["text.longest"]
value = 300
unit = "graphemes"
source = "app/bsky/feed/post.json"
checked_on = 2026-11-24
"""


def limits(folder: Path, text: str) -> Limits:
    (folder / "limits.toml").write_text(text, encoding="utf-8")
    return Limits.beside(str(folder / "connector.py"))


def rules(**values: Any) -> Limits:
    return Limits().told(
        {name.replace("_", "."): value for name, value in values.items()}, "a test", date(2026, 11, 24)
    )


def image(**facts: Any) -> Medium:
    return Medium(**{"file": "images/a.png", "kind": "image", "type": "image/png", "alt": "A cup", **facts})


def test_beside(tmp_path: Path) -> None:
    """A limit is read with who says so, and when somebody looked."""
    limit = limits(tmp_path, WHOLE)["text.longest"]

    assert (300, "graphemes", date(2026, 11, 24)) == (limit.value, limit.unit, limit.checked_on)


@pytest.mark.parametrize("missing", ["value", "source", "checked_on"])
def test_undated(tmp_path: Path, missing: str) -> None:
    """A limit without a value, a source or a date is refused."""
    lines = [line for line in WHOLE.splitlines() if not line.startswith(missing)]

    with pytest.raises(SetupError, match=f"is not whole.*{missing}"):
        limits(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("text", ["[", "value"])
def test_unreadable(tmp_path: Path, text: str) -> None:
    """A file that is no TOML is refused, with its name."""
    with pytest.raises(SetupError, match=r"limits\.toml cannot be read"):
        limits(tmp_path, text)


def test_every_network() -> None:
    """No limit of a network here is without its date, and none of the future."""
    networks = Registry.load().catalogue.connectors.values()
    dated = [limit.checked_on for network in networks for limit in network.limits.values()]

    assert dated
    assert [] == [day for day in dated if not date(2026, 1, 1) <= day]


def test_told(tmp_path: Path) -> None:
    """What the network says itself stands for what the file says, with who said so."""
    told = limits(tmp_path, WHOLE).told({"text.longest": 500, "media.most": None}, "GET /instance", date(2026, 11, 25))

    assert (500, "graphemes", "GET /instance") == (
        told["text.longest"].value,
        told["text.longest"].unit,
        told["text.longest"].source,
    )
    assert "media.most" not in told


def test_text() -> None:
    """A text that is too long is refused with what was counted, the count and the limit."""
    check_text(300, 300, "graphemes", "Bluesky")

    with pytest.raises(GiveUp, match=r"The text has 1,301 graphemes; Bluesky takes 300\. Shorten it by 1,001\."):
        check_text(1301, 300, "graphemes", "Bluesky")


@pytest.mark.parametrize(
    ("known", "facts", "sentence"),
    [
        ({"media_most": 0}, {}, "There are 1 attachments; X takes 0"),
        ({"image_most": 0}, {}, "There are 1 images; X takes 0"),
        ({"image_types": ("image/jpeg",)}, {}, "a.png: it is image/png, and only image/jpeg are taken"),
        ({"media_types": ("image/jpeg", "image/gif")}, {}, "only image/jpeg, image/gif are taken"),
        ({"image_bytes": 2_000_000}, {"size": 10_000_000}, "it has 10,000,000 bytes, and 2,000,000 are the most"),
        ({"image_pixels": 100}, {"width": 20, "height": 10}, "it has 200 pixels, and 100 are the most"),
        ({"image_narrowest": 0.8}, {"width": 1, "height": 2}, "too narrow: 0.50 times as wide as high, and 0.80"),
        ({"image_widest": 1.91}, {"width": 4, "height": 2}, "too wide: 2.00 times as wide as high, and 1.91"),
        ({"image_seconds": 140}, {"seconds": 141.5}, "it plays 141.5 seconds, and 140 are the most"),
        ({"alt_longest": 4}, {}, "its alt text has 5 characters, and 4 are the most"),
        ({"alt_required": True}, {"alt": "  "}, "it has no alt text, and one is required"),
    ],
)
def test_media(known: dict[str, Any], facts: dict[str, Any], sentence: str) -> None:
    """A medium that a network would refuse is refused with the rule, the count and the limit."""
    with pytest.raises(GiveUp) as refusal:
        check_media([image(**facts)], rules(**known), "X")

    assert sentence in str(refusal.value)


def test_media_in_order() -> None:
    """What keeps to every rule, or to rules that are not there, is not refused."""
    known = rules(media_most=2, image_bytes=10, image_types=("image/png",), image_narrowest=0.5, alt_required=True)

    check_media([image(size=10, width=1, height=2), image()], known, "X")
    check_media([Medium(url="https://example.org/a.png", kind="image", alt="A cup")], known, "X")
