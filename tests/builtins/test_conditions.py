from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from antiphon.builtins.calendar import Holiday, HolidayOptions, OnWeekday, Time, TimeOptions, WeekdayOptions
from antiphon.builtins.conditions import Dedupe, DedupeOptions, Number, NumberOptions, Text, TextOptions
from antiphon.components.condition import Condition
from antiphon.components.context import ReadContext
from antiphon.model.run import Verdict

MakeContext = Callable[..., ReadContext]


def ask(condition: type[Condition], options: dict[str, Any], context: MakeContext, *now: str, **here: Any) -> Verdict:
    return condition().judge(condition.Options.model_validate(options), context(*now, **here))


@pytest.mark.parametrize(
    ("options", "expected", "because"),
    [
        ({"of": "C'est CASSÉ", "contains": "casse"}, True, "“C'est CASSÉ” fits: contains “casse”"),
        ({"of": "bonjour", "contains": "cassé"}, False, "“bonjour” does not contain “cassé”"),
        ({"of": "bonjour", "starts_with": "bon", "longer_than": 20}, False, "“bonjour” is not longer than 20"),
        ({"of": "", "exists": True}, False, "“” is missing"),
        ({"of": "spam", "not": {"contains_any": ["spam"]}}, False, "is excluded: contains any of “spam”"),
    ],
)
def test_text(options: dict[str, Any], expected: bool, because: str, context: MakeContext) -> None:
    """A text is compared as in `match`, and the reason shows both texts."""
    verdict = ask(Text, options, context)
    assert verdict.holds is expected
    assert because in verdict.because


@pytest.mark.parametrize(
    ("options", "expected", "because"),
    [
        ({"of": 1200, "at_least": 1000}, True, "1200 fits: at least 1000"),
        ({"of": "1200", "above": 1200}, False, "1200 is not above 1200"),
        ({"of": " 3.5 ", "between": [3, 4]}, True, "3.5 fits: between 3, 4"),
        ({"of": "many", "above": 1}, False, "“many” is not a number"),
        ({"of": None, "above": 1}, False, "None is not a number"),
        ({"of": True, "above": 0}, False, "True is not a number"),
        ({"of": "nan", "below": 1}, False, "“nan” is not a number"),
        ({"of": "²", "below": 9}, False, "is not a number"),
    ],
)
def test_number(options: dict[str, Any], expected: bool, because: str, context: MakeContext) -> None:
    """A number is compared with numbers; what reads as none never holds."""
    verdict = ask(Number, options, context)
    assert verdict.holds is expected
    assert because in verdict.because


@pytest.mark.parametrize(
    ("options", "now", "expected", "because"),
    [
        ({"between": ["09:00", "18:00"]}, "19:14", False, "it is 21:14 in Europe/Paris, not between 09:00 and 18:00"),
        ({"between": ["09:00", "18:00"]}, "07:00", True, "it is 09:00 in Europe/Paris, between 09:00 and 18:00"),
        ({"between": ["09:00", "18:00"]}, "16:00", False, "it is 18:00 in Europe/Paris, not between"),
        ({"between": ["22:00", "06:00"]}, "22:30", True, "it is 00:30"),
        ({"between": ["22:00", "06:00"]}, "12:00", False, "it is 14:00"),
        ({"after": "14:00"}, "12:00", True, "it is 14:00 in Europe/Paris, after 14:00"),
        ({"before": "14:00"}, "12:00", False, "it is 14:00 in Europe/Paris, not before 14:00"),
        ({"before": "00:00"}, "12:00", False, "not before 00:00"),
        ({"before": "14:00", "tz": "America/New_York"}, "12:00", True, "it is 08:00 in America/New_York"),
    ],
)
def test_time(options: dict[str, Any], now: str, expected: bool, because: str, context: MakeContext) -> None:
    """A window of the day is read in the workflow's zone or its own; it has its first minute and not its last."""
    verdict = ask(Time, options, context, f"2026-05-01T{now}+00:00", tz="Europe/Paris")
    assert verdict.holds is expected
    assert because in verdict.because


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


MINUTES = st.integers(0, 24 * 60 - 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(now=MINUTES, begin=MINUTES, length=st.integers(1, 24 * 60 - 1))
def test_any_window(now: int, begin: int, length: int, context: MakeContext) -> None:
    """A window has the minutes that one passes on the way from its first to its last, over midnight or not."""
    end = (begin + length) % (24 * 60)
    passed = {(begin + step) % (24 * 60) for step in range(length)}
    verdict = ask(Time, {"between": [clock(begin), clock(end)]}, context, f"2026-05-01T{clock(now)}:59+00:00")
    assert verdict.holds is (now in passed)


@pytest.mark.parametrize(
    ("options", "expected", "because"),
    [
        ({"days": ["mon", "fri"]}, True, "it is Friday in UTC, one of Monday, Friday"),
        ({"days": "sat"}, False, "it is Friday in UTC, none of Saturday"),
        ({"days": "sat", "tz": "Pacific/Auckland"}, True, "it is Saturday in Pacific/Auckland"),
    ],
)
def test_weekday(options: dict[str, Any], expected: bool, because: str, context: MakeContext) -> None:
    """The day of the week is the one in the zone."""
    verdict = ask(OnWeekday, options, context, "2026-05-01T13:00+00:00")
    assert verdict.holds is expected
    assert because in verdict.because


@pytest.mark.parametrize(
    ("options", "expected", "because"),
    [
        ({"calendar": "fr"}, True, "2026-05-01 is Labor Day, a holiday in FR"),
        ({"calendar": "US-NY"}, False, "2026-05-01 is no holiday in US-NY"),
        ({"calendar": "FR", "date": "2026-07-14"}, True, "2026-07-14 is "),
        ({"calendar": "FR", "date": "2026-07-13T22:30:00+00:00", "tz": "Europe/Paris"}, True, "2026-07-14 is "),
        ({"calendar": "FR", "date": "2026-07-13T22:30:00"}, False, "2026-07-13 is no holiday"),
        ({"calendar": "DE-BY", "date": "2031-01-06"}, True, "2031-01-06 is Epiphany"),
    ],
)
def test_holiday(options: dict[str, Any], expected: bool, because: str, context: MakeContext) -> None:
    """A holiday is one of the calendar on that day, or today, as it is in the zone."""
    verdict = ask(Holiday, options, context)
    assert verdict.holds is expected
    assert because in verdict.because


@pytest.mark.parametrize(
    ("model", "given", "sentence"),
    [
        (TextOptions, {"of": "x"}, "say what the text must be, such as `contains`"),
        (NumberOptions, {"of": 1}, "say what the number must be, such as `above`"),
        (TextOptions, {"of": "x", "matches": "("}, "is not a regular expression"),
        (TimeOptions, {}, "exactly one of between, after and before"),
        (TimeOptions, {"after": "09:00", "before": "10:00"}, "exactly one of between, after and before"),
        (TimeOptions, {"between": ["09:00", "09:00"]}, "begins when it ends"),
        (TimeOptions, {"after": "9:00"}, "'9:00' is not a time of day; write it as 09:00"),
        (TimeOptions, {"after": "24:00"}, "'24:00' is not a time of day"),
        (TimeOptions, {"after": "09:00", "tz": "Europe/Pariss"}, "'Europe/Pariss' is not a time zone"),
        (TimeOptions, {"after": "09:00", "tz": "../../etc/passwd"}, "is not a time zone"),
        (TimeOptions, {"after": "09:00", "tz": "Europe"}, "is not a time zone"),
        (TimeOptions, {"after": "09:00", "tz": ""}, "is not a time zone"),
        (WeekdayOptions, {"days": ["monday"]}, "'mon', 'tue'"),
        (WeekdayOptions, {"days": []}, "at least 1 item"),
        (HolidayOptions, {"calendar": "FRR"}, "there is no calendar of holidays 'FRR'; did you mean"),
        (HolidayOptions, {"calendar": "US-NYC"}, "did you mean US-NY"),
        (HolidayOptions, {"calendar": "FR", "date": "tomorrow"}, "'tomorrow' is not a date"),
        (DedupeOptions, {"key": "a", "within": 7}, "is not a length of time"),
    ],
)
def test_refused(model: type[Any], given: dict[str, Any], sentence: str) -> None:
    """A question that has no sense is refused with a sentence."""
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(given)
    assert sentence in str(refusal.value)


DEDUPE = {"key": "ana", "within": "7d"}


def test_dedupe(context: MakeContext) -> None:
    """A key holds for the run that brings it first, again for that run, and for nobody else within the while."""
    asked = [("run-1", "01"), ("run-1", "01"), ("run-2", "07"), ("run-3", "08")]
    verdicts = [ask(Dedupe, DEDUPE, context, f"2026-05-{day}T12:00+00:00", run=run, live=True) for run, day in asked]
    assert [verdict.holds for verdict in verdicts] == [True, True, False, True]
    assert verdicts[2].because == "“ana” was seen already in this workflow within 7d"


def test_dedupe_in_a_plan(context: MakeContext) -> None:
    """A plan sees what a live run brought, and leaves nothing behind."""
    assert ask(Dedupe, DEDUPE, context, run="plan-1").holds
    assert ask(Dedupe, DEDUPE, context, run="run-1", live=True).holds
    assert not ask(Dedupe, DEDUPE, context, run="plan-2").holds


def test_dedupe_scope(context: MakeContext) -> None:
    """A workflow has a memory of its own, unless it shares that of the workspace."""
    shared = {**DEDUPE, "scope": "workspace"}
    assert ask(Dedupe, DEDUPE, context, workflow="workspace", run="a", live=True).holds
    assert ask(Dedupe, DEDUPE, context, workflow="other", run="b", live=True).holds
    assert ask(Dedupe, shared, context, workflow="one", run="c", live=True).holds
    assert not ask(Dedupe, shared, context, workflow="two", run="d", live=True).holds


def test_dedupe_by_a_list(context: MakeContext) -> None:
    """A key may be several values, and as long as it likes; another order is another key."""
    long = "x" * 5000
    assert ask(Dedupe, {"key": [long, 1], "within": "1d"}, context, run="a", live=True).holds
    assert not ask(Dedupe, {"key": [long, 1], "within": "1d"}, context, run="b", live=True).holds
    assert ask(Dedupe, {"key": [1, long], "within": "1d"}, context, run="c", live=True).holds


@pytest.mark.parametrize("key", [None, "", [], {}])
def test_dedupe_by_nothing(key: object, context: MakeContext) -> None:
    """An empty key never holds: it cannot tell one from another, and twice is worse than not."""
    verdict = ask(Dedupe, {"key": key, "within": "1d"}, context, live=True)
    assert (verdict.holds, "is empty" in verdict.because) == (False, True)
