"""What Ghost says when it says no, as a sentence that tells what to do.

Every refusal is `{"errors": [{"message", "context", "type", "code", …}]}` (docs.ghost.org/admin-api, errors;
2026-11-24, and what a real Ghost 6.65.0 answers).
"""

from __future__ import annotations

from datetime import timedelta

import httpx

from antiphon_networks.api import as_object, object_of, retold

NOTICED = timedelta(minutes=2)
"""How far apart two clocks may be before anybody is told."""

_COPY = "Copy the Admin API key of its integration once more (Settings → Integrations)."
_TOLD = {
    "UNKNOWN_ADMIN_API_KEY": _COPY,
    "INVALID_API_KEY_TYPE": "This is the Content API key: copy the Admin API key beside it.",
    "UPDATE_COLLISION": "Somebody else changed the post at the same moment, and nothing was done: look at it first.",
    "UPDATE_CLIENT": "This Ghost does not have that part of the API: it may be an older version.",
}


def retold_of(answer: httpx.Response, ahead: timedelta) -> httpx.Response:
    """The answer, with what a refusal means in its place. `ahead` is how far our clock is ahead of the site's."""
    errors = object_of(answer).get("errors")
    if answer.is_success or not isinstance(errors, list) or not errors:
        return answer
    error = as_object(errors[0])
    said = [str(error[name]).strip() for name in ("message", "context") if error.get(name)]
    code, words = str(error.get("code") or ""), " ".join(_ended(one) for one in dict.fromkeys(said))
    if code == "INVALID_JWT":
        advice = f"{told_apart(ahead)}: set it right." if -ahead > NOTICED else _COPY
    else:
        advice = _TOLD.get(code, "")
    return retold(answer, answer.status_code, " ".join(filter(None, (words, advice))))


def told_apart(ahead: timedelta) -> str:
    """A sentence, without its full stop, about two clocks that differ."""
    minutes, where = round(abs(ahead) / timedelta(minutes=1)), "ahead of" if ahead > timedelta() else "behind"
    return f"The clock of this machine is {minutes:,} minutes {where} the site's"


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
