"""Plain text and images as HTML, for networks whose posts are pages of the web."""

from __future__ import annotations

import html
import re

_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def as_html(text: str) -> str:
    """Plain text as HTML: paragraphs, line breaks and links, and nothing of it taken for markup."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    return "\n\n".join(f"<p>{_linked(part)}</p>" for part in paragraphs)


def figure(address: str, alt: str) -> str:
    """An image between paragraphs, with its alt text."""
    return f'<figure><img src="{html.escape(address)}" alt="{html.escape(alt)}" /></figure>'


def _linked(text: str) -> str:
    written, begin = [], 0
    for found in _ADDRESS.finditer(text):
        address = html.escape(found[0])
        written += [html.escape(text[begin : found.start()], quote=False), f'<a href="{address}">{address}</a>']
        begin = found.end()
    return "".join([*written, html.escape(text[begin:], quote=False)]).replace("\n", "<br />\n")
