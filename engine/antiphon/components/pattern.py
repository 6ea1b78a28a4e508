"""Patterns: what an event's data must look like, written as field → what it must be.

    match: {language: fr, text: {contains_any: [cassé, "ne marche pas"]}, author.followers: {above: 100}}

A scalar means equal, a list means one of, a mapping names operators, all of which must hold. Texts are compared without
regard to case or accents. A field that is missing matches only `exists: false` and `not`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import regex
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, field_validator

from antiphon.model.run import Verdict

MATCH_SECONDS = 0.1
"""How long one regular expression may look at one text, in seconds."""

_BETWEEN_WORDS = regex.compile(r"[^\w@#']+")

MISSING: Any = object()


def fold(text: str) -> str:
    """A text as it is compared: without case, accents or doubled spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def lookup(data: Any, path: str) -> Any:
    """The value at a dotted path, or MISSING."""
    if isinstance(data, Mapping) and path in data:
        return data[path]
    for part in path.split("."):
        if not isinstance(data, Mapping) or part not in data:
            return MISSING
        data = data[part]
    return data


def short(value: Any, length: int = 60) -> str:
    """A value as a verdict shows it."""
    text = repr(value) if not isinstance(value, str) else f"“{' '.join(value.split())}”"
    return text if len(text) <= length else text[: length - 1] + "…"


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Words = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
Comparable = int | float | str


class Operators(BaseModel):
    """What one value must satisfy; every operator that is given must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    equals: Any = Field(None, description="Equal; texts without regard to case and accents.")
    one_of: list[Any] | None = Field(None, description="Equal to one of these.")
    contains: Words | None = Field(None, description="A text that holds all of these; or a list that does.")
    contains_any: Words | None = Field(None, description="A text that holds one of these; or a list that does.")
    words_any: Words | None = Field(None, description="A text that holds one of these as whole words.")
    starts_with: Words | None = Field(None, description="A text that begins with one of these.")
    ends_with: Words | None = Field(None, description="A text that ends with one of these.")
    matches: str | None = Field(None, description="A regular expression, found anywhere in the text.")
    above: Comparable | None = Field(None, description="Greater than.")
    below: Comparable | None = Field(None, description="Less than.")
    at_least: Comparable | None = Field(None, description="Greater than or equal.")
    at_most: Comparable | None = Field(None, description="Less than or equal.")
    between: tuple[Comparable, Comparable] | None = Field(
        None, description="From the first to the second, both included."
    )
    longer_than: int | None = Field(None, ge=0, description="More characters or items than this.")
    shorter_than: int | None = Field(None, ge=0, description="Fewer characters or items than this.")
    exists: bool | None = Field(None, description="Whether the field is there and not empty.")
    not_: Any = Field(None, alias="not", description="What must not hold: a value, a list or operators.")

    @field_validator("matches")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                regex.compile(value)
            except regex.error as error:
                raise ValueError(f"is not a regular expression: {error}") from error
        return value

    def in_words(self) -> str:
        """What is asked, as a person says it: `contains any of “cassé”, “broken”`."""
        return ", ".join(_in_words(name, getattr(self, name)) for name in sorted(self.model_fields_set))

    def check(self, value: Any) -> str:
        """Why the value does not satisfy this, or an empty text when it does."""
        for name in self.model_fields_set:
            reason: str = _CHECKS[name](value, getattr(self, name))
            if reason:
                return reason
        return ""

    def failing(self, value: Any) -> list[str]:
        """The names of all operators that the value does not satisfy."""
        return [name for name in sorted(self.model_fields_set) if _CHECKS[name](value, getattr(self, name))]


def _in_words(name: str, wanted: Any) -> str:
    if name == "not_":
        return f"not ({operators(wanted).in_words()})"
    if isinstance(wanted, list | tuple):
        shown = ", ".join(short(item, 24) for item in wanted[:4]) + (", …" if len(wanted) > 4 else "")
        return f"{name.replace('_', ' ')} {'of ' if name.endswith('any') else ''}{shown}"
    return f"{name.replace('_', ' ')} {short(wanted, 40)}"


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value == wanted or fold(value) == fold(wanted)
    if isinstance(value, bool) != isinstance(wanted, bool):
        return False
    return bool(value == wanted)


def _parts(value: Any) -> tuple[Any, bool] | None:
    """What is searched for a part: a folded text, or a list of folded texts; None when neither."""
    if isinstance(value, str):
        return fold(value), True
    if isinstance(value, list | tuple):
        return [fold(item) if isinstance(item, str) else item for item in value], False
    return None


def _contains(every: bool) -> Callable[[Any, tuple[str, ...]], str]:
    def check(value: Any, wanted: tuple[str, ...]) -> str:
        parts = _parts(value)
        if parts is None:
            return "is not a text" if value is not MISSING else "is missing"
        found = [word for word in wanted if fold(word) in parts[0]]
        if (len(found) == len(wanted)) if every else found:
            return ""
        missing = next(word for word in wanted if word not in found)
        return f"does not contain {short(missing)}" if every else f"contains none of {', '.join(wanted[:8])}"

    return check


def _spaced(text: str) -> str:
    return f" {regex.sub(_BETWEEN_WORDS, ' ', fold(text)).strip()} "


def _words(value: Any, wanted: tuple[str, ...]) -> str:
    if not isinstance(value, str):
        return "is missing" if value is MISSING else "is not a text"
    padded = _spaced(value)
    if any(_spaced(word) in padded for word in wanted):
        return ""
    return f"has none of the words {', '.join(wanted[:8])}"


def _edge(method: str, saying: str) -> Callable[[Any, tuple[str, ...]], str]:
    def check(value: Any, wanted: tuple[str, ...]) -> str:
        if isinstance(value, str) and any(getattr(fold(value), method)(fold(word)) for word in wanted):
            return ""
        return f"does not {saying} {', '.join(wanted[:8])}"

    return check


def _matches(value: Any, wanted: str) -> str:
    if not isinstance(value, str):
        return "is missing" if value is MISSING else "is not a text"
    try:
        found = regex.search(wanted, value, flags=regex.IGNORECASE, timeout=MATCH_SECONDS)
    except TimeoutError:
        return f"took too long to compare with the regular expression {short(wanted)}"
    return "" if found else f"does not match {short(wanted)}"


def _order(saying: str, holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], str]:
    def check(value: Any, wanted: Any) -> str:
        if value is MISSING or value is None:
            return "is missing"
        number = isinstance(wanted, int | float)
        if number and (not isinstance(value, int | float) or isinstance(value, bool)):
            return "is not a number"
        if not number and not isinstance(value, str):
            return "is not a text"
        return "" if holds(value, wanted) else f"is not {saying} {wanted}"

    return check


def _between(value: Any, wanted: tuple[Any, Any]) -> str:
    return _CHECKS["at_least"](value, wanted[0]) or _CHECKS["at_most"](value, wanted[1])


def _length(longer: bool) -> Callable[[Any, int], str]:
    def check(value: Any, wanted: int) -> str:
        if not isinstance(value, str | list | tuple | Mapping):
            return "has no length"
        held = len(value) > wanted if longer else len(value) < wanted
        return "" if held else f"is not {'longer' if longer else 'shorter'} than {wanted}"

    return check


def _exists(value: Any, wanted: bool) -> str:
    there = value is not MISSING and value not in (None, "", [], {})
    return "" if there == wanted else ("is missing" if wanted else "is there")


def _is(value: Any, wanted: Any) -> str:
    if value is MISSING:
        return "is missing"
    return "" if _equal(value, wanted) else f"is not {short(wanted)}"


def _one_of(value: Any, wanted: list[Any]) -> str:
    if value is MISSING:
        return "is missing"
    return "" if any(_equal(value, item) for item in wanted) else f"is none of {short(wanted)}"


def _not(value: Any, unwanted: Any) -> str:
    excluded = operators(unwanted)
    return f"is excluded: {excluded.in_words()}" if not excluded.check(value) else ""


_CHECKS: Mapping[str, Callable[[Any, Any], str]] = {
    "equals": _is,
    "one_of": _one_of,
    "contains": _contains(every=True),
    "contains_any": _contains(every=False),
    "words_any": _words,
    "starts_with": _edge("startswith", "begin with"),
    "ends_with": _edge("endswith", "end with"),
    "matches": _matches,
    "above": _order("above", lambda value, wanted: value > wanted),
    "below": _order("below", lambda value, wanted: value < wanted),
    "at_least": _order("at least", lambda value, wanted: value >= wanted),
    "at_most": _order("at most", lambda value, wanted: value <= wanted),
    "between": _between,
    "longer_than": _length(longer=True),
    "shorter_than": _length(longer=False),
    "exists": _exists,
    "not_": _not,
}


def operators(value: Any) -> Operators:
    """Read a scalar as equality, a list as one-of, and a mapping as operators."""
    match value:
        case Operators():
            return value
        case Mapping():
            return Operators.model_validate(value)
        case list() | tuple():
            return Operators(one_of=list(value))
        case scalar:
            return Operators(equals=scalar)


class Pattern(RootModel[dict[str, Annotated[Operators, BeforeValidator(operators)]]]):
    """Fields and what they must be; every field must hold. An empty pattern matches everything."""

    model_config = ConfigDict(frozen=True)
    root: dict[str, Annotated[Operators, BeforeValidator(operators)]] = {}

    def judge(self, data: Mapping[str, Any]) -> Verdict:
        """Whether the data is like this; the reason names the first field that is not, with its value."""
        for path, wanted in self.root.items():
            value = lookup(data, path)
            if reason := wanted.check(value):
                seen = "" if value is MISSING else f" ({short(value)})"
                return Verdict(holds=False, because=f"{path}{seen} {reason}")
        return Verdict(holds=True, because="matches " + (", ".join(self.root) or "everything"))

    def refuses(self, data: Mapping[str, Any]) -> str | None:
        """The first field that is not as asked, or None when all are."""
        for path, wanted in self.root.items():
            if wanted.check(lookup(data, path)):
                return path
        return None

    def holds(self, data: Mapping[str, Any]) -> bool:
        """As `judge`, without the reason."""
        return self.refuses(data) is None

    def key(self) -> tuple[str, tuple[Any, ...]] | None:
        """A field that must equal one of some scalars, by which an index finds this pattern; or None."""
        for path, wanted in self.root.items():
            values = [wanted.equals] if "equals" in wanted.model_fields_set else wanted.one_of
            if values and all(isinstance(value, str | int | bool) for value in values):
                return path, tuple(fold(value) if isinstance(value, str) else value for value in values)
        return None

    def needles(self) -> tuple[str, tuple[str, ...]] | None:
        """A field whose text must hold one of some pieces of words, by which an index finds this; or None."""
        for path, wanted in self.root.items():
            asked = wanted.contains_any or wanted.words_any or (wanted.contains or ())[:1]
            pieces = tuple(max(regex.findall(r"\w+", fold(words)), key=len, default="") for words in asked)
            if pieces and all(pieces):
                return path, pieces
        return None
