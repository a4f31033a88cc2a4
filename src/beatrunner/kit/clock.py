"""The one door to the time of day, so that tests can hold it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

#: Gives the present as an aware UTC time.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)
