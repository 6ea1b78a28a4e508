"""The book of leads. A lead is what one account of one person did; a merge is a link between two, and copies nothing.

So a merge is taken back by taking the link away: no fact was lost, and none must be put back.

    leads.lead    by the id of the account: who, on what basis, from where, and every signal
    leads.key     by a proof or a hint: the accounts that bear it
    leads.merge   by the account that was added: to which one, whether it stands, and all that was said of it
    leads.pair    by two ids: what looks like one person, and what was said of it
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon import InputError, Records
from antiphon_leads.identity import hints, proofs

LEAD, KEY, MERGE, PAIR = "leads.lead", "leads.key", "leads.merge", "leads.pair"
MOST = 1_000_000
"""How many documents of a kind are looked through."""
SIGNALS = 500
"""How many signals of an account are kept, the newest: somebody who writes all day must not slow down the others."""

Data = Mapping[str, Any]


class Book:
    """Leads in the records of a workspace."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def get(self, lead: str) -> Data:
        """One account. Raises InputError when it is no lead."""
        if (found := self._records.get(LEAD, lead)) is None:
            raise InputError(f"{lead} is not a lead.", hint="See `antiphon leads list`.")
        return found.data

    def keep(self, lead: str, said: Data, now: datetime) -> None:
        """Keep what is said of an account; see `keep_all`."""
        self.keep_all({lead: said}, now)

    def keep_all(self, said: Mapping[str, Data], now: datetime) -> None:
        """Keep what is said of some accounts, all or none; join each to those that it is proved to be, and lay what
        only looks so before a person. The newer word wins where there is one; the older one stays in its history."""
        self._records.amend_all(LEAD, said, lambda lead, known: added(known, said[lead], now), now)
        for lead in said:
            self._identify(lead, now)

    def _identify(self, lead: str, now: datetime) -> None:
        kept = self.get(lead)
        for proof in proofs(kept):
            for other in self._bearers(proof, lead, now):
                if self._pair(lead, other).get("state") != "apart":
                    self.join(lead, other, why=f"both have {proof}", by="rule", now=now)
        for hint in hints(kept):
            for other in self._bearers(hint, lead, now)[:1]:
                self._ask(lead, other, hint, now)

    def join(self, one: str, other: str, *, why: str, by: str, now: datetime) -> None:
        """Make one lead of two; the one that was kept first stays, whoever is named first, so no circle can arise."""
        ends = {self.first(one), self.first(other)}
        if len(ends) < 2:
            return
        into, loser = sorted(ends, key=lambda lead: (str(self.get(lead)["kept_at"]), lead))
        word = {"at": now.isoformat(), "by": by, "into": into, "why": why, "state": "standing"}

        def linked(known: Data) -> Data:
            return known if known.get("state") == "standing" else {**_said(known, word), "into": into}

        stands = self._records.amend(MERGE, loser, linked, now).data["into"]
        self._settle(one, other, "one", by, now)
        if stands != into:  # somebody has linked it meanwhile: then all three are one
            self.join(into, stands, why=why, by=by, now=now)

    def part(self, lead: str, *, by: str, now: datetime) -> str:
        """Take a merge back, for good: no rule makes it again. Returns whom it was merged with.

        Raises:
            InputError: the lead is not merged into another.
        """
        link = self._records.get(MERGE, lead)
        if link is None or link.data["state"] != "standing":
            raise InputError(f"{lead} is not merged into another lead.", hint=f"See `antiphon leads show {lead}`.")
        word = {"at": now.isoformat(), "by": by, "into": link.data["into"], "why": "taken back", "state": "undone"}
        self._records.amend(MERGE, lead, lambda known: _said(known, word), now)
        mine, theirs = set(self.accounts(lead)), set(self.accounts(link.data["into"]))
        for one in mine:
            for other in theirs:
                self._settle(one, other, "apart", by, now)
        return str(link.data["into"])

    def apart(self, one: str, other: str, *, by: str, now: datetime) -> None:
        """Note that two are not the same person."""
        for lead in (one, other):
            self.get(lead)
        self._settle(one, other, "apart", by, now)

    def first(self, lead: str) -> str:
        """The lead that an account belongs to: itself, unless it is merged into another that is still there."""
        while (link := self._records.get(MERGE, lead)) and link.data["state"] == "standing":
            if self._records.get(LEAD, link.data["into"]) is None:
                break
            lead = link.data["into"]
        return lead

    def accounts(self, lead: str) -> Sequence[str]:
        """All accounts of the person that an account belongs to, the one that was kept first before the others."""
        under: dict[str, list[str]] = {}
        for link in self._records.list(MERGE, limit=MOST):
            if link.data["state"] == "standing":
                under.setdefault(link.data["into"], []).append(link.key)
        found = [self.first(lead)]
        for one in found:
            found += sorted(under.get(one, ()))
        return [one for one in found if self._records.get(LEAD, one)]

    def whole(self, lead: str) -> Data:
        """Everything known of the person: facts of the first account before those of the others, and all signals."""
        parts = [self.get(one) for one in self.accounts(lead)]
        if not parts:
            return self.get(lead)
        facts: dict[str, Any] = {}
        signals: dict[str, Any] = {}
        for part in reversed(parts):
            facts |= part["facts"]
            signals |= part["signals"]
        owner = next((part["owner"] for part in parts if part["owner"]), "")
        return {**parts[0], "facts": facts, "signals": signals, "owner": owner}

    def leads(self) -> Iterator[str]:
        """Every lead that is not merged into another, the newest first."""
        for record in self._records.list(LEAD, limit=MOST):
            if self.first(record.key) == record.key:
                yield record.key

    def merges(self, lead: str) -> Sequence[Data]:
        """All that was ever said of merging the accounts of a lead, oldest first."""
        links = (self._records.get(MERGE, one) for one in {lead, *self.accounts(lead)})
        said = [{"lead": link.key, **word} for link in links if link for word in link.data["said"]]
        return sorted(said, key=lambda word: word["at"])

    def queue(self) -> Sequence[Data]:
        """The pairs that wait for a person's word, the oldest first."""
        pairs = (record.data for record in reversed(self._records.list(PAIR, limit=MOST)))
        return [pair for pair in pairs if pair["state"] == "open"]

    def _bearers(self, key: str, lead: str, now: datetime) -> list[str]:
        """The other accounts that bear a key, which this one bears from now on."""

        def borne(known: Data) -> Data:
            bearers = known.get("leads", [])
            return known if lead in bearers else {"leads": [*bearers, lead]}

        found = self._records.amend(KEY, key, borne, now).data["leads"]
        return [other for other in found if other != lead and self._records.get(LEAD, other)]

    def _ask(self, one: str, other: str, hint: str, now: datetime) -> None:
        if self.first(one) == self.first(other):
            return
        asked = {"leads": sorted((one, other)), "why": f"both have {hint}", "state": "open", "at": now.isoformat()}
        self._records.amend(PAIR, pair_key(one, other), lambda known: known or asked, now)

    def _pair(self, one: str, other: str) -> Data:
        found = self._records.get(PAIR, pair_key(one, other))
        return found.data if found else {}

    def _settle(self, one: str, other: str, state: str, by: str, now: datetime) -> None:
        def settled(known: Data) -> Data:
            return {"leads": sorted((one, other)), "why": "", **known, "state": state, "by": by, "at": now.isoformat()}

        self._records.amend(PAIR, pair_key(one, other), settled, now)


def pair_key(one: str, other: str) -> str:
    """The key of two leads, in whatever order they are named."""
    return json.dumps(sorted((one, other)), ensure_ascii=False)


def added(known: Data, said: Data, now: datetime) -> Data:
    """A lead with what is said of it now; a signal and a basis count once, however often they are told."""
    given = {name: value for name, value in said.items() if value and name not in ("basis", "signals", "facts")}
    changed = {name: known[name] for name, value in given.items() if known.get(name) and known[name] != value}
    bases = list(known.get("bases", ()))
    if all(_grounds(said["basis"]) != _grounds(one) for one in bases):
        bases.append({**said["basis"], "at": now.isoformat()})
    past = list(known.get("history", ()))
    if changed:
        past.append({"at": now.isoformat(), "before": changed})
    empty = {"handle": "", "name": "", "url": "", "email": "", "email_verified": False, "owner": ""}
    return {
        **empty,
        "kept_at": now.isoformat(),
        **known,
        **given,
        "bases": bases,
        "facts": {**known.get("facts", {}), **said.get("facts", {})},
        "signals": _newest({**said.get("signals", {}), **known.get("signals", {})}),
        "history": past,
    }


def _newest(signals: Data) -> Data:
    if len(signals) <= SIGNALS:
        return signals
    return dict(sorted(signals.items(), key=lambda one: (one[1]["at"], one[0]))[-SIGNALS:])


def _grounds(basis: Data) -> tuple[Any, Any]:
    return basis["basis"], basis["because"]


def _said(known: Data, word: Data) -> Data:
    return {**known, "state": word["state"], "said": [*known.get("said", ()), dict(word)]}
