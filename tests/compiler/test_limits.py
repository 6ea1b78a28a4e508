"""A document tightens the workspace's policy, and never loosens it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.components.clock import SystemClock
from antiphon.model.policy import PolicySettings
from antiphon.registry import Registry
from antiphon.settings import ConnectionSettings, Settings

POST = {"id": "post", "use": "mastodon.post", "with": {"connection": "brand", "text": "Hello"}}


def problems(folder: Path, policy: dict[str, Any], *, cap: dict[str, Any] | None = None, **keys: Any) -> list[str]:
    """What is wrong with a document in a workspace of this policy."""
    settings = Settings(
        folder=folder,
        policy=PolicySettings.model_validate(policy),
        connections={"brand": ConnectionSettings(connector="mastodon")},
    )
    step = {**POST, "cap": cap} if cap else POST
    document = {
        "antiphon": 1,
        "id": "w",
        "name": "W",
        "tz": "UTC",
        "triggers": [{"id": "by_hand", "manual": {}}],
        "actions": [step],
        **keys,
    }
    (folder / "w.yaml").write_text(json.dumps(document), encoding="utf-8")
    return [problem.sentence for problem in Antiphon(settings, Registry.load(), SystemClock()).check([folder]).problems]


@pytest.mark.parametrize("name", ["effects_per_run", "effects_per_day", "blast_radius"])
def test_limits(tmp_path: Path, name: str) -> None:
    """A limit may be as tight as the workspace's or tighter; a looser one is a mistake."""
    assert [] == problems(tmp_path, {}, limits={name: 100})
    assert [] == problems(tmp_path, {name: 10}, limits={name: 10})
    [told] = problems(tmp_path, {name: 10}, limits={name: 11})
    assert f"`{name}` is 11, which is looser than the 10 of the workspace." == told


@pytest.mark.parametrize(
    ("rule", "cap", "loose"),
    [
        ({"max": 2, "per": "7d"}, {"max": 2, "per": "7d"}, False),
        ({"max": 2, "per": "7d"}, {"max": 1, "per": "7d"}, False),
        ({"max": 2, "per": "7d"}, {"max": 3, "per": "7d"}, True),
        ({"max": 2, "per": "7d"}, {"max": 2, "per": "1d"}, True),
        ({"max": 2, "per": "7d"}, {"max": 3, "per": "30d"}, False),
        ({"max": 2, "per": "7d", "channel": "email"}, {"max": 3, "per": "7d"}, False),
        ({"max": 2, "per": "7d", "group": "g"}, {"max": 3, "per": "7d", "group": "g"}, True),
        ({"max": 2, "per": "7d", "group": "g"}, {"max": 3, "per": "7d", "group": "h"}, False),
        ({"max": 2, "per": "7d", "each": "connection"}, {"max": 3, "per": "7d"}, False),
        ({"max": 2, "per": "7d"}, {"group": "g"}, False),
    ],
    ids=str,
)
def test_caps(tmp_path: Path, rule: dict[str, Any], cap: dict[str, Any], loose: bool) -> None:
    """A cap that could never be reached, since one of the workspace counts the same and is stricter, is a mistake."""
    told = problems(tmp_path, {"caps": [rule]}, cap=cap)
    assert (["This cap is looser than the workspace's, which is 2 per 7d."] if loose else []) == told
