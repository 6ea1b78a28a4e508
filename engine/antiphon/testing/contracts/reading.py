"""Reading: page by page nothing is missed and nothing comes twice, whatever happens in between."""

from __future__ import annotations

from typing import Any

from antiphon.errors import AccessLost, GiveUp, RetryLater, StepError
from antiphon.model.event import Event
from antiphon.testing.contracts.check import Broken, LeftOut, check, expect
from antiphon.testing.contracts.desk import Desk
from antiphon.testing.sandbox.faults import FaultKind

_MOST_PAGES = 100
_BROKEN = (FaultKind.HTML_INSTEAD_OF_JSON, FaultKind.TRUNCATED_JSON, FaultKind.SERVER_ERROR, FaultKind.RESET)


@check()
def pages(desk: Desk) -> None:
    """Everything that is said after a place is heard from there on, once each and in order, even what is said while one
    is reading; from the next place on, nothing of it is heard again."""
    for name, (source, options) in _sources(desk).items():
        desk.bench.hear(f"{name} before")
        _, place = _heard(desk, source, options, None)
        said = [f"{name} number {number}" for number in range(2 * desk.bench.page + 15)]
        for text in said:
            desk.bench.hear(text)
        between = iter([f"{name} meanwhile {number}" for number in range(5)])
        heard, place = _heard(desk, source, options, place, between, desk)
        rest, last = _heard(desk, source, options, place)
        events = [*heard, *rest]
        expect(len(events), len({event.id for event in events}), f"different events of {name}")
        texts = [_text(event) for event in events if name in _text(event)]
        wanted = [*said, *(f"{name} meanwhile {number}" for number in range(5 - len(list(between))))]
        expect(sorted(wanted), sorted(_name(text, wanted) for text in texts), f"what {name} gave")
        numbered = [_name(text, wanted) for text in texts if "number" in text]
        expect(said, numbered, f"the order of {name}")
        expect(0, len(_heard(desk, source, options, last)[0]), f"what {name} gives once more at its end")


@check()
def events_are_told_the_same_way(desk: Desk) -> None:
    """An event has a type and an identity of its own, is the same whenever it is read, and says who, where and what."""
    for name, (source, options) in _sources(desk).items():
        desk.bench.hear(f"{name} once")
        first, _ = _heard(desk, source, options, None)
        again, _ = _heard(desk, source, options, None)
        expect([event.id for event in first], [event.id for event in again], f"the identities that {name} gives")
        for event in first:
            expect(source.event, event.type, f"the type of an event of {name}")
            if event.at.tzinfo is None:
                raise Broken(f"{name} gives a moment without a time zone")


@check()
def broken_answers(desk: Desk) -> None:
    """An answer that is broken, or of another kind, loses nothing: the place stays, and a sentence says what to do."""
    for name, (source, options) in _sources(desk).items():
        desk.bench.hear(f"{name} one")
        _, place = _heard(desk, source, options, None)
        for kind in _BROKEN:
            desk.bench.fail_reading(kind)
            desk.connect()
            _refused(desk, source, options, place, (RetryLater, GiveUp), f"{name} after {kind.value}")
            desk.bench.heal()
        desk.bench.hear(f"{name} two")
        desk.connect()
        events, _ = _heard(desk, source, options, place)
        expect([f"{name} two"], [_name(_text(event), [f"{name} two"]) for event in events], f"what {name} gives then")


@check()
def dead_credentials_while_reading(desk: Desk) -> None:
    """Credentials that are worthless are told as such while reading."""
    sources = _sources(desk)
    desk.bench.revoke()
    desk.connect()
    for name, (source, options) in sources.items():
        _refused(desk, source, options, None, AccessLost, f"{name} with dead credentials")


@check()
def network_gone_while_reading(desk: Desk) -> None:
    """A network that is not there is asked again later."""
    sources = _sources(desk)
    desk.bench.stop()
    for name, (source, options) in sources.items():
        _refused(desk, source, options, None, RetryLater, f"{name} when nobody listens")


def _sources(desk: Desk) -> Any:
    if not (sources := desk.sources()):
        raise LeftOut("the bench names no sources")
    return sources


def _heard(
    desk: Desk, source: Any, options: Any, place: str | None, between: Any = (), speaks: Desk | None = None
) -> tuple[list[Event], str]:
    """What one poll brings, page after page; between two pages somebody else speaks."""
    events: list[Event] = []
    for _ in range(_MOST_PAGES):
        page = source().fetch(options, desk.reader, place)
        events += page.events
        place = page.cursor
        if not page.more:
            return events, place or ""
        if speaks is not None and (text := next(between, None)):
            speaks.bench.hear(text)
    raise Broken(f"{source.name} has no end: {_MOST_PAGES} pages")


def _refused(desk: Desk, source: Any, options: Any, place: str | None, kinds: Any, about: str) -> None:
    try:
        source().fetch(options, desk.reader, place)
    except StepError as error:
        if not isinstance(error, kinds):
            raise Broken(f"{about}: {type(error).__name__}: {error}") from error
        if not error.sentence.strip():
            raise Broken(f"{about}: it says nothing") from error
        expect([], [1 for secret in desk.secrets if secret in str(error)], f"secrets in what is said by {about}")
    else:
        raise Broken(f"{about}: nothing was said")


def _text(event: Event) -> str:
    return str(event.data.get("text") or event.data.get("title") or "")


def _name(text: str, wanted: list[str]) -> str:
    """The text without what the network or the bench puts around it, such as a mention."""
    return next((one for one in sorted(wanted, key=len, reverse=True) if one in text), text)
