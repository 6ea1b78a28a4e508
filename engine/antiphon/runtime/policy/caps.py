"""Caps: how often somebody is reached in a while, over all workflows."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.model.duration import format_duration
from antiphon.model.effect import Effect
from antiphon.model.policy import Cap, CapRule, is_of
from antiphon.model.ruling import Limit
from antiphon.runtime.policy.asking import Asking

NAME = "cap"


def limits(effect: Effect, asking: Asking) -> Iterator[Limit]:
    """Those of the workspace that concern the effect, and the one of its step."""
    for rule in asking.settings.caps:
        if rule.concerns(effect.action, effect.connection) and rule.group in ("", effect.group):
            yield from _of_workspace(rule, effect, asking)
    if effect.terms.cap is not None:
        yield from _of_step(effect.terms.cap, effect, asking)


def _of_workspace(rule: CapRule, effect: Effect, asking: Asking) -> Iterator[Limit]:
    counted: dict[str, list[str]] = {
        "person": [*effect.persons],
        "connection": [effect.connection] if effect.connection else [],
        "workspace": ["all"],
    }
    for one in counted[rule.each]:
        yield Limit(
            rule=NAME,
            told=f"{rule.told()} for {one}{_told(rule.channel, rule.group)}",
            max=rule.max,
            since=asking.now - rule.per,
            per=rule.per,
            otherwise=rule.otherwise,
            person=one if rule.each == "person" else "",
            connection=one if rule.each == "connection" else rule.connection,
            channel=rule.channel,
            group=rule.group,
        )


def _of_step(cap: Cap, effect: Effect, asking: Asking) -> Iterator[Limit]:
    if cap.max is None or cap.per is None or not is_of(effect.action, cap.channel):
        return
    for person in effect.persons or ("",):
        whose = f"{person or 'all'} by {'any workflow' if cap.scope == 'workspace' else effect.workflow}"
        yield Limit(
            rule=NAME,
            told=f"{cap.max} per {format_duration(cap.per)} for {whose}{_told(cap.channel, cap.group)}",
            max=cap.max,
            since=asking.now - cap.per,
            per=cap.per,
            otherwise=cap.otherwise,
            person=person,
            channel=cap.channel,
            group=cap.group,
            workflow=effect.workflow if cap.scope == "workflow" else "",
        )


def _told(channel: str, group: str) -> str:
    return (f" on {channel}" if channel else "") + (f" in group {group}" if group else "")
