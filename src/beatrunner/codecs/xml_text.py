"""Texts for the XML that BeatRunner writes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape

import numpy as np

from beatrunner.core.recording import Samples

#: Characters that XML 1.0 cannot carry, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` as element or attribute content."""
    return escape(_FORBIDDEN.sub("", text))


def utc_texts(started_at: datetime, sample_s: Samples) -> list[str]:
    """Each sample's time as "2026-03-01T06:30:00.000Z"."""
    start = np.datetime64(started_at.astimezone(UTC).replace(tzinfo=None), "ms")
    moments = start + np.round(sample_s * 1000).astype("timedelta64[ms]")
    return [f"{text}Z" for text in np.datetime_as_string(moments).tolist()]


def decimals(tag: str, samples: Samples | None, digits: int, count: int) -> list[str]:
    """An element for each sample, "" for each gap; `count` blanks for an absent column."""
    if samples is None:
        return [""] * count
    return [
        f"<{tag}>{value:.{digits}f}</{tag}>" if value == value else ""  # NaN differs from itself
        for value in samples.tolist()
    ]
