"""Telegram's answers as HTTP would have them, and without the token, which stands in the address of every request.

Shape: Bot API 10.1, "Making requests" and ResponseParameters. A token that nobody ever had is answered 404, one that
was revoked 401.
"""

from __future__ import annotations

import httpx

from antiphon_networks.api import as_object, object_of, retold

_UNCHANGED = ("message is not modified", "message to delete not found")


def translated(answer: httpx.Response, token: str) -> httpx.Response:
    """The answer with its status from the body, and `retry_after` as a header."""
    body = object_of(answer)
    if body.get("ok") is not False:
        return retold(answer, answer.status_code, conceal=token)
    said = str(body.get("description") or "no reason given")
    told = as_object(body.get("parameters"))
    match body.get("error_code"):
        case 404:
            return retold(answer, 401, f"{said}: Telegram knows no bot with this token", conceal=token)
        case 409 if "webhook" not in said:
            return retold(answer, 503, said, conceal=token)  # somebody else is asking at this moment
        case int() as code:
            if moved := told.get("migrate_to_chat_id"):
                said = f"{said}; its id is {moved} now"
            return retold(answer, code, said, told.get("retry_after"), token)
    return retold(answer, 502, said, conceal=token)


def is_so_already(answer: httpx.Response) -> bool:
    """Whether a no says that a message is as it should be: it reads so already, or is gone already."""
    return answer.status_code == 400 and any(words in answer.text for words in _UNCHANGED)
