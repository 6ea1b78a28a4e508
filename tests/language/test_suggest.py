from __future__ import annotations

from antiphon.suggest import closest, did_you_mean


def test_closest() -> None:
    """The nearest word is found without regard to case, and nothing that is far."""
    assert "schedule" == closest("Shedule", ["schedule", "webhook"])
    assert None is closest("banana", ["schedule", "webhook"])


def test_hint() -> None:
    """A hint names the nearest word, else the few there are, else nothing."""
    assert "Did you mean `every`?" == did_you_mean("evry", ["every", "cron"])
    assert "Known: `cron`, `every`." == did_you_mean("banana", ["every", "cron"])
    assert "" == did_you_mean("banana", ["every", "cron"], limit=1)
    assert "" == did_you_mean("banana", [])
