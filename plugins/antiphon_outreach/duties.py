"""Duties: what must be there before a creator's work goes live or is paid, and whether a post says what it is.

Facts are in duties.toml, with their sources and the day on which somebody looked.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from antiphon import InputError
from antiphon_outreach.words import words

GATED = ("live", "paid")
"""The stages that nobody reaches before everything is there."""

_SEPARATORS: Mapping[str, dict[int, str]] = {".": {}, ",": str.maketrans({",": "\u202f", ".": ","})}
"""How a number is written where its decimals stand behind a point, and behind a comma."""

DEFAULT = "FR"
"""Whose rules hold for a creator of whom no country is known: the stricter ones, rather than none."""


@cache
def rules_of(country: str) -> Mapping[str, Any]:
    """The rules of a country; empty where none are kept here."""
    known = tomllib.loads(files("antiphon_outreach").joinpath("duties.toml").read_text("utf-8"))
    found: Mapping[str, Any] = known.get((country or DEFAULT).upper(), {})
    return found


def missing(whole: Mapping[str, Any], on: date, language: str = "en") -> Sequence[str]:
    """What a creator's agreements lack before they may go live or be paid on a day: a sentence each."""
    agreements, said = whole["agreements"], words(language)["lacks"]
    if not agreements:
        return [said["nothing"]]
    found = [said[what] for what in ("brief", "label") if not any(one.get(what) for one in agreements)]
    rules = rules_of(whole["country"])
    labels = rules.get("labels", ())
    told = [one["label"] for one in agreements if one.get("label")]
    if labels and told and not any(is_labelled(label, whole["country"]) for label in told):
        wanted = said["or"].join(said["quoted"].format(label) for label in labels)
        found.append(said["other_label"].format(label=told[-1], labels=wanted, source=rules["labels_source"]))
    return [*found, *_contract(agreements, rules, on, said)]


def _contract(
    agreements: Sequence[Mapping[str, Any]], rules: Mapping[str, Any], on: date, said: Mapping[str, str]
) -> Iterator[str]:
    if not rules or on < rules["contract_since"]:
        return
    year = [one for one in agreements if date.fromisoformat(one["on"]).year == on.year]
    currency, threshold = rules["currency"], Decimal(rules["contract_from"])
    total = sum((Decimal(one["value"]) for one in year if one["currency"] == currency), Decimal())
    others = sorted({one["currency"] for one in year} - {currency})
    if any(one.get("contract") for one in year) or (total < threshold and not others):
        return
    yield said["contract"].format(
        year=on.year,
        total=f"{total:,.2f}".translate(_SEPARATORS[said["decimal"]]),
        currency=currency,
        more=said["more"].format(others=", ".join(others)) if others else "",
        threshold=f"{threshold:,}".translate(_SEPARATORS[said["decimal"]]),
        source=rules["contract_source"],
    )


def is_labelled(text: str, country: str = DEFAULT) -> bool:
    """Whether a text says that it is paid for, in the words that a country's law names."""
    words = _plain(text)
    return any(re.search(rf"(?<!\w){re.escape(_plain(label))}(?!\w)", words) for label in labels_of(country))


def labels_of(country: str) -> Sequence[str]:
    """The words that a country's law names. Raises InputError where no rules of it are kept here."""
    if not (rules := rules_of(country)):
        raise InputError(f"No rules of {country} are kept here.", hint="Ask for the label by a `text` condition.")
    return tuple(rules["labels"])


def _plain(text: str) -> str:
    """Small letters without accents and without what cannot be seen, which would hide a label."""
    seen = (one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one) not in ("Mn", "Cf"))
    return " ".join("".join(seen).casefold().split())
