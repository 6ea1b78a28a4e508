"""Names of metrics: what others call ours, and what they have renamed or tell no more, as dated data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Change(BaseModel):
    """A name that a network has given up (`retired`) or given to something that we know (`renamed`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: str
    theirs: str
    ours: str
    state: Literal["renamed", "retired"]
    since: date
    source: str


@cache
def _told() -> Mapping[str, Any]:
    return tomllib.loads(files("antiphon_reporting").joinpath("names.toml").read_text("utf-8"))


def metrics() -> Mapping[str, str]:
    """All our metrics with what each counts."""
    return dict(_told()["metrics"])


@cache
def changes() -> Mapping[tuple[str, str], Change]:
    """What networks have changed, by network and their name."""
    found = [Change.model_validate(one) for one in _told()["changed"]]
    return {(one.network, one.theirs): one for one in found}


def ours(name: str, network: str = "") -> tuple[str, Change | None] | None:
    """What a name means on a network: our name, with the change where there was one; None when nobody knows it."""
    word = "_".join(name.casefold().replace("-", " ").split())
    if change := changes().get((network, word)):
        return change.ours, change
    if word in _told()["metrics"]:
        return word, None
    return (found, None) if (found := _told()["same"].get(word)) else None
