"""Differences: what is not as a plan has shown it, one sentence each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from antiphon.model.effect import Effect
from antiphon.model.plan import Plan, PlannedEffect
from antiphon.model.run import Run

_SHOWN = 60


def differences(shown: Plan, now: Plan) -> Iterator[str]:
    """What is different in a plan of the same calls that was made just now, of the same accounts."""
    yield from _versions(shown.programs, now.programs)
    yield from _accounts(shown.connections, now.connections)
    yield from _ends(shown.runs, now.runs)
    yield from _effects(shown.effects, now.effects)


def _versions(shown: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(shown.keys() | now.keys()):
        match shown.get(name), now.get(name):
            case None, _:
                yield f"The workflow {name} takes part now."
            case _, None:
                yield f"The workflow {name} takes no part any more."
            case before, after if before != after:
                yield f"The workflow {name} has changed: {before} was shown, {after} stands now."


def _accounts(shown: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name, before in sorted(shown.items()):
        if not now[name]:
            yield f"The connection {name} is gone."
        elif before != now[name]:
            yield f"The connection {name} has changed: another server, account or option."


def _ends(shown: Sequence[Run], now: Sequence[Run]) -> Iterator[str]:
    for before, after in zip(shown, now, strict=True):
        if before.state is not after.state:
            yield f"The run for {before.cause} was to be {before.state}, and would be {after.state}: {after.because}"


def _effects(shown: Sequence[PlannedEffect], now: Sequence[PlannedEffect]) -> Iterator[str]:
    before, after = ({one.effect.key: one for one in some} for some in (shown, now))
    for key, one in before.items():
        if key not in after:
            yield f"{_named(one.effect)} would not be done any more."
            continue
        other = after[key]
        if one.effect != other.effect:
            yield f"{_named(one.effect)} is not the same any more: {'; '.join(_unlike(one.effect, other.effect))}."
        if one.entry.state is not other.entry.state:
            yield f"{_named(one.effect)} was {one.entry.state}, and is {other.entry.state} now."
        yield from (f"Policy says otherwise of {_named(one.effect)}: {told}." for told in _objections(one, other))
    for key, one in after.items():
        if key not in before:
            yield f"{_named(one.effect)} would be done now, and was not shown."


def _objections(before: PlannedEffect, after: PlannedEffect) -> Iterator[str]:
    old, new = ({(one.rule, one.verdict): str(one) for one in some.objections} for some in (before, after))
    yield from (f"{verdict} now ({new[rule, verdict]})" for rule, verdict in sorted(new.keys() - old.keys()))
    yield from (f"no longer {verdict} ({old[rule, verdict]})" for rule, verdict in sorted(old.keys() - new.keys()))


def _unlike(before: Effect, after: Effect) -> Iterator[str]:
    """What differs, field by field, and part by part of the content."""
    for name in Effect.model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if name == "payload":
            yield from (_pair(key, old.get(key), new.get(key)) for key in _differing(old, new))
        else:
            yield _pair(name, old, new)


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [key for key in {**old, **new} if old.get(key) != new.get(key) or (key in old) != (key in new)]


def _pair(name: str, old: Any, new: Any) -> str:
    """Two values side by side, long ones from shortly before they part."""
    texts = [json.dumps(value, ensure_ascii=False) for value in (old, new)]
    part = next((index for index, (one, other) in enumerate(zip(*texts, strict=False)) if one != other), 0)
    start = max(0, part - _SHOWN // 3)
    before, after = (_cut(text, start) for text in texts)
    return f"{name} was {before}, is {after}"


def _cut(text: str, start: int) -> str:
    return ("…" if start else "") + text[start : start + _SHOWN] + ("…" if len(text) > start + _SHOWN else "")


def _named(effect: Effect) -> str:
    return f"{effect.action} at {effect.step} ({effect.key})"
