"""Composing: what would be sent is told before it is sent, and is refused where the network would refuse it."""

from __future__ import annotations

import json

from antiphon.components.capabilities import Ability
from antiphon.testing.contracts.check import Broken, LeftOut, check, expect
from antiphon.testing.contracts.desk import Desk, refused

HARD_TEXTS = {
    "right to left": "שלום مرحبا عالم",
    "zero width": "a\u200bb\u200c\u200dc\ufeff",
    "one family": "👩‍👩‍👧‍👦 🇫🇷 👍🏽",
    "combining": "e\u0301te\u0301 ก็ नमस्ते",
    "another plane": "𝒳𝔘 日本語 한국어",
    "a link": "see https://example.org/a_(b)?c=d#e.",
    "markup": "<b>1 & 2</b> *a* _b_ `c` [d](e) {f} |g|",
    "lines": "one\n\ntwo\nthree",
}
"""Texts that are easily counted, sent or found again wrongly."""

_UNITS = (
    "x",
    "é",
    "e\u0301",
    "日",
    "👩‍👩‍👧‍👦",
    "👍🏽",
    "🇫🇷",
    "x https://example.org/abcdefghijklmnopqrstuvwxyz ",
    "ก็ ",
)


@check()
def clients_are_as_declared(desk: Desk) -> None:
    """The connector's clients are of the classes that it declares, and the reader has no method that writes."""
    kind = desk.connector_class
    if not isinstance(desk.reader, kind.reader_class) or not isinstance(desk.writer, kind.writer_class):
        raise Broken(f"{kind.name} hands out other clients than its reader_class and writer_class say")
    acts = ("publish", "edit", "delete", "message", "set_profile", "upload")
    expect([], [act for act in acts if hasattr(desk.reader, act)], "acts that the reader has")


@check()
def says_who_we_are(desk: Desk) -> None:
    """A check of the connection is a sentence, and none of its words is a secret."""
    told = desk.connector.check()
    if not told.strip():
        raise Broken("the check says nothing")
    expect([], [1 for secret in desk.secrets if secret in told], "secrets in the check")


@check()
def composing_is_pure(desk: Desk) -> None:
    """The same draft is composed to the same content each time: JSON, without secrets, and nothing is sent."""
    first = desk.compose()
    try:
        written = json.dumps(first.payload)
    except (TypeError, ValueError) as error:
        raise Broken(f"the payload is no JSON: {error}") from error
    expect(first, desk.compose(), "the same draft composed again")
    expect([], [1 for secret in desk.secrets if secret in written], "secrets in the payload")
    expect([], list(desk.bench.published()), "what was published by composing")
    if not first.place:
        raise Broken("nothing is said about where it would stand")


@check()
def nothing_is_refused(desk: Desk) -> None:
    """An empty text is refused before it is sent, with what to do."""
    for text in ("", "   ", "\n"):
        with refused(f"the text {text!r}") as found:
            desk.compose(text.strip())
        if not found[0].sentence:
            raise Broken("the refusal of an empty text says nothing")


@check()
def counts_as_the_network(desk: Desk) -> None:
    """A text as long as the limit is composed and taken by the network; one that is longer is refused, with both
    numbers."""
    count, longest = desk.bench.count, desk.bench.longest
    for unit in _UNITS:
        fitting = unit * (longest // count(unit) + 1)
        while count(fitting.strip()) > longest:
            fitting = fitting[: -len(unit)]
        # In front, since a link would swallow what comes after it.
        fitting = "x" * (longest - count(fitting.strip())) + fitting.strip()
        desk.compose(fitting)
        too_long = f"x{fitting}"
        with refused(f"{count(too_long)} where {longest} are the most, with {unit!r}") as found:
            desk.compose(too_long)
        told = str(found[0]).replace(",", "")
        expect([], [n for n in (count(too_long), longest) if str(n) not in told], f"numbers left out of “{told}”")
    desk.done(desk.compose("x" * longest))


@check()
def splits_what_is_too_long(desk: Desk) -> None:
    """A text that is too long for one post becomes several that are not, with all its words."""
    if Ability.THREAD not in desk.connector_class.abilities():
        raise LeftOut(f"{desk.connector_class.name} has no threads")
    text = " ".join(f"Sentence {number} about coffee." for number in range(200))
    parts = desk.reader.split(text)
    if len(parts) < 2:
        raise LeftOut("the network takes texts as long as that")
    for part in parts:
        desk.compose(part)
    words = [word for part in parts for word in part.rpartition(" ")[0].split()]
    expect(text.split(), words, "the words of all parts, without their numbers")
