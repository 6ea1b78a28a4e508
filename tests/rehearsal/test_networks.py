"""What goes out in a rehearsal is made and counted as each network has it, though none is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from tests.rehearsal.conftest import Folder

ACCOUNTS = """
[workspace]
timezone = "Europe/Paris"
[connections.brand]
connector = "mastodon"
server = "https://torrea.example"
[connections.sky]
connector = "bluesky"
handle = "torrea.bsky.social"
[connections.announcements]
connector = "telegram"
chat = "@torrea"
[connections.community]
connector = "discord"
channel = "290926798999357250"
[connections.team]
connector = "slack"
channel = "C012AB3CD"
[connections.blog]
connector = "wordpress"
site = "https://example.org/blog"
username = "torrea"
[connections.magazine]
connector = "ghost"
site = "https://example.org/magazine"
member = "team@example.org"
[connections.post]
connector = "email"
smtp = "smtp.example.org"
from = "Torréa <hello@example.org>"
"""
HEARD = {"network": "discord", "account": "community", "id": "290926798999357250/7", "author": {"handle": "ana"}}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\0\2\0\0\0\2\x08\2\0\0\0"
MANY = [f"{number}@example.org" for number in range(101)]
ROAST = "at://did:web:ana.example/app.bsky.feed.post/3k"


def rehearsed(folder: Folder, use: str, options: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    folder.write("antiphon.toml", ACCOUNTS)
    workflow = {"triggers": [{"id": "t", "event": {"type": "x.heard"}}], "actions": [{"use": use, "with": options}]}
    test = {"events": [{"type": "x.heard", "data": HEARD}], "expect": expected}

    result = folder.rehearse(yaml.safe_dump(workflow), yaml.safe_dump(test))

    assert ("passed", "", []) == (result.state, result.error, [line for line in result.lines if line.sign != "same"])


@pytest.mark.parametrize(
    ("use", "options", "told"),
    [
        ("mastodon.post", {"connection": "brand", "text": "é" * 501}, "takes 500. Shorten it by 1"),
        ("bluesky.post", {"connection": "sky", "text": "👩‍🌾" * 301}, "takes 300. Shorten it by 1"),
        ("bluesky.reply", {"connection": "sky", "to": ROAST, "text": "x" * 301}, "takes 300. Shorten it by 1"),
        ("telegram.post", {"connection": "announcements", "text": "😀" * 2049}, "takes 4,096. Shorten it by 2"),
        ("discord.post", {"connection": "community", "text": "x" * 2001}, "takes 2,000. Shorten it by 1"),
        ("discord.reply", {"connection": "community", "to": "${{ event }}", "text": "x" * 2001}, "takes 2,000"),
        ("slack.post", {"connection": "team", "text": "&" * 8001}, "takes 40,000. Shorten it by 5"),
        ("wordpress.post", {"connection": "blog", "text": " "}, "title and text are empty"),
        ("ghost.post", {"connection": "magazine", "title": "x" * 256}, "takes 255. Shorten it by 1"),
        ("email.send", {"connection": "post", "to": MANY, "subject": "s", "text": "x"}, "101 recipients are more"),
    ],
)
def test_too_long(folder: Folder, use: str, options: dict[str, Any], told: str) -> None:
    """What a network would refuse is refused, as it counts it."""
    rehearsed(folder, use, options, {"finished": "failed", "because": told, "effects": []})


@pytest.mark.parametrize(
    ("use", "options", "content"),
    [
        ("mastodon.post", {"connection": "brand", "text": "Merci"}, {"status": "Merci", "visibility": "public"}),
        ("bluesky.post", {"connection": "sky", "text": "#café"}, {"facets": {"exists": True}}),
        ("bluesky.reply", {"connection": "sky", "to": ROAST, "text": "Merci"}, {"reply.parent.uri": ROAST}),
        ("bluesky.like", {"connection": "sky", "post": ROAST}, {"post": ROAST, "cid": "rehearsal"}),
        ("telegram.post", {"connection": "announcements", "text": "Merci"}, {"chat_id": "@torrea"}),
        ("discord.post", {"connection": "community", "text": "*Merci*"}, {"message.content": "\\*Merci\\*"}),
        (
            "discord.post",
            {"connection": "community", "text": "Merci", "channel": "12"},
            {"channel": "12", "guild": "0"},
        ),
        (
            "discord.reply",
            {"connection": "community", "to": "${{ event }}", "text": "Merci"},
            {"message.message_reference.message_id": "7"},
        ),
        ("slack.post", {"connection": "team", "text": "a & b"}, {"text": "a &amp; b", "channel": "C012AB3CD"}),
        (
            "wordpress.post",
            {"connection": "blog", "text": "Merci", "categories": ["News"]},
            {"content": "<p>Merci</p>", "categories": {"exists": True}},
        ),
        ("ghost.post", {"connection": "magazine", "text": "Merci"}, {"html": "<p>Merci</p>"}),
        (
            "ghost.comment",
            {"connection": "magazine", "to": f"comment-{'a1' * 12}", "text": "Merci"},
            {"comment.parent_id": "a1" * 12, "comment.html": "<p>Merci</p>"},
        ),
        (
            "email.send",
            {"connection": "post", "to": "ana@example.org", "subject": "s", "text": "Merci"},
            {"from": "Torréa <hello@example.org>"},
        ),
    ],
)
def test_content(folder: Folder, use: str, options: dict[str, Any], content: dict[str, Any]) -> None:
    """What would go out is what the network would be sent."""
    rehearsed(folder, use, options, {"finished": "done", "effects": [{"use": use, **content}]})


@pytest.mark.parametrize(
    ("use", "connection", "told"),
    [
        ("mastodon.post", "brand", "4"),
        ("bluesky.post", "sky", "4"),
        ("telegram.post", "announcements", "10"),
        ("discord.post", "community", "10"),
    ],
)
def test_media(folder: Folder, use: str, connection: str, told: str) -> None:
    """Files of the workspace are looked at, and more than a network takes are refused."""
    (folder.path / "cup.png").write_bytes(PNG)
    cups = [{"file": "cup.png", "alt": "A cup"}] * 11

    options = {"connection": connection, "text": "Merci", "media": cups}
    rehearsed(folder, use, options, {"finished": "failed", "because": told, "effects": []})


def test_address(folder: Folder) -> None:
    """What stands at an address is not fetched, and its name is believed."""
    options = {
        "connection": "brand",
        "text": "Merci",
        "media": [{"url": "https://example.org/cup.png", "alt": "A cup"}],
    }
    media = {"media": {"exists": True}, "status": "Merci"}

    rehearsed(folder, "mastodon.post", options, {"finished": "done", "effects": [{"use": "mastodon.post", **media}]})
