"""Discord's answers as HTTP would have them.

Shape: docs.discord.com, topics/rate-limits and reference "Error Messages" (2026-08-06): a limit says for how long in
`retry_after`, to the millisecond; an invalid form names what is wrong with each field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from antiphon_networks.api import object_of, retold

_HINTS = {
    10003: "there is no such channel, or the bot is not on its server",
    50001: "the bot is not in this channel",
    50007: "this person takes no messages from the bot",
    50013: "the bot lacks a permission there, such as Send Messages",
}


def translated(answer: httpx.Response) -> httpx.Response:
    """The answer with all of its reasons in one sentence."""
    if answer.is_success:
        return retold(answer, answer.status_code)
    body = object_of(answer)
    if not body:
        return retold(answer, answer.status_code)
    said = str(body.get("message") or "no reason given")
    told = [*_details(body.get("errors")), *filter(None, [_HINTS.get(_number(body.get("code")))])]
    sentence = f"{said} ({body.get('code', 0)})" + (f": {'; '.join(told)}" if told else "")
    return retold(answer, answer.status_code, sentence, body.get("retry_after"))


def _details(errors: Any, field: str = "") -> Iterator[str]:
    """`content: Must be 2000 or fewer in length.` for each leaf of a tree of errors."""
    if not isinstance(errors, dict):
        return
    for name, inner in errors.items():
        if name == "_errors" and isinstance(inner, list):
            yield from (f"{field}: {one.get('message', '')}" for one in inner if isinstance(one, dict))
        else:
            yield from _details(inner, f"{field}.{name}" if field else str(name))


def _number(code: Any) -> int:
    return code if isinstance(code, int) else 0
