"""Contacts that somebody has changed in HubSpot."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import Field

import antiphon
from antiphon import Event, GiveUp, Page, Person, Source, email_of
from antiphon_crm.contacts import Contact
from antiphon_crm.hubspot import client as hubspot


class Contacts(Source):
    """Contacts that were made or changed in HubSpot, by whomever.

    poll:
      source: hubspot.contacts
      with: {connection: customers, properties: [firstname, lastname, phone]}
      every: 5m

    What Antiphon writes itself is told of too, and comes to nothing when it is written back unchanged.
    """

    name = "hubspot.contacts"
    event = "contact.changed"

    class Options(antiphon.Options):
        """What is asked for."""

        properties: list[str] = Field(
            default=["firstname", "lastname"],
            description="HubSpot's names of the properties, beside the e-mail address.",
        )

    def fetch(self, options: Options, client: hubspot.HubSpotReader, cursor: str | None) -> Page:
        """What was changed since, oldest first. Of one moment several contacts may be changed, so it is asked for
        again, and what was told already is told once."""
        since, after = (client.lately, "") if cursor is None else _place(cursor)
        found = client.changed(since, ["email", *options.properties], after)
        events = [_event(contact, at) for contact, at in found.contacts]
        people = [person for contact, _ in found.contacts if (person := _person(contact)) is not None]
        newest = max((at for _, at in found.contacts), default=since)
        # HubSpot's index may be seconds behind, and of one moment there may be several: that moment is asked for again.
        deep = int(found.after or 0) + hubspot.PAGE > hubspot.DEEPEST
        place = {"since": newest.isoformat(), "after": ""} if deep or not found.after else {
            "since": since.isoformat(), "after": found.after
        }  # fmt: skip
        return Page(events, json.dumps(place), more=bool(found.after) and (not deep or newest > since), people=people)


def _event(contact: Contact, at: datetime) -> Event:
    person = _person(contact)
    author = {"id": person.id, "name": person.name, "email": person.handle} if person else {}
    data: dict[str, Any] = {"contact": contact.id, **contact.properties, "author": author}
    return Event(f"hubspot.contacts:{contact.id}:{at.isoformat()}", Contacts.event, at, data, Contacts.name)


def _person(contact: Contact) -> Person | None:
    """Who it is, by their address: so consent and suppression find them."""
    if not (email := email_of(contact.properties.get("email"))):
        return None
    name = " ".join(filter(None, (contact.properties.get(part, "") for part in ("firstname", "lastname"))))
    return Person(id=f"email:{email}", network="email", handle=email, name=antiphon.one_line(name))


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        said = json.loads(cursor)
        return datetime.fromisoformat(said["since"]), str(said["after"])
    except (ValueError, KeyError, TypeError) as error:
        hint = 'Write such as {"since": "2026-03-02T09:00:00Z", "after": ""}.'
        raise GiveUp("The position of hubspot.contacts is none.", hint=hint) from error
