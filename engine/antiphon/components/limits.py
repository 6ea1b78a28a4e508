"""Limits that a network does not tell at run time: dated data beside its connector, never constants in code.

A file `limits.toml` beside a connector's module has a table for each limit:

    ["text.longest"]
    value = 300
    unit = "graphemes"
    source = "lexicons/app/bsky/feed/post.json"
    checked_on = 2026-11-24

`check_media` knows these names, and leaves out what a file does not have; `image` stands for any kind of medium:
`media.most`, `media.types`, `image.most`, `image.types`, `image.bytes`, `image.pixels`, `image.narrowest` and
`image.widest` (width by height), `image.seconds`, `alt.longest`, `alt.required`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from antiphon.components.counting import graphemes
from antiphon.errors import GiveUp, SetupError
from antiphon.model.base import Noun, describe
from antiphon.model.draft import Medium


class Limit(Noun):
    """One limit, who says so, and when somebody looked last."""

    value: int | float | bool | tuple[str, ...]
    unit: str = ""
    source: str = Field(min_length=1)
    checked_on: date
    note: str = ""


@dataclass(frozen=True)
class Limits(Mapping[str, Limit]):
    """The limits of one network by name."""

    known: Mapping[str, Limit] = field(default_factory=dict)

    @classmethod
    def beside(cls, module: str) -> Limits:
        """Those of `limits.toml` beside a module, named by its `__file__`.

        Raises SetupError when the file is not there, or when a limit has no value, source or date.
        """
        path = Path(module).with_name("limits.toml")
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls({name: Limit.model_validate(table) for name, table in tables.items()})
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SetupError(f"The limits in {path} cannot be read: {error}.") from error
        except ValidationError as error:
            raise SetupError(f"A limit in {path} is not whole: {describe(error)}.") from error

    def told(self, values: Mapping[str, Any], source: str, on: date) -> Limits:
        """The same limits with the values that the network itself tells; None leaves one as it is."""
        known = dict(self.known)
        for name, value in values.items():
            if value is not None:
                unit = known[name].unit if name in known else ""
                known[name] = Limit(value=value, unit=unit, source=source, checked_on=on)
        return Limits(known)

    def number(self, name: str) -> int:
        """The value of a limit that counts something. Raises KeyError."""
        value = self[name].value
        if isinstance(value, tuple):
            raise TypeError(f"the limit {name} is a list")
        return int(value)

    def __getitem__(self, name: str) -> Limit:
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def check_text(count: int, longest: int, how: str, network: str, part: str = "text") -> None:
    """Refuse what is too long: `how` says what is counted, such as “graphemes”. Raises GiveUp with both numbers."""
    if count > longest:
        raise GiveUp(
            f"The {part} has {count:,} {how}; {network} takes {longest:,}.", hint=f"Shorten it by {count - longest:,}."
        )


def check_media(media: Sequence[Medium], limits: Limits, network: str) -> None:
    """Refuse media that a network would refuse. What is not known of an address is not judged.

    Raises GiveUp that names the rule, the count and the limit.
    """
    _most("attachments", len(media), limits, "media.most", network)
    for kind in dict.fromkeys(medium.kind or "document" for medium in media):
        _most(f"{kind}s", sum(one.kind == kind for one in media), limits, f"{kind}.most", network)
    for medium in media:
        for refusal in _refusals(medium, limits):
            raise GiveUp(
                f"{medium.name}: {refusal}.", hint=f"These are the rules of {network}; `antiphon show` has them."
            )


def _most(what: str, count: int, limits: Limits, name: str, network: str) -> None:
    if name in limits and count > limits.number(name):
        raise GiveUp(f"There are {count} {what}; {network} takes {limits.number(name)}.", hint="Leave some out.")


def _refusals(medium: Medium, limits: Limits) -> Iterator[str]:
    kind = medium.kind or "document"

    def limit(name: str) -> Limit | None:
        return limits.get(f"{kind}.{name}")

    if (
        (types := limit("types") or limits.get("media.types"))
        and isinstance(types.value, tuple)
        and medium.type not in ("", *types.value)
    ):
        yield f"it is {medium.type}, and only {', '.join(types.value)} are taken"
    pixels = medium.width * medium.height
    for name, found, unit in (("bytes", medium.size, "bytes"), ("pixels", pixels, "pixels")):
        if (most := limit(name)) and found > limits.number(f"{kind}.{name}"):
            yield f"it has {found:,} {unit}, and {most.value:,} are the most"
    if (longest := limit("seconds")) and isinstance(longest.value, int | float) and medium.seconds > longest.value:
        yield f"it plays {medium.seconds:,.1f} seconds, and {longest.value:,} are the most"
    if medium.height:
        ratio = medium.width / medium.height
        for name, word, sign in (("narrowest", "narrow", 1), ("widest", "wide", -1)):
            edge = limit(name)
            if edge and isinstance(edge.value, int | float) and sign * ratio < sign * edge.value:
                yield f"it is too {word}: {ratio:.2f} times as wide as high, and {edge.value:.2f} is the {word}est"
    alt = graphemes(medium.alt)
    if "alt.longest" in limits and alt > limits.number("alt.longest"):
        yield f"its alt text has {alt:,} characters, and {limits.number('alt.longest'):,} are the most"
    if kind == "image" and "alt.required" in limits and limits["alt.required"].value and not medium.alt.strip():
        yield "it has no alt text, and one is required"
