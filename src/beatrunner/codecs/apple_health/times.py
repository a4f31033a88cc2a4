"""Apple's times: "2026-05-03 08:12:05 +0200"."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache


def utc_of(text: str | None) -> datetime | None:
    """In UTC, without saying so; None for what is no time, or before 1970."""
    try:
        local = datetime.fromisoformat((text or "")[:19])
        moment = local - _offset((text or "")[19:])
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= 1970 else None


@lru_cache(maxsize=256)
def _offset(text: str) -> timedelta:
    """Raises ValueError."""
    sign, digits = text.strip()[:1], text.strip()[1:].replace(":", "")
    if sign in {"", "Z"}:
        return timedelta(0)
    if sign not in "+-" or len(digits) != 4:
        raise ValueError(text)
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if sign == "-" else size
