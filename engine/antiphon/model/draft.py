"""A draft: what somebody wants to say, in words that every network understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from antiphon.model.base import Noun

MediumKind = Literal["image", "video", "audio", "document"]


class Attachment(Noun):
    """Something that goes with a text, as an author names it: a file of the workspace, or an address."""

    file: str = Field("", description="A file of the workspace, such as images/roast.jpg.")
    url: str = Field("", description="An address instead; what stands there is fetched.")
    alt: str = Field("", description="What is to be seen, for those who cannot see it.")
    kind: MediumKind | None = Field(None, description="What it is, where its name does not tell.")

    @model_validator(mode="after")
    def _is_one_thing(self) -> Attachment:
        if bool(self.file) == bool(self.url):
            raise ValueError("an attachment is either a `file` or a `url`")
        return self

    @property
    def name(self) -> str:
        """How it is called in a sentence: the last part of its file or address."""
        return (self.file or self.url.partition("?")[0]).rstrip("/").rpartition("/")[2]


class Medium(Attachment):
    """An attachment that was looked at. Where nobody could fetch an address, its facts are empty, or 0.

    `type` is a media type such as image/png, `size` is in bytes, `width` and `height` in pixels, `seconds` long is
    what plays; `sha256` of the content, in hexadecimal digits, tells whether it is still what was planned.
    """

    type: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    sha256: str = ""


class Draft(Noun):
    """What is to be said. `options` are a network's own, such as a visibility; others do not read them.

    A `title` is used by networks that have one, and left out by the others. `language` is an ISO 639 code.
    """

    text: str = ""
    title: str = ""
    language: str = ""
    media: tuple[Medium, ...] = ()
    options: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Composed:
    """What a draft comes to on one network.

    `payload` is the exact content as JSON, without media and without secrets. `text` are the words as they will stand
    there, `place` is where, such as mastodon.social, and `answers` the post that is answered; they are for people.
    `recipients` are the addresses of those whom it reaches by name, `cost` its price where that is known before.
    """

    payload: dict[str, Any]
    text: str
    place: str
    answers: str = ""
    recipients: tuple[str, ...] = ()
    cost: float = 0.0
