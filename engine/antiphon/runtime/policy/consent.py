"""Consent and suppression: read anew for every effect, so that a word said a second ago counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from antiphon.components.consents import Word, words
from antiphon.model.effect import Effect
from antiphon.model.person import Person
from antiphon.model.policy import ConsentRule, is_of
from antiphon.model.ruling import Ruling, Way, person_key
from antiphon.runtime.policy.asking import Asking


def rulings(effect: Effect, asking: Asking) -> Iterator[Ruling]:
    """Refused is what reaches somebody who is suppressed, or who has not given the consent that a rule asks for."""
    rules = [rule for rule in asking.settings.consent if rule.asks(effect.action, effect.connection, effect.group)]
    if not rules and not (effect.persons and asking.store.suppressions.list(limit=1)):
        return
    met = tuple(asking.people(effect))
    same = {person_key(name): asking.same(name) for name in (effect.subject, *effect.recipients) if name}
    also = [name for names in same.values() for name in names]
    for known in asking.store.suppressions.of([*effect.persons, *(person.handle for person in met), *also]):
        if is_of(effect.action, known.channel):
            told = f": {known.reason}" if known.reason else ""
            where = f" on {known.channel}" if known.channel else ""
            because = f"{known.person} must not be reached{where}, since {known.at:%F}{told}"
            yield Ruling(rule="suppression", verdict=Way.REFUSE, because=because)
    for rule in rules:
        missing = [name for name in effect.persons if not _agrees(_circle(name, met, same, asking), rule)]
        if missing or not effect.persons:
            because = f"there is no consent to {rule} from {' or '.join(missing) or 'anybody: nobody is named'}"
            yield Ruling(rule="consent", verdict=Way.REFUSE, because=because)
        else:
            because = f"there is consent to {rule} from {' and '.join(effect.persons)}"
            yield Ruling(rule="consent", verdict=Way.PASS, because=because)


def _circle(
    name: str, met: Collection[Person], same: Mapping[str, Collection[str]], asking: Asking
) -> Iterator[Person]:
    """Everybody who is this one: by id or handle, and by the accounts that are known to be the same person's."""
    for person in met:
        if name in (person_key(person.id), person_key(person.handle)):
            yield person
            yield from filter(None, map(asking.store.people.get, same.get(person_key(person.id), ())))
    yield from filter(None, map(asking.store.people.get, same.get(name, ())))


def _agrees(circle: Iterator[Person], rule: ConsentRule) -> bool:
    """Whether one of a person's accounts has agreed, and none has withdrawn."""
    key = Word(channel=rule.channel, purpose=rule.purpose).key
    said = [found[key].given for person in circle if key in (found := words(person))]
    return bool(said) and all(said)
