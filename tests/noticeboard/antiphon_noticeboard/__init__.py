"""The noticeboard of a village: all that Antiphon has to know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import Field, SecretStr

from antiphon import (
    Clock,
    Composed,
    Connector,
    Done,
    Draft,
    Event,
    GiveUp,
    Http,
    Limits,
    Metrics,
    Options,
    Outcome,
    Page,
    Person,
    Receipt,
    Upload,
    attempt,
    check_text,
    checked,
    hookimpl,
    id_of,
    json_of,
    outcome_of,
    payload_hash,
    utf8,
)

Json = Mapping[str, Any]

LIMITS = Limits.beside(__file__)
_PAGE = 20


class Place(Options):
    """A place on a board."""

    board: str = Field(description="The address of the board, such as https://board.example.")
    key: SecretStr = Field(description="The key to the glass door, from the mayor's office.")


class Reader:
    """What can be read on the board."""

    def __init__(self, connection: str, client: httpx.Client, clock: Clock) -> None:
        self.connection = connection
        self.host = client.base_url.host
        self._client = client
        self._clock = clock

    def holder(self) -> str:
        """Whose key it is."""
        return str(self._read("/holder")["name"])

    def compose(self, draft: Draft) -> Composed:
        """A notice."""
        return self._composed(draft, {"text": draft.text})

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:
        """An answer, which hangs below a notice."""
        above = self.identify(to)
        composed = self._composed(draft, {"text": draft.text, "below": above})
        return Composed(composed.payload, composed.text, composed.place, answers=above)

    def identify(self, target: str | Mapping[str, Any]) -> str:
        """The number of a notice."""
        return id_of(target, "noticeboard", self.connection)

    def mentions(self, cursor: str | None) -> Page:
        """Calls to us by number, from after a number or the last ones."""
        asked = {"count": _PAGE, **({"after": cursor} if cursor is not None else {})}
        calls = self._read("/calls", asked)["calls"]
        return Page(
            events=[self._heard(call) for call in calls],
            cursor=str(calls[-1]["number"]) if calls else cursor or "0",
            more=bool(calls) and cursor is not None,
            people=[_villager(call["by"]) for call in {call["by"]: call for call in calls}.values()],
        )

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:
        """Who has read a notice, and who has answered."""
        found = {remote_id: self.notice(remote_id) for remote_id in remote_ids}
        now = self._clock.now()
        return {
            remote_id: Metrics(at=now, views=notice["read"], replies=notice["answers"])
            for remote_id, notice in found.items()
            if notice is not None
        }

    def notice(self, number: str) -> Json | None:
        """One notice, or None when it does not hang there."""
        answer = attempt(lambda: self._client.get(f"/notices/{quote(number, safe='')}"))
        if isinstance(answer, httpx.Response) and answer.status_code == 404:
            return None
        found: Json = json_of(checked(answer, self._clock))
        return found

    def _composed(self, draft: Draft, payload: dict[str, Any]) -> Composed:
        if not draft.text:
            raise GiveUp("There is nothing to post: the text is empty.", hint="Look at the expressions in `text`.")
        if draft.media:
            raise GiveUp("The board takes paper only, and no media.", hint="Leave `media` out.")
        check_text(utf8(draft.text), LIMITS.number("text.longest"), "bytes", "the board")
        return Composed(payload, draft.text, self.host)

    def _heard(self, call: Json) -> Event:
        author = _villager(call["by"])
        return Event(
            id=f"noticeboard:{self.host}:call:{call['number']}",
            type="mention.received",
            at=datetime.fromisoformat(call["at"]),
            data={
                "id": str(call["notice"]),
                "network": "noticeboard",
                "text": str(call["text"]),
                "author": {"id": author.id, "handle": author.handle},
                "account": self.connection,
            },
            source="noticeboard.calls",
        )

    def _read(self, path: str, asked: Mapping[str, Any] | None = None) -> Json:
        found = json_of(checked(attempt(lambda: self._client.get(path, params=dict(asked or {}))), self._clock))
        if not isinstance(found, dict) or "error" in found:
            raise GiveUp(f"{self.host} answered {path}, but not as the board does.", hint="Check the address `board`.")
        return found


class Writer(Reader):
    """What can be done with the glass door open."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Hang a notice up; the same slip is answered with the first notice."""
        answer = attempt(lambda: self._client.post("/notices", json={**payload, "slip": key}))
        return outcome_of(answer, lambda good: _receipt(good.json(), payload), self._clock)

    def find_published(
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        """Ask for the notice that bears our slip."""
        for notice in self._read("/notices", {"slip": key})["notices"]:
            if not made(str(notice["number"])):
                return Done(_receipt(notice, payload))
        return None

    def edit(self, remote_id: str, payload: Mapping[str, Any], media: Sequence[Upload]) -> Outcome:
        """Write a notice over."""
        path = f"/notices/{quote(remote_id, safe='')}"
        answer = attempt(lambda: self._client.put(path, json={"text": payload["text"]}))
        return outcome_of(answer, lambda good: _receipt(good.json(), payload), self._clock)

    def find_edited(self, remote_id: str, payload: Mapping[str, Any]) -> Outcome | None:
        """Whether a notice says so by now."""
        notice = self.notice(remote_id)
        return Done(_receipt(notice, payload)) if notice and notice["text"] == payload["text"] else None

    def delete(self, remote_id: str) -> Outcome:
        """Take a notice down."""
        answer = attempt(lambda: self._client.delete(f"/notices/{quote(remote_id, safe='')}"))
        return outcome_of(answer, lambda good: Receipt(remote_id=remote_id, at=self._clock.now()), self._clock)

    def find_deleted(self, remote_id: str) -> Outcome | None:
        """Whether a notice does not hang there any more."""
        if self.notice(remote_id) is not None:
            return None
        return Done(Receipt(remote_id=remote_id, at=self._clock.now()))


class Noticeboard(Connector):
    """A place on the noticeboard of a village.

    [connections.village]
    connector = "noticeboard"
    board = "https://board.example"
    key = "${{ secrets.board_key }}"
    """

    name = "noticeboard"
    Options = Place
    reader_class = Reader
    writer_class = Writer
    limits = LIMITS
    idempotency = {"post": "native", "reply": "native", "edit": "lookup", "delete": "lookup"}

    def __init__(self, connection: str, options: Place, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        self._client = http.client(options.board, {"X-Board-Key": options.key.get_secret_value()})

    def reader(self) -> Reader:
        return Reader(self.connection, self._client, self.clock)

    def writer(self) -> Writer:
        return Writer(self.connection, self._client, self.clock)

    def check(self) -> str:
        return f"the key of {self.reader().holder()} on {self._client.base_url.host}"


@hookimpl
def register_connectors() -> Iterable[type[Connector]]:
    """The board."""
    return (Noticeboard,)


def _villager(name: str) -> Person:
    return Person(id=f"noticeboard:{name}", network="noticeboard", handle=name)


def _receipt(notice: Json, payload: Mapping[str, Any]) -> Receipt:
    return Receipt(
        remote_id=str(notice["number"]),
        url=str(notice["url"]),
        at=datetime.fromisoformat(notice["at"]),
        payload_hash=payload_hash(payload),
    )
