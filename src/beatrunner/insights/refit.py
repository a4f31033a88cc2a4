"""Keeps the insights up to date: measures the runs that are others now, and fits all anew.

What was measured of a run is kept, so one new run costs one run and a fit; streams are read one
run at a time, so memory stays flat however many there are. A change asks for a refit a little
later, and changes until then ask for nothing more.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import get_library_version
from beatrunner.activities.store import get_activity, lock_activity
from beatrunner.activities.streams import load_streams
from beatrunner.core.align import align
from beatrunner.core.recording import Streams
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.insights import store
from beatrunner.insights.fitting import KnownRun, effects_to_json, fit_all, own_cadence
from beatrunner.insights.known import known_runs
from beatrunner.insights.plays import METHOD, MeasuredRun, measure_run
from beatrunner.insights.store import Fitted
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import (
    ClaimedJob,
    count_unfinished,
    enqueue,
    has_older_running,
    has_waiting,
)
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotFoundError
from beatrunner.music.store import ListedListen
from beatrunner.soundtracks.compute import list_listens_of, plays_of
from beatrunner.soundtracks.store import find_soundtrack

REFIT = "insights.refit"
#: What changes runs and music; a refit waits until none of it is left to do.
_CHANGES = (
    "import.run",
    "account.imported",
    "activity.imported",
    "plays.group",
    "music.imported",
    "track.changed",
    "track.tempo_changed",
)
_PATIENCE = timedelta(seconds=5)


async def ask_to_refit(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    """Have the account's insights computed anew soon, unless that is to happen anyway."""
    run_at = now + _PATIENCE
    if not await has_waiting(tx, account_id, REFIT, run_at):
        await enqueue(tx, "insights.refit", {}, account_id=account_id, now=now, run_at=run_at)


class Refitter:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @job("activity.imported")
    async def on_activity(self, claimed: ClaimedJob) -> None:
        await self._ask(claimed.account_id)

    @job("music.imported")
    async def on_music(self, claimed: ClaimedJob) -> None:
        await self._ask(claimed.account_id)

    @job("track.changed")
    async def on_track(self, claimed: ClaimedJob) -> None:
        await self._ask(claimed.account_id)

    @job("track.tempo_changed")
    async def on_tempo(self, claimed: ClaimedJob) -> None:
        await self._ask(claimed.account_id)

    @job("insights.refit", can_wait=True)
    async def on_refit(self, claimed: ClaimedJob) -> None:
        async with self._database.read() as tx:
            # Two at once would measure the same runs, and the older truth might be told last.
            must_wait = await count_unfinished(
                tx, claimed.account_id, _CHANGES
            ) or await has_older_running(tx, claimed, self._clock())
        if must_wait:
            await self._ask(claimed.account_id)
        else:
            await self.refit(claimed.account_id)

    async def _ask(self, account_id: UUID) -> None:
        async with self._database.write() as tx:
            await ask_to_refit(tx, account_id, self._clock())

    async def refit(self, account_id: UUID) -> None:
        """Nothing comes of it where the account is deleted in the meantime."""
        with suppress(NotFoundError):
            await self._refit(account_id)

    async def _refit(self, account_id: UUID) -> None:
        async with self._database.read() as tx:
            # What changes from here on makes the result an old one.
            library_version = await get_library_version(tx, account_id)
            unmeasured = await store.list_unmeasured(tx, account_id, METHOD)
        for activity_id in unmeasured:
            try:
                await self._measure(account_id, activity_id)
            except NotFoundError:
                continue  # deleted in the meantime
        runs, left_out, tempi = await self._known(account_id)
        fitted = await asyncio.to_thread(_fit, runs, left_out, tempi, library_version)
        async with self._database.write() as tx:
            await get_library_version(tx, account_id)
            await store.replace_insights(tx, account_id, fitted, self._clock())

    async def _known(
        self, account_id: UUID
    ) -> tuple[Sequence[KnownRun], Counter[str], dict[str, float]]:
        """Runs that tell something, how many others tell nothing and why, and the tempi."""
        async with self._database.read(is_long=True) as tx:
            measured = await store.list_measured_runs(tx, account_id)
            experiments = await store.list_experiments(tx, account_id)
            tempi = await store.list_tempi(tx, account_id)
        left_out = Counter(row.left_out for row in measured if row.left_out is not None)
        return await asyncio.to_thread(known_runs, measured, experiments), left_out, tempi

    async def _measure(self, account_id: UUID, activity_id: UUID) -> None:
        """Raises NotFoundError."""
        async with self._database.read() as tx:
            activity = await get_activity(tx, account_id, activity_id)
            soundtrack = await find_soundtrack(tx, activity_id)
            streams = await load_streams(tx, activity_id, activity.length_s)
            listens = await list_listens_of(tx, account_id, activity)
            is_driven = await store.has_driven_workout(tx, activity_id)
        if soundtrack is None:
            return
        run = await asyncio.to_thread(
            _measured, activity, soundtrack.confidence, streams, listens, is_driven
        )
        async with self._database.write() as tx:
            await lock_activity(tx, account_id, activity_id)
            await store.upsert_measured_run(
                tx,
                account_id,
                activity_id,
                run,
                soundtrack_at=soundtrack.computed_at,
                method=METHOD,
            )


def _measured(
    activity: AnyRow,
    confidence: str,
    streams: Streams,
    listens: list[ListedListen],
    is_driven: bool,
) -> MeasuredRun:
    spans = align(
        plays_of(activity.started_at, listens), activity.length_s, activity.clock_offset_s
    )
    return measure_run(listens, spans, streams, confidence, is_driven=is_driven)


def _fit(
    runs: Sequence[KnownRun],
    left_out: Counter[str],
    tempi: dict[str, float],
    library_version: int,
) -> Fitted:
    cadence_spm = own_cadence(runs)
    found = fit_all(runs, tempi, cadence_spm)
    effects = {
        (response.name, is_causal): effects_to_json(each)
        for response, answer in found.items()
        for is_causal, each in ((False, answer.association), (True, answer.causal))
        if each is not None
    }
    return Fitted(
        library_version,
        runs=len(runs),
        plays=sum(len(run.plays) for run in runs),
        left_out=left_out,
        cadence_spm=cadence_spm,
        effects=effects,
    )
