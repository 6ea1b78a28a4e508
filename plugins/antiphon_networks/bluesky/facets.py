"""Facets: what in a text is a link, a mention or a tag.

Bluesky reads nothing out of a text: whoever posts marks what it means, by the bytes of its UTF-8 at which it begins and
ends (lexicon app.bsky.richtext.facet, 2026-08-20). Addresses must begin with http(s)://, mentions are full handles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import regex

from antiphon import graphemes, utf8
from antiphon_networks.bluesky.identifiers import is_handle
from antiphon_networks.bluesky.rules import LIMITS

_LINK = regex.compile(r"(?<![\w@/])https?://[^\s<>\"“”«»]+", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![\w@/.-])@([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)")
_TAG = regex.compile(r"(?<!\S)[#＃]([^\s#＃\p{Cf}\u20e3\ufe0f][^\s#＃\u00ad\u200b\u2060]*)")
_AFTER_LINK = ".,;:!?'’…"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_A_WORD = regex.compile(r"[^\d\p{P}\p{Cf}]")
_AFTER_TAG = regex.compile(r"[\p{P}\p{Cf}]+$")

Resolve = Callable[[str], str | None]
"""The DID of a handle, or None when nobody has it."""


def facets(text: str, resolve: Resolve) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The facets of a text in their order, and the handles that it mentions, each once.

    A mention of a handle that nobody has stays mere words, as it does in the network's own app.
    """
    mentioned = list(_mentions(text, resolve))
    found = [*_links(text), *(facet for _, facet in mentioned), *_tags(text)]
    return sorted(found, key=lambda one: one["index"]["byteStart"]), tuple(dict(mentioned))


def _links(text: str) -> Iterator[dict[str, Any]]:
    for match in _LINK.finditer(text):
        uri = _bare(match[0])
        if uri.partition("://")[2].strip("/"):
            yield _facet(text, match.start(), match.start() + len(uri), "link", uri=uri)


def _mentions(text: str, resolve: Resolve) -> Iterator[tuple[str, dict[str, Any]]]:
    for match in _MENTION.finditer(text):
        handle = match[1].rstrip("-").lower()
        if is_handle(handle) and (did := resolve(handle)):
            yield handle, _facet(text, match.start(), match.start() + 1 + len(handle), "mention", did=did)


def _tags(text: str) -> Iterator[dict[str, Any]]:
    for match in _TAG.finditer(text):
        tag = _AFTER_TAG.sub("", match[1])
        fits = graphemes(tag) <= LIMITS.number("tag.longest") and utf8(tag) <= LIMITS.number("tag.bytes")
        if fits and _A_WORD.search(tag):
            yield _facet(text, match.start(), match.start() + 1 + len(tag), "tag", tag=tag)


def _facet(text: str, start: int, end: int, kind: str, **what: str) -> dict[str, Any]:
    index = {"byteStart": utf8(text[:start]), "byteEnd": utf8(text[:end])}
    return {"index": index, "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **what}]}


def _bare(url: str) -> str:
    """An address without what belongs to the sentence around it."""
    while url:
        last = url[-1]
        if last in _AFTER_LINK or (last in _BRACKETS and url.count(last) > url.count(_BRACKETS[last])):
            url = url[:-1]
        else:
            break
    return url
