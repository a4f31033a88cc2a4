"""Tracks that the runner names, and how fast each one is.

Several sources may tell a track's tempo, and each keeps its word; the track goes by the one that
is nearest to the runner's ear: what they typed, then what they tapped, then the file's tag, then
what the maker of a generated song knows. Half and double are not settled here: whoever runs to a
tempo folds it (`core.gait`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.core.listening import ListenKind
from beatrunner.db.locks import lock_imports
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.kit.ids import new_id
from beatrunner.music import store
from beatrunner.music.play_table import TrackName, match_key_of

LEAST_BPM = 20.0
MOST_BPM = 400.0


class TempoSource(StrEnum):
    """The earlier one wins."""

    MANUAL = "manual"
    TAP = "tap"
    TAG = "tag"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class TempoTrack:
    """`tempo_source` is whose word `tempo_bpm` is; both are None where nobody said any."""

    id: UUID
    title: str
    artist: str
    album: str | None
    tempo_bpm: float | None
    tempo_source: TempoSource | None


class TrackTempi:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def get(self, tx: AsyncConnection, account_id: UUID, track_id: UUID) -> TempoTrack:
        """Raises NotFoundError."""
        row = await store.get_track(tx, account_id, track_id)
        tempi = await store.list_tempi(tx, account_id, track_id)
        return TempoTrack(row.id, row.title, row.artist, row.album, row.tempo_bpm, _best(tempi))

    async def add_track(
        self, tx: AsyncConnection, account_id: UUID, title: str, artist: str, album: str | None
    ) -> UUID:
        """The account's song of this title and artist, as imports match them; new if need be."""
        await lock_imports(tx, account_id)
        key = match_key_of(ListenKind.MUSIC, title, artist)
        known = await store.list_tracks_by_match_key(tx, account_id, {key})
        if key in known:
            return known[key]
        track_id = new_id()
        name = TrackName(key, None, ListenKind.MUSIC, title, artist, album)
        await store.insert_tracks(tx, account_id, {track_id: name}, self._clock())
        return track_id

    async def set(
        self,
        tx: AsyncConnection,
        account_id: UUID,
        track_id: UUID,
        tempo_bpm: float,
        source: TempoSource,
    ) -> None:
        """Keep a source's word. Raises NotFoundError."""
        await lock_imports(tx, account_id)
        await store.get_track(tx, account_id, track_id)
        await store.upsert_tempo(tx, account_id, track_id, source, tempo_bpm, self._clock())
        await _resolve(tx, account_id, track_id, self._clock())

    async def clear(self, tx: AsyncConnection, account_id: UUID, track_id: UUID) -> None:
        """Forget what every source said. Raises NotFoundError."""
        await lock_imports(tx, account_id)
        await store.get_track(tx, account_id, track_id)
        await store.delete_tempi(tx, account_id, track_id)
        await _resolve(tx, account_id, track_id, self._clock())


async def _resolve(tx: AsyncConnection, account_id: UUID, track_id: UUID, now: datetime) -> None:
    """Bring the track's tempo up to date, and tell who computed something from the old one."""
    track = await store.get_track(tx, account_id, track_id)
    tempi = await store.list_tempi(tx, account_id, track_id)
    source = _best(tempi)
    tempo_bpm = None if source is None else tempi[source]
    if tempo_bpm == track.tempo_bpm:
        return
    await store.update_track_tempo(tx, track_id, tempo_bpm)
    await update_library_version(tx, account_id)
    payload = {"track_id": str(track_id)}
    await enqueue(tx, "track.tempo_changed", payload, account_id=account_id, now=now)


def _best(tempi: Mapping[str, float]) -> TempoSource | None:
    return next((source for source in TempoSource if source in tempi), None)
