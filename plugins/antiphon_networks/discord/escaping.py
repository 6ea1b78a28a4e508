"""Words that stay words: Discord's signs for looks, links and mentions, taken for what they are.

Rules: support.discord.com, "Markdown Text 101", and docs.discord.com, reference "Message Formatting" (2026-08-06). Whom
a message may call is said beside it (`allowed_mentions`), whatever is in its text.
"""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(https?://[^\s<>|*`\[\]\\]+)")
_SIGNS = re.compile(r"([\\*_~|`\[\]<>])")
_AT_THE_START = re.compile(r"^(\s*)(-?#{1,3}|[-+])(?=\s)", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)(\.)(?=\s)", re.MULTILINE)


def escaped(text: str) -> str:
    """The text such that Discord shows every sign of it; addresses stay what they are, and can be followed."""
    parts = _ADDRESS.split(text)
    # Every other part is an address, by the group of the pattern.
    plain = "".join(part if index % 2 else _SIGNS.sub(r"\\\1", part) for index, part in enumerate(parts))
    return _NUMBERED.sub(r"\1\\\2", _AT_THE_START.sub(r"\1\\\2", plain))


def shown(content: str) -> str:
    """What a reader sees of a message's content: signs that were escaped, without their backslash."""
    return re.sub(r"\\([^\w\s])", r"\1", content)
