from __future__ import annotations

from datetime import timedelta

import pytest

from antiphon.orchestrator.words import cron_in_words, schedule_in_words


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 9 * * TUE", "Every Tuesday at 09:00"),
        ("30 8 * * 1-5", "Every Monday to Friday at 08:30"),
        ("0 9,17 * * *", "Every day at 09:00 and 17:00"),
        ("0 0 1 * *", "On day 1 of the month at 00:00"),
        ("0 6 1 1,7 *", "On day 1 of the month in January and July at 06:00"),
        ("0 6 * 12 *", "Every day in December at 06:00"),
        ("0 6 13 * 5", "Every Friday or on day 13 of the month at 06:00"),
        ("0 6 * * 7", "Every Sunday at 06:00"),
        ("* * * * *", "Every minute"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("*/15 8-18 * * MON,WED", "Every 15 minutes, in the hours 8-18, every Monday and Wednesday"),
        ("0 * * * *", "Every hour"),
        ("5 * * * *", "Every hour at 5 minutes past"),
        ("5,35 * * * *", "At minute 5,35 of every hour"),
        ("0 9 * * MON#2", "Every weekday MON#2 at 09:00"),
        ("@daily", "Every day at 00:00"),
        ("@hourly", "Every hour"),
    ],
)
def test_cron(cron: str, words: str) -> None:
    """A cron line reads as a person would say it; what no phrase fits stands as it was written."""
    assert words == cron_in_words(cron)


def test_schedule() -> None:
    """A schedule's words end with the time zone in which they hold."""
    assert "Every day at 00:00 (UTC)." == schedule_in_words({"cron": "@midnight"}, "UTC")
    assert "Every 1h30m (UTC)." == schedule_in_words({"every": timedelta(minutes=90)}, "UTC")
    assert "Every 1h30m (UTC)." == schedule_in_words({"every": "1h30m"}, "UTC")
    assert "On 2026-05-01 09:00 and 2026-06-01 09:00 (Asia/Tokyo)." == schedule_in_words(
        {"at": ["2026-05-01T09:00", "2026-06-01T09:00"]}, "Asia/Tokyo"
    )
