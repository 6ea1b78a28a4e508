"""Consent and suppression: read anew for every effect, so that a word said a second ago counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from antiphon.model.effect import Effect
from antiphon.model.person import Person
from antiphon.model.policy import is_of
from antiphon.model.ruling import Ruling, Way, person_key
from antiphon.runtime.policy.asking import Asking


def rulings(effect: Effect, asking: Asking) -> Iterator[Ruling]:
    """Refused is what reaches somebody who is suppressed, or who has not given the consent that the channel needs."""
    suppressions = asking.store.suppressions
    if not asking.settings.consent and not (effect.persons and suppressions.list(limit=1)):
        return
    met = tuple(asking.people(effect))
    also = [other for name in (effect.subject, *effect.recipients) if name for other in asking.same(name)]
    for known in suppressions.of([*effect.persons, *(person.handle for person in met), *also]):
        if is_of(effect.action, known.channel):
            told = f": {known.reason}" if known.reason else ""
            where = f" on {known.channel}" if known.channel else ""
            because = f"{known.person} must not be reached{where}, since {known.at:%F}{told}"
            yield Ruling(rule="suppression", verdict=Way.REFUSE, because=because)
    for channel in asking.settings.consent:
        if is_of(effect.action, channel):
            willing = {person_key(name) for one in met if _consents(one, channel) for name in (one.id, one.handle)}
            missing = [name for name in effect.persons if name not in willing]
            if missing or not effect.persons:
                because = f"there is no consent to {channel} from {' or '.join(missing) or 'anybody: nobody is named'}"
                yield Ruling(rule="consent", verdict=Way.REFUSE, because=because)
            else:
                because = f"there is consent to {channel} from {' and '.join(effect.persons)}"
                yield Ruling(rule="consent", verdict=Way.PASS, because=because)


def _consents(person: Person, channel: str) -> bool:
    """What the person's fact `consent` says: a list of channels, or a mapping of channels to what is known of it."""
    known = person.facts.get("consent")
    if isinstance(known, Mapping):
        return bool(known.get(channel))
    return isinstance(known, list | tuple) and channel in known


def _names(effect: Effect) -> str:
    return " or ".join(effect.persons) or "nobody in particular"
