"""Marks that stand for secrets: in documents, plans and the ledger a secret is only ever its name.

An author writes `${{ secrets.name }}`. Where an expression of the author's is evaluated, the mark is sealed with a
character that is taken out of everything that comes from outside: a stranger whose post says `${{ secrets.name }}` gets
those very words back, and not the secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

SEAL = "\N{INVISIBLE SEPARATOR}"
"""What makes a mark the author's own."""

WRITTEN = re.compile(r"\$\{\{\s*secrets\.([A-Za-z0-9_]+)\s*\}\}")
"""A mark as it is written in a document or in settings."""

SEALED = re.compile(r"\$\{\{" + SEAL + r"\s*secrets\.([A-Za-z0-9_]+)\s*\}\}")
"""A mark as it stands in an effect's payload."""

_MARK = re.compile(r"\$\{\{" + SEAL + r"?\s*secrets\.[A-Za-z0-9_]+\s*\}\}")


def sealed_mark(name: str) -> str:
    """The mark of a secret in what an author's expression gives."""
    return f"${{{{{SEAL} secrets.{name} }}}}"


def without_seals(value: Any) -> Any:
    """The same JSON-like value, as it may be let in from outside: no mark in it counts."""
    match value:
        case str():
            return value.replace(SEAL, "") if SEAL in value else value
        case Mapping():
            return {without_seals(key): without_seals(item) for key, item in value.items()}
        case list() | tuple():
            return [without_seals(item) for item in value]
    return value


def is_secret_mark(text: str) -> bool:
    """Whether a text is exactly one `${{ secrets.name }}`."""
    return _MARK.fullmatch(text.strip()) is not None


def has_secret_mark(text: str) -> bool:
    """Whether a text holds a `${{ secrets.name }}`."""
    return _MARK.search(text) is not None


def concealer(payload: Any, reveal: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that puts marks in the place of the secrets of `payload`, anywhere in texts, lists and mappings.

    It finds a secret as it is, and as it stands in an address or in JSON; of a secret address also what follows the
    host. What comes back from the network passes through it before it is kept or shown.
    """
    return concealing({str(reveal(mark)): mark for mark in _marks(payload)})


def concealing(secrets: Mapping[str, str]) -> Callable[[Any], Any]:
    """A function that puts in the place of each secret what stands for it, in all the forms that `concealer` knows."""
    forms = {form: stands for secret, stands in secrets.items() for form in _forms(secret)}
    longest_first = sorted(forms, key=len, reverse=True)

    def conceal(value: Any) -> Any:
        match value:
            case str():
                for form in longest_first:
                    value = value.replace(form, forms[form])
                return value
            case Mapping():
                return {conceal(key): conceal(item) for key, item in value.items()}
            case list() | tuple():
                return [conceal(item) for item in value]
            case _:
                return value

    return conceal


def _forms(secret: str) -> Iterator[str]:
    if not secret:
        return
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1])
    address = re.fullmatch(r"https?://[^/?#]*(.{8,})", secret)
    if address:
        yield address[1]


def _marks(value: Any) -> set[str]:
    match value:
        case str():
            return set(_MARK.findall(value))
        case Mapping():
            return {mark for item in value.items() for mark in _marks(list(item))}
        case list() | tuple():
            return {mark for item in value for mark in _marks(item)}
        case _:
            return set()
