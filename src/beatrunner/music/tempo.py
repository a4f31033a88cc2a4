"""Tracks that the runner names, and what they say of how fast each one is.

Several sources may tell a track's tempo, and each keeps its word. What the runner typed or tapped
stands above all others until they take it back; the rest is weighed (`music.tempo_settling`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.listening import ListenKind
from beatrunner.core.tempo import Verdict, agree, is_tempo
from beatrunner.core.track_identity import match_key_of
from beatrunner.db.locks import lock_imports
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError
from beatrunner.music import store, tempo_store
from beatrunner.music.naming import match_names
from beatrunner.music.play_table import TrackName
from beatrunner.music.tempo_settling import OWN_WORDS, Settling
from beatrunner.music.tempo_source import TempoSource
from beatrunner.music.tempo_store import OwnReading, TrackRow


class OwnSource(StrEnum):
    """Who may tell a tempo through the API: the runner, their files, their player."""

    MANUAL = "manual"
    TAP = "tap"
    TAG = "tag"
    ANALYSIS = "analysis"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class SourceWord:
    """`agrees` with the tempo that BeatRunner goes by, octaves aside; None before there is one.

    `tempo_bpm` None: asked on `said_at`, and the source did not know.
    """

    source: str
    tempo_bpm: float | None
    first_beat_s: float | None
    said_at: datetime
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class TempoTrack:
    """`tempo_source` is whose word `tempo_bpm` is; all three are None where nobody said any."""

    id: UUID
    title: str
    artist: str
    album: str | None
    tempo_bpm: float | None
    tempo_source: str | None
    tempo_verdict: Verdict | None
    words: Sequence[SourceWord]


async def add_track(
    tx: AsyncConnection, account_id: UUID, title: str, artist: str, album: str | None, now: datetime
) -> UUID:
    """The account's song of this title and artist, as imports match them; new if need be."""
    await lock_imports(tx, account_id)
    key = match_key_of(ListenKind.MUSIC, title, artist)
    name = TrackName(key, None, ListenKind.MUSIC, title, artist, album)
    return (await match_names(tx, account_id, [name], now)).track_ids[0]


class TrackTempi:
    def __init__(self, clock: Clock, outside: Sequence[TempoSource]) -> None:
        """`outside`: the outside sources, the most trusted first."""
        self._clock = clock
        self._settling = Settling(clock, outside)

    async def get(self, tx: AsyncConnection, account_id: UUID, track_id: UUID) -> TempoTrack:
        """Raises NotFoundError."""
        row = await store.get_track(tx, account_id, track_id)
        song = TrackRow(
            row.id, row.title, row.artist, row.tempo_bpm, row.tempo_source, row.tempo_verdict
        )
        (state,) = await self._settling.load(tx, account_id, [song])
        words = [
            SourceWord(
                reading.source,
                reading.tempo_bpm,
                reading.first_beat_s,
                reading.created_at,
                _agrees(reading.tempo_bpm, row.tempo_bpm),
            )
            for reading in state.readings
        ]
        words += [
            SourceWord(
                answer.source,
                answer.tempo_bpm,
                None,
                answer.asked_at,
                _agrees(answer.tempo_bpm, row.tempo_bpm),
            )
            for answer in self._settling.words_of(state)
        ]
        return TempoTrack(
            row.id,
            row.title,
            row.artist,
            row.album,
            row.tempo_bpm,
            row.tempo_source,
            None if row.tempo_verdict is None else Verdict(row.tempo_verdict),
            words,
        )

    async def add_track(
        self, tx: AsyncConnection, account_id: UUID, title: str, artist: str, album: str | None
    ) -> UUID:
        return await add_track(tx, account_id, title, artist, album, self._clock())

    async def set(
        self,
        tx: AsyncConnection,
        account_id: UUID,
        track_id: UUID,
        tempo_bpm: float,
        source: OwnSource,
        first_beat_s: float | None = None,
    ) -> None:
        """Keep a source's word. Raises NotFoundError."""
        await lock_imports(tx, account_id)
        track = await store.get_track(tx, account_id, track_id)
        reading = OwnReading(source, tempo_bpm, first_beat_s, self._clock())
        await tempo_store.upsert_reading(tx, account_id, track.id, reading)
        await self._settling.settle(tx, account_id, [track.id])

    async def fold(
        self, tx: AsyncConnection, account_id: UUID, track_id: UUID, factor: float
    ) -> None:
        """Say that the tempo is half or double. Raises NotFoundError, ConflictError."""
        await lock_imports(tx, account_id)
        track = await store.get_track(tx, account_id, track_id)
        if track.tempo_bpm is None:
            raise ConflictError("Nobody knows this song's tempo yet.", kind="tempo-unknown")
        if not is_tempo(track.tempo_bpm * factor):
            raise ConflictError("No music is that slow or that fast.", kind="no-tempo")
        await self.set(tx, account_id, track_id, track.tempo_bpm * factor, OwnSource.MANUAL)

    async def forget(self, tx: AsyncConnection, account_id: UUID, track_id: UUID) -> None:
        """Take back what the runner said, so that the others count again. Raises NotFoundError."""
        await lock_imports(tx, account_id)
        track = await store.get_track(tx, account_id, track_id)
        await tempo_store.delete_readings(tx, account_id, track.id, OWN_WORDS)
        await self._settling.settle(tx, account_id, [track.id])

    async def identify(
        self, tx: AsyncConnection, account_id: UUID, track_id: UUID, identities: Iterable[str]
    ) -> None:
        """Keep what the track is called elsewhere, where no other track has that name."""
        await tempo_store.insert_identities(tx, account_id, track_id, identities)


def _agrees(said_bpm: float | None, tempo_bpm: float | None) -> bool | None:
    if said_bpm is None or tempo_bpm is None:
        return None
    return agree(said_bpm, tempo_bpm)
