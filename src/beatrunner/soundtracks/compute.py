"""Compute soundtracks: when a run or music arrives, when a tempo or the clock is changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.store import has_combinable_recordings, lock_activity
from beatrunner.activities.streams import load_streams
from beatrunner.core.align import Play, align
from beatrunner.core.confidence import confidence
from beatrunner.core.recording import Streams
from beatrunner.core.span_figures import span_figures
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.db.types import AnyRow
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotFoundError
from beatrunner.music.store import ListedListen, list_listens
from beatrunner.soundtracks import store
from beatrunner.soundtracks.store import NewSoundtrack

#: Plays this far outside an activity may come into it when its clock is moved: a zone set wrong
#: is up to 14 h.
NEARBY = timedelta(hours=15)


class SoundtrackComputer:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @job("activity.imported")
    async def on_activity(self, claimed: ClaimedJob) -> None:
        await self._compute_alone(claimed.account_id, UUID(claimed.payload["activity_id"]))

    @job("music.imported")
    async def on_music(self, claimed: ClaimedJob) -> None:
        """Old runs get the soundtrack of plays that arrived after them."""
        first = datetime.fromisoformat(claimed.payload["first_started_at"])
        last = datetime.fromisoformat(claimed.payload["last_ended_at"])
        async with self._database.read() as tx:
            touched = await store.list_activities_between(
                tx, claimed.account_id, first - NEARBY, last + NEARBY
            )
        for activity_id in touched:
            await self._compute_alone(claimed.account_id, activity_id)

    @job("track.changed")
    async def on_track(self, claimed: ClaimedJob) -> None:
        """Plays of these tracks are of others now."""
        await self.on_tempo(claimed)

    @job("track.tempo_changed")
    async def on_tempo(self, claimed: ClaimedJob) -> None:
        """How far the runner was in step with tracks follows from their tempi."""
        track_ids = [UUID(text) for text in claimed.payload["track_ids"]]
        async with self._database.read() as tx:
            touched = await store.list_activities_with(tx, claimed.account_id, track_ids)
        for activity_id in touched:
            await self._compute_alone(claimed.account_id, activity_id)

    async def _compute_alone(self, account_id: UUID, activity_id: UUID) -> None:
        async with self._database.write() as tx:
            try:
                await self.compute(tx, account_id, activity_id)
            except NotFoundError:
                return  # deleted in the meantime

    async def compute(self, tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> None:
        """Compute and store one soundtrack. Raises NotFoundError."""
        # First, as imports do: otherwise this one and an import would wait for each other.
        await lock_imports(tx, account_id)
        # Two at once would both replace the spans, the later one perhaps by the older truth.
        activity = await lock_activity(tx, account_id, activity_id)
        if activity.streams_gone_at is not None:
            return  # its figures by song were taken from them, and stay
        streams = await load_streams(tx, activity_id, activity.length_s)
        listens = await list_listens_of(tx, account_id, activity)
        made = await asyncio.to_thread(_soundtrack, activity, streams, listens)
        await store.replace_soundtrack(tx, account_id, activity_id, made, self._clock())


async def list_listens_of(
    tx: AsyncConnection, account_id: UUID, activity: AnyRow
) -> list[ListedListen]:
    """Those that fall into it by its clock; none where the run may stand beside no music."""
    offset = timedelta(seconds=activity.clock_offset_s)
    return await _list_listens(
        tx, account_id, activity, activity.started_at - offset, activity.ended_at - offset
    )


async def list_listens_around(
    tx: AsyncConnection, account_id: UUID, activity: AnyRow
) -> list[ListedListen]:
    return await _list_listens(
        tx, account_id, activity, activity.started_at - NEARBY, activity.ended_at + NEARBY
    )


async def _list_listens(
    tx: AsyncConnection, account_id: UUID, activity: AnyRow, first: datetime, last: datetime
) -> list[ListedListen]:
    if not await has_combinable_recordings(tx, activity.id):
        return []
    return await list_listens(tx, account_id, first, last)


def plays_of(started_at: datetime, listens: Sequence[ListedListen]) -> list[Play]:
    """Listens in seconds since `started_at`, named by their track's identifier."""
    return [
        Play(
            track_key=str(listen.track_id),
            started_s=(listen.started_at - started_at).total_seconds(),
            ended_s=(listen.ended_at - started_at).total_seconds(),
            uncertainty_s=listen.uncertainty_s,
            is_offline=listen.is_offline,
        )
        for listen in listens
    ]


def _soundtrack(
    activity: AnyRow, streams: Streams, listens: Sequence[ListedListen]
) -> NewSoundtrack:
    plays = plays_of(activity.started_at, listens)
    spans = align(plays, activity.length_s, activity.clock_offset_s)
    tempi = {str(x.track_id): x.tempo_bpm for x in listens if x.tempo_bpm is not None}
    figures = span_figures(spans, streams, tempi)
    kinds = {str(listen.track_id): listen.kind for listen in listens}
    songs = {s.track_key for s in spans if s.track_key and kinds[s.track_key] == "music"}
    return NewSoundtrack(
        confidence=confidence(plays, spans, activity.length_s, activity.clock_offset_s),
        track_count=len(songs),
        spans=[
            {
                "ordinal": ordinal,
                "track_id": None if span.track_key is None else UUID(span.track_key),
                "start_s": span.start_s,
                "end_s": span.end_s,
                "start_uncertainty_s": span.start_uncertainty_s,
                **{
                    name: value
                    for name, value in asdict(figure).items()
                    if name not in {"elapsed_s", "heart_rate_lag_s", "tempo_bpm"}
                },
            }
            for ordinal, (span, figure) in enumerate(zip(spans, figures, strict=True))
        ],
    )
