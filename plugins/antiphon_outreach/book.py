"""The book of creators. A creator is one account on one network; a person may say that two are one creator.

Such a word is a link and copies nothing, so it is taken back without loss. What is agreed, and whose turn it is to
write, stands with the account that was kept first.

    outreach.creator   by the id of the account
    outreach.name      by a handle or an e-mail address in one spelling: the accounts that are called so
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon import InputError, Records, one_line, skeleton
from antiphon_outreach.stages import NEVER

CREATOR, NAME = "outreach.creator", "outreach.name"
MOST = 1_000_000
"""How many documents of a kind are looked through."""
READINGS = 60
"""How many readings of an account are kept, the newest."""

Data = Mapping[str, Any]

TOLD = ("network", "handle", "name", "url", "email", "bio", "language", "timezone", "country")
"""What is said of a creator in words; the newer word wins, and one that is empty says nothing."""

_NEW: Data = {
    **dict.fromkeys(TOLD, ""),
    "facts": {},
    "tags": [],
    "codes": [],
    "met": [],
    "readings": [],
    "recent": [],
    "agreements": [],
    "posts": [],
    "turn": {},
    "into": "",
    "linked": [],
    "stage": "prospect",
    "history": [],
}


class Book:
    """Creators in the records of a workspace."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def known(self, creator: str) -> Data | None:
        """One account, or None."""
        found = self._records.get(CREATOR, creator)
        return {**_NEW, **found.data} if found else None

    def get(self, creator: str) -> Data:
        """One account. Raises InputError when it is no creator."""
        if (found := self.known(creator)) is None:
            raise InputError(f"{creator} is not a creator.", hint="See `antiphon creators list`.")
        return found

    def find(self, name: str) -> str:
        """The creator who has this id, this handle or this e-mail address: the account that was kept first.

        Raises:
            InputError: nobody is called so, or several are.
        """
        found = self.called(name)
        if len(found) > 1:
            raise InputError(f"{len(found)} creators are called {one_line(name)}.", hint=f"One of {', '.join(found)}.")
        if not found:
            raise InputError(f"{one_line(name) or 'Nobody'} is not a creator.", hint="See `antiphon creators list`.")
        return found[0]

    def called(self, name: str) -> list[str]:
        """All creators of this id, handle or address, each once."""
        if self.known(name):
            return [self.first(name)]
        found = self._records.get(NAME, spelt(name)) if spelt(name) else None
        bearers = (found.data["creators"] if found else ()) or ()
        return sorted({self.first(one) for one in bearers if self._names(one, name)})

    def keep(self, said: Mapping[str, Data], now: datetime) -> None:
        """Keep what is said of some accounts, all or none."""
        names: dict[str, list[str]] = {}

        def change(creator: str, known: Data) -> Data:
            kept = added(known, said[creator], now)
            for name in {spelt(kept["handle"]), spelt(kept["email"])} - {""}:
                names.setdefault(name, []).append(creator)
            return kept

        self._records.amend_all(CREATOR, said, change, now)
        self._records.amend_all(NAME, names, lambda name, known: _borne(known, names[name]), now)

    def amend(self, creator: str, change: Callable[[Data], Data], now: datetime) -> Data:
        """Change a creator, in one transaction; what they are afterwards. Raises InputError when there is none."""
        self.get(creator)
        return self._records.amend(CREATOR, creator, lambda known: change({**_NEW, **known}), now).data

    def join(self, one: str, other: str, now: datetime) -> str:
        """Make one creator of two; the account that was kept first stays. Returns it.

        Raises:
            InputError: they are one already.
        """
        ends = {self.find(one), self.find(other)}
        if len(ends) < 2:
            raise InputError(f"{one} and {other} are one creator already.")
        into, joined = sorted(ends, key=lambda creator: (str(self.get(creator)["kept_at"]), creator))
        self._link(joined, into, {"into": into}, lambda linked: [*linked, joined], now)
        return into

    def part(self, creator: str, now: datetime) -> str:
        """Take a link back; whom it led to. Raises InputError when there is none."""
        into = str(self.get(creator)["into"])
        if not into:
            raise InputError(f"{creator} is not linked to another account.")
        self._link(creator, into, {"into": ""}, lambda linked: [one for one in linked if one != creator], now)
        return into

    def first(self, creator: str) -> str:
        """The account that stands for a creator."""
        seen = {creator}
        while (known := self.known(creator)) and (into := known["into"]) and into not in seen and self.known(into):
            seen.add(into)
            creator = into
        return creator

    def accounts(self, creator: str) -> Sequence[str]:
        """All accounts of a creator, the one that was kept first before the others."""
        found = [self.first(creator)]
        for one in found:
            found += [other for other in self.get(one)["linked"] if self.known(other)]
        return found

    def whole(self, creator: str) -> Data:
        """Everything known of a creator, by whichever account; see `joined`."""
        return joined([self.get(one) for one in self.accounts(creator)])

    def creators(self) -> Iterator[tuple[str, Sequence[str], Data]]:
        """Every creator with their accounts and everything known of them, the newest first."""
        known = dict(self.everybody())
        for creator, told in known.items():
            if told["into"] not in known:
                accounts = [creator]
                for one in accounts:
                    accounts += [other for other in known[one]["linked"] if other in known]
                yield creator, accounts, joined([known[one] for one in accounts])

    def everybody(self) -> Iterator[tuple[str, Data]]:
        """Every account with what is known of it, the newest first."""
        for record in self._records.list(CREATOR, limit=MOST):
            yield record.key, {**_NEW, **record.data}

    def lookalikes(self, creator: str) -> list[str]:
        """Others whose handle a reader takes for this one's, be it in letters of another script."""
        handle = self.get(creator)["handle"]
        looks, mine = skeleton(handle), set(self.accounts(creator))
        others = ((one, known["handle"]) for one, known in self.everybody() if one not in mine) if looks else ()
        return [one for one, other in others if skeleton(other) == looks]

    def _link(self, one: str, into: str, change: Data, linked: Callable[[list[str]], list[str]], now: datetime) -> None:
        def amended(key: str, known: Data) -> Data:
            kept = {**_NEW, **known}
            return {**kept, **change} if key == one else {**kept, "linked": linked(kept["linked"])}

        self._records.amend_all(CREATOR, [one, into], amended, now)

    def _names(self, creator: str, name: str) -> bool:
        known = self.known(creator)
        return known is not None and spelt(name) in (spelt(known["handle"]), spelt(known["email"]))


def joined(parts: Sequence[Data]) -> Data:
    """Several accounts as one creator: the words of the first before those of the others, and all that was gathered.

    Whoever must not be contacted by one account must not by any; and of their turns the one that lasts longest holds.
    """
    told = {name: next((part[name] for part in parts if part[name]), "") for name in TOLD}
    lists = ("tags", "codes", "met", "agreements", "posts", "history")
    gathered = {name: [one for part in parts for one in part[name]] for name in lists}
    facts = {name: value for part in reversed(parts) for name, value in part["facts"].items()}
    stage = NEVER if any(part["stage"] == NEVER for part in parts) else parts[0]["stage"]
    turn = longest(*(part["turn"] for part in parts))
    return {**parts[0], **told, **gathered, "facts": facts, "stage": stage, "turn": turn}


def longest(*turns: Data) -> Data:
    """The turn that lasts longest; one that nobody has lasts no time."""
    return max(turns, key=lambda turn: str(turn.get("until", "")))


def spelt(name: object) -> str:
    """A handle or an address in one spelling: small letters, no `@` before it."""
    return one_line(name).lstrip("@").casefold()


def added(known: Data, said: Data, now: datetime) -> Data:
    """A creator with what is said of them now."""
    kept = {**_NEW, "kept_at": now.isoformat(), **known}
    given = {name: said[name] for name in TOLD if said.get(name)}
    lists = {name: _once([*kept[name], *said.get(name, ())]) for name in ("tags", "codes", "met")}
    readings = [*kept["readings"], *said.get("readings", ())]
    newest = sorted({one["at"]: one for one in readings}.values(), key=lambda one: str(one["at"]))[-READINGS:]
    return {**kept, **given, **lists, "readings": newest, "facts": {**kept["facts"], **said.get("facts", {})}}


def _once(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _borne(known: Data, creators: Sequence[str]) -> Data:
    return {"creators": _once([*known.get("creators", ()), *creators])}
