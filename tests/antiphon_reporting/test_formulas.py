"""The registry of formulas: what a number can say it was made by."""

from __future__ import annotations

import pytest

from antiphon.errors import InputError
from antiphon_reporting.formulas import ACCOUNT, Formula, formula, formulas
from antiphon_reporting.names import metrics


@pytest.mark.parametrize("one", formulas().values(), ids=lambda one: one.id)
def test_whole(one: Formula) -> None:
    """R3: every formula has a source with a date, an expression, an interval that is stated, and known inputs."""
    assert one.source
    assert one.checked_on.year >= 2026
    assert one.interval
    assert one.en
    assert one.fr
    assert {name.removeprefix(ACCOUNT) for name in one.inputs} <= set(metrics())
    assert f"{one.id}@1" == one.name


def test_expressions() -> None:
    """A formula is written as one would write it, and says what counts as an interaction."""
    assert (
        "mean of (likes + replies + shares) / followers × 100",
        "Σ (likes + replies + shares) / Σ views × 100",
        "(mentions_positive - mentions_negative) / (mentions_positive + mentions_negative) × 100",
        "(followers at the end - followers at the beginning) / followers at the beginning × 100",
        "Σ cost / Σ clicks",
    ) == tuple(
        formula(id).expression
        for id in ("er_followers_post", "er_sum_impressions", "net_sentiment", "growth", "cpc")
    )  # fmt: skip


def test_same_name_other_number() -> None:
    """Two formulas that others call by one name have ids of their own, and tell apart what they count."""
    first, second = formula("er_late_v1"), formula("er_late_v2")

    assert {"clicks"} == set(first.over) - set(second.over)


def test_unknown() -> None:
    """A formula that is not there is refused with those that are."""
    with pytest.raises(InputError, match="no formula 'er'"):
        formula("er")
