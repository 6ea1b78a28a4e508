"""Sizes: what an image must look like in each place of each network, as dated data, and what is wrong with one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from antiphon import GiveUp, Options, short

Rule = Literal["ratio", "smallest", "pixels", "bytes"]

NEARLY = 0.02
"""By how much a ratio may differ: what is cut off then is not seen."""

Pixels = tuple[int, int]
"""Width and height."""


class Size(Options):
    """The size of one place: pixels, the middle that everybody sees, and who says so. What is `enforced` is a must."""

    width: int
    height: int
    smallest: Pixels | None = None
    safe: Pixels | None = None
    bytes: int | None = None
    enforced: tuple[Rule, ...] = ()
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an image for one place: by which rule, what was found, what is wanted, and whether that is
    only advice."""

    file: str
    place: str
    rule: Rule
    found: str
    wanted: str
    advice: bool
    source: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.rule}: it has {self.found}; {self.wanted} is wanted"


@cache
def sizes() -> Mapping[str, Size]:
    """All sizes, by network and place, such as `mastodon.cover`."""
    told = tomllib.loads(files("antiphon_publishing").joinpath("sizes.toml").read_text("utf-8"))
    return {f"{network}.{kind}": Size.model_validate(one) for network, own in told.items() for kind, one in own.items()}


def size_of(place: str) -> Size:
    """The size of a place. Raises GiveUp when it is not known."""
    if (found := sizes().get(place)) is None:
        raise GiveUp(f"There is no size for `{short(place)}`.", hint=f"Sizes are known for {', '.join(sizes())}.")
    return found


def findings(file: str, pixels: Pixels, length: int, place: str) -> Iterator[Finding]:
    """What is wrong with an image of so many pixels (as it is seen) and bytes, for a place."""
    size = size_of(place)

    def finding(rule: Rule, found: str, wanted: str) -> Finding:
        return Finding(
            file, place, rule, found, wanted, rule not in size.enforced, f"{size.source} ({size.checked_on})"
        )

    width, height = pixels
    ratio, wanted = width / height, size.width / size.height
    if abs(ratio / wanted - 1) > NEARLY:
        yield finding("ratio", f"{ratio:.2f} times its height in width", f"{wanted:.2f} ({size.width}×{size.height})")
    if size.smallest and (width < size.smallest[0] or height < size.smallest[1]):
        yield finding("smallest", f"{width}×{height} pixels", f"{size.smallest[0]}×{size.smallest[1]} at least")
    elif width < size.width or height < size.height:
        yield finding("pixels", f"{width}×{height} pixels", f"{size.width}×{size.height}")
    if size.bytes and length > size.bytes:
        yield finding("bytes", f"{length:,} bytes", f"{size.bytes:,} at most")
