"""Alt text: no image goes out without words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.model.draft import Medium
from antiphon.model.effect import Effect
from antiphon.model.ruling import Ruling, Way
from antiphon.runtime.policy.asking import Asking


def rulings(effect: Effect, asking: Asking) -> Iterator[Ruling]:
    """At most one: about the images that go with an effect."""
    if not asking.settings.alt_text:
        return
    media = [Medium.model_validate(one) for one in effect.payload.get("media", ())]
    images = [one for one in media if one.kind == "image"]
    if silent := [one.name for one in images if not one.alt.strip()]:
        because = f"{', '.join(silent)} has no alt text, and the workspace wants one"
        yield Ruling(rule="alt text", verdict=Way.REFUSE, because=because)
    elif images:
        yield Ruling(rule="alt text", verdict=Way.PASS, because="every image has one")
