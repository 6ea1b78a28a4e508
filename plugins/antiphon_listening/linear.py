"""Linear models: a table with a row of small weights for each feature, and sums of its rows."""

from __future__ import annotations

import hashlib
import tomllib
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt
from typing import Any

from antiphon import GiveUp

ZERO = 128
"""The byte that stands for the weight 0."""


@dataclass(frozen=True)
class LinearModel:
    """Heads that each tell how likely one label is, by the logistic function of a weighted sum of the features.

    `table` has a row for each of the 2 ** `bits` features, in it a byte for each head: the weight, divided by the
    head's scale and raised by `ZERO`. A feature of more bits is cut down to `bits`.
    """

    heads: tuple[str, ...]
    bits: int
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    threshold: tuple[float, ...]
    table: bytes

    @classmethod
    @cache
    def shipped(cls, name: str) -> LinearModel:
        """A model that comes with the plugin: `fr`, `en` or `language`.

        Raises:
            GiveUp: its file is not the one that was measured.
        """
        told = described()[name]
        packed = files("antiphon_listening").joinpath("models", f"{name}.bin").read_bytes()
        if hashlib.sha256(packed).hexdigest() != told["sha256"]:
            raise GiveUp(f"The model {name} of listening is damaged.", hint="Install Antiphon anew.")
        numbers = {key: tuple(told[key]) for key in ("heads", "scale", "bias", "threshold")}
        return cls(**numbers, bits=told["bits"], table=zlib.decompress(packed))

    def judge(self, features: Collection[int]) -> Mapping[str, float]:
        """The likelihood of each head's label, from 0 to 1."""
        if not features:
            return dict.fromkeys(self.heads, 0.0)
        width, mask, table = len(self.heads), (1 << self.bits) - 1, self.table
        starts = [(feature & mask) * width for feature in features]
        sums: Sequence[int] = list(map(sum, zip(*(table[at : at + width] for at in starts), strict=True)))
        raised, norm = ZERO * len(features), sqrt(len(features))
        return {
            head: 1 / (1 + exp(-max(-40.0, min(40.0, (total - raised) * scale / norm + bias))))
            for head, total, scale, bias in zip(self.heads, sums, self.scale, self.bias, strict=True)
        }

    def beyond(self, likely: Mapping[str, float], head: str) -> float:
        """By how much a label is likelier than its threshold, where it counts as said: 1 is just so."""
        return likely[head] / self.threshold[self.heads.index(head)]


@cache
def described() -> Mapping[str, Any]:
    """What stands beside the weights: heads and numbers, where they come from, and what was measured."""
    return tomllib.loads(files("antiphon_listening").joinpath("models", "models.toml").read_text("utf-8"))
