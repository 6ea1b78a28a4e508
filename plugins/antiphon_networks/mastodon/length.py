"""How long a text is to Mastodon.

Rule: mastodon/documentation, user/posting.md "Links" and "Mentions" (2026-07-02): a link that begins with http(s)://
counts the same however long it is (23 by default), and of a mention only the name counts, not the server. What is
left is counted in grapheme clusters (Unicode UAX 29), and the content warning counts too.
"""

from __future__ import annotations

import regex

from antiphon import graphemes

_URL = regex.compile(r"(?<![\w@/])https?://(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![=/\w])(@\w+(?:[.-]+\w+)*)@\w(?:[\w.-]*\w)?")
_AFTER_URL = ".,;:!?'\"»”)]}>"


def without_servers(text: str) -> str:
    """The text with every `@name@server` cut to `@name`, which is how the network shows and counts it."""
    return _MENTION.sub(r"\1", text)


def length(text: str, spoiler_text: str = "", url_length: int = 23) -> int:
    """Characters of a status as the network counts them."""
    placeholder = "x" * url_length

    def counted(found: regex.Match[str]) -> str:
        url = found[0]
        bare = url.rstrip(_AFTER_URL)
        while bare.count("(") > bare.count(")") and url[len(bare) :].startswith(")"):
            bare += ")"
        return placeholder + url[len(bare) :]

    return graphemes(spoiler_text + without_servers(_URL.sub(counted, text)))
