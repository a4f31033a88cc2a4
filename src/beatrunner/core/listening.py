"""What music sources say about plays, before they are matched to tracks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ListenKind(StrEnum):
    MUSIC = "music"
    PODCAST = "podcast"
    AUDIOBOOK = "audiobook"


@dataclass(frozen=True, slots=True)
class RawListen:
    """One play. `started_at <= ended_at`, both aware UTC.

    `uncertainty_s` bounds how far the true start may lie from `started_at` (a pause inside the
    play cannot be seen; an offline play may carry the time of its upload). `artist` is the show
    for podcasts and the author (when known) for audiobooks, else "".
    """

    kind: ListenKind
    title: str
    artist: str
    album: str | None
    started_at: datetime
    ended_at: datetime
    uncertainty_s: float
    source_id: str | None
    is_skipped: bool | None
    is_shuffled: bool | None
    is_offline: bool


@dataclass(frozen=True, slots=True)
class ListeningHistory:
    """The plays of one file; `dropped` counts rows that are no listen, by reason.

    `cut_off` is 1 when the file ends or breaks in the middle: what comes before is kept.
    """

    listens: list[RawListen]
    dropped: dict[str, int]
