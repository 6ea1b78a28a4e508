"""A tape: requests and their answers, one JSON line each, without what proves who we are.

It is for those who write a connector against the real network: what was recorded once can be replayed in a test.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    import httpx

CONCEALED = "[concealed]"
SECRET_WORDS = ("auth", "cookie", "key", "secret", "signature", "token", "password", "code")
"""What the name of a header, a parameter or a field holds whose value is a secret."""


class Tape:
    """Writes to a file that nobody else may read. `conceal` puts something else in the place of our secrets."""

    def __init__(self, path: Path, conceal: Callable[[str], str]) -> None:
        self._path = path
        self._conceal = conceal
        self._lock = threading.Lock()

    def note(self, request: httpx.Request, answer: httpx.Response) -> None:
        """Write one exchange down."""
        line = {
            "method": request.method,
            "path": self._conceal(request.url.path),
            "query": self._conceal(_query(request.url.query.decode())),
            "sent": self._safe(request.headers.items(), request.content),
            "status": answer.status_code,
            "answered": self._safe(answer.headers.items(), answer.content),
        }
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            self._path.chmod(0o600)
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _safe(self, headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
        told = {name: CONCEALED if _is_secret(name) else self._conceal(value) for name, value in headers}
        try:
            return {"headers": told, "text": self._conceal(_body(body.decode()))}
        except UnicodeDecodeError:
            return {"headers": told, "base64": base64.b64encode(body).decode()}


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET_WORDS)


def _query(text: str) -> str:
    return urlencode([(n, CONCEALED if _is_secret(n) else v) for n, v in parse_qsl(text, keep_blank_values=True)])


def _body(text: str) -> str:
    """A body without the values of fields that are named like secrets."""
    try:
        return json.dumps(_concealed(json.loads(text)), ensure_ascii=False)
    except ValueError:
        return _query(text) if "=" in text and "<" not in text and "\n" not in text else text


def _concealed(value: Any) -> Any:
    match value:
        case dict():
            return {n: CONCEALED if isinstance(v, str) and _is_secret(n) else _concealed(v) for n, v in value.items()}
        case list():
            return [_concealed(one) for one in value]
    return value
