from __future__ import annotations

from datetime import datetime

import pytest

from beatrunner.codecs.apple_health.times import utc_of


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-03 08:12:05 +0200", "2026-05-03 06:12:05"),
        ("2026-05-03 08:12:05 -0930", "2026-05-03 17:42:05"),
        ("2026-05-03 08:12:05 +05:30", "2026-05-03 02:42:05"),
        ("2026-05-03T06:12:05Z", "2026-05-03 06:12:05"),
        ("2026-05-03 06:12:05", "2026-05-03 06:12:05"),
    ],
)
def test_times_are_told_in_utc(text: str, moment: str) -> None:
    assert utc_of(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "yesterday", "1969-12-31", "2026-13-03 08:12:05 +0200"),
        *("2026-05-03 08:12:05 +02", "2026-05-03 08:12:05 *0200", "0001-01-01 00:00:00 +1400"),
    ],
)
def test_what_is_no_time(text: str | None) -> None:
    assert utc_of(text) is None
