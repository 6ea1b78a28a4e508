"""What a request of a bot says: JSON, a form, or a form with files, as one mapping."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile


@dataclass(frozen=True)
class File:
    """A file that came with a request; `alt` is what its sender says is to be seen."""

    name: str
    mime_type: str
    content: bytes = field(repr=False)
    alt: str = ""


@dataclass
class Body:
    """The fields of a request, its query among them, and its files by field name; `base` is the server's address."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    base: str = ""

    def text(self, name: str) -> str:
        """A field as text; empty when it is not there."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def structure(self, name: str) -> Any:
        """A field that is JSON: as it is, or written into a field of a form."""
        value = self.values.get(name)
        return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value

    def is_set(self, name: str) -> bool:
        """Whether a field says yes."""
        return self.text(name).lower() in ("true", "1")


async def read(request: Request) -> Body:
    """Read the whole request: its body comes from the event loop, so this is not synchronous."""
    body = Body(dict(request.query_params), base=str(request.base_url))
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        body.values |= await request.json()
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            for name, part in form.multi_items():
                if isinstance(part, UploadFile):
                    mime_type = part.content_type or "application/octet-stream"
                    body.files[name] = File(part.filename or name, mime_type, await part.read())
                elif name == "payload_json":
                    body.values |= json.loads(part)
                else:
                    body.values[name] = part
    elif kind:
        body.values["body"] = await request.body()
    return body


Said = Annotated[Body, Depends(read)]
"""What the request says, for a route to take."""
