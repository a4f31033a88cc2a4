"""The picture as the server is told it."""

from __future__ import annotations

from typing import Literal, cast

from beatrunner.bridge.picture import Picture
from beatrunner.codecs.live import Link, Status

_MAX_NAME_CHARACTERS = 300
MAX_KMH = 60.0
MAX_PCT = 60.0
MAX_BPM = 300.0
MAX_SPM = 500.0


def status_of(
    picture: Picture,
    page_url: str,
    elapsed_s: float | None,
    distance_m: float | None,
    trouble: str | None,
) -> Status:
    return Status(
        shown=picture.shown,
        control=cast("Literal['none', 'runner', 'automation']", picture.control),
        treadmill=cast("Link", picture.treadmill),
        heart=cast("Link", picture.heart),
        pod=cast("Link", picture.pod),
        heart_fit=picture.heart_fit,
        is_calibrated=picture.is_calibrated,
        page_url=page_url,
        alarm=picture.alarm,
        lock=picture.lock,
        reasons=list(picture.reasons),
        speed_kmh=believable(picture.speed_kmh, 0.0, MAX_KMH),
        incline_pct=believable(picture.incline_pct, -MAX_PCT, MAX_PCT),
        heart_rate_bpm=believable(picture.heart_rate_bpm, 0.0, MAX_BPM),
        cadence_spm=believable(picture.cadence_spm, 0.0, MAX_SPM),
        asked_kmh=picture.asked_kmh,
        asked_incline_pct=picture.asked_incline_pct,
        elapsed_s=elapsed_s,
        distance_m=distance_m,
        treadmill_name=as_name(picture.treadmill_name),
        trouble=as_name(trouble),
    )


def as_name(words: str | None) -> str | None:
    """So much of words from elsewhere as a message may carry."""
    return None if words is None else words.replace("\0", "")[:_MAX_NAME_CHARACTERS]


def believable(value: float | None, least: float, most: float) -> float | None:
    """What no machine can mean is left out: the server would refuse the whole message."""
    return value if value is not None and least <= value <= most else None
