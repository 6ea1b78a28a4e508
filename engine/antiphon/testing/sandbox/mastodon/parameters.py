"""What a request says, wherever it says it: query, form, multipart or JSON, merged as Mastodon merges them."""

from __future__ import annotations

from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from antiphon.testing.sandbox.identifiers import padded
from antiphon.testing.sandbox.refusals import Malformed
from antiphon.testing.sandbox.series import Window

FALSE = {"", "0", "f", "false", "off"}


@dataclass(frozen=True)
class File:
    """An uploaded file."""

    name: str
    mime_type: str
    content: bytes


@dataclass
class Parameters:
    """The parameters by name; `media_ids[]` and `media_ids` are the same name."""

    values: dict[str, list[Any]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    def put(self, name: str, value: Any) -> None:
        """Add a value, or each value of a list."""
        several = value if isinstance(value, list) else [value]
        self.values.setdefault(name.removesuffix("[]"), []).extend(item for item in several if item is not None)

    def text(self, name: str) -> str | None:
        """The last value of this name as text; None when it is absent."""
        values = self.values.get(name)
        return str(values[-1]) if values else None

    def many(self, name: str) -> list[str]:
        """All values of this name as texts."""
        return [str(value) for value in self.values.get(name, [])]

    def flag(self, name: str) -> bool:
        """Whether the value of this name is given and not one of the ways of saying no."""
        return (self.text(name) or "").lower() not in FALSE

    def limit(self, default: int) -> int:
        """The size of a page: `limit`, at most twice the default."""
        given = self.text("limit")
        if given is None:
            return default
        return min(abs(int(given)) if given.lstrip("-").isdecimal() else 0, 2 * default)

    def window(self, default: int, extra: int = 0) -> Window:
        """The page that is asked for, with room for `extra` records more."""
        bounds = {name: padded(given) for name in ("max_id", "since_id", "min_id") if (given := self.text(name))}
        return Window(limit=self.limit(default) + extra, **bounds)


async def read(request: Request) -> Parameters:
    """Read the whole request. The only asynchronous routine of the dialect: the bodies come from the event loop."""
    parameters = Parameters()
    for name, value in request.query_params.multi_items():
        parameters.put(name, value)
    content_type = request.headers.get("content-type", "").partition(";")[0]
    if content_type == "application/json":
        for name, value in (await _json(request)).items():
            parameters.put(name, value)
    elif content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form() as form:
            for name, part in form.multi_items():
                if isinstance(part, UploadFile):
                    mime_type = part.content_type or "application/octet-stream"
                    parameters.files[name] = File(part.filename or name, mime_type, await part.read())
                else:
                    parameters.put(name, part)
    return parameters


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise Malformed("The request body is not valid JSON") from error
    if not isinstance(body, dict):
        raise Malformed("The request body is not a JSON object")
    return body


Given = Annotated[Parameters, Depends(read)]
"""The parameters of the request, for a route to take."""
