"""What goes from runs by their runner's wish, and what is never taken in without it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import select

from beatrunner.activities.figures import RunMeasurer
from beatrunner.activities.forgetting import RunForgetter
from beatrunner.activities.store import get_activity
from beatrunner.activities.streams import load_streams
from beatrunner.codecs.fit import write_fit
from beatrunner.core.recording import Streams
from beatrunner.core.refusals import Refusal
from beatrunner.db.tables import activities, recordings, run_figures, sealed_streams, spans
from beatrunner.db.types import AnyRow
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.jobs.store import enqueue
from beatrunner.privacy.consents import HEART_RATE, Consents
from beatrunner.privacy.store import (
    delete_consent,
    insert_consent,
    insert_tombstone,
    upsert_retention,
)
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip

FIT = write_fit(run())
HASH = sha256(FIT).hexdigest()


@pytest.fixture
def worker(library: Library) -> JobRunner:
    """One that also measures and forgets."""
    forgetter = RunForgetter(library.database, library.originals, library.clock)
    hears = [library.imports, library.computer, RunMeasurer(library.database), forgetter]
    return JobRunner(library.database, JobRegistry.of(hears), library.clock, "tester")


async def take_in(library: Library, worker: JobRunner, *files: tuple[str, bytes]) -> list[AnyRow]:
    batch_id = await library.hand_in(*files)
    await worker.run_until_idle()
    return await library.files(batch_id)


async def disagree(library: Library) -> None:
    async with library.database.write() as tx:
        await delete_consent(tx, library.account_id, HEART_RATE)


async def streams_of(library: Library, activity_id: UUID) -> Streams:
    async with library.database.read() as tx:
        activity = await get_activity(tx, library.account_id, activity_id)
        return await load_streams(tx, activity_id, activity.length_s)


async def heart_rates(library: Library) -> Sequence[object]:
    """Everything in the database that tells of a heart."""
    found: list[object] = []
    for query in (
        select(sealed_streams.c.recording_id).where(sealed_streams.c.part == "body"),
        select(activities.c.mean_heart_rate_bpm),
        select(activities.c.max_heart_rate_bpm),
        select(recordings.c.mean_heart_rate_bpm),
        select(recordings.c.max_heart_rate_bpm),
        select(run_figures.c.heart_rate_s),
        select(run_figures.c.highest_held_bpm),
        select(spans.c.heart_rate_bpm),
    ):
        found += [row[0] for row in await library.rows(query) if row[0] is not None]
    return found


async def test_nobody_is_taken_in_with_heart_rate_unasked(
    library: Library, worker: JobRunner
) -> None:
    await disagree(library)
    (file,) = await take_in(library, worker, ("run.fit", FIT))
    assert (file.outcome, file.reason) == ("imported", Refusal.WITHOUT_HEART_RATE)
    assert not await heart_rates(library)
    with pytest.raises(FileNotFoundError):
        library.originals.get(HASH)
    (activity_id,) = file.activity_ids
    columns = (await streams_of(library, UUID(activity_id))).columns
    assert "cadence_spm" in columns
    assert "heart_rate_bpm" not in columns

    # Agreed to later, the same file brings what it was stored without.
    async with library.database.write() as tx:
        await insert_consent(tx, library.account_id, HEART_RATE, library.clock())
    (file,) = await take_in(library, worker, ("run.fit", FIT))
    assert (file.outcome, file.activity_ids) == ("already_there", [activity_id])
    assert "heart_rate_bpm" in (await streams_of(library, UUID(activity_id))).columns
    assert library.originals.get(HASH) == FIT


async def test_withdrawing_takes_every_heart_rate(library: Library, worker: JobRunner) -> None:
    song = ("songs.zip", spotify_zip(plays(MORNING, 3)))
    other = ("other.fit", write_fit(run(MORNING.replace(day=3))))
    await take_in(library, worker, ("run.fit", FIT), song, other)
    assert len(await heart_rates(library)) > 10
    (before,) = await library.rows(select(activities).where(activities.c.started_at == MORNING))
    async with library.database.write() as tx:
        await Consents(library.clock).withdraw(tx, library.account_id, HEART_RATE)
    await worker.run_until_idle()
    assert not await heart_rates(library)
    assert not list((library.spool.parent / "originals").rglob("*.zst"))
    (after,) = await library.rows(select(activities).where(activities.c.started_at == MORNING))
    assert (after.distance_m, after.moving_s) == (before.distance_m, before.moving_s)
    assert len(await library.rows(select(spans).where(spans.c.activity_id == after.id))) == 3

    # And again: there is nothing to do, and nothing is undone.
    async with library.database.write() as tx:
        await Consents(library.clock).withdraw(tx, library.account_id, HEART_RATE)
    await worker.run_until_idle()
    assert len(await library.rows(select(activities))) == 2


async def test_streams_go_and_figures_stay(
    library: Library, worker: JobRunner, clock: HeldClock
) -> None:
    song = ("songs.zip", spotify_zip(plays(MORNING, 3)))
    await take_in(library, worker, ("run.fit", FIT), song)
    (before,) = await library.rows(select(activities))
    wanted = {"live_samples_days": 90, "streams_days": 30}
    async with library.database.write() as tx:
        await upsert_retention(tx, library.account_id, wanted)

    async def sweep() -> None:
        async with library.database.write() as tx:
            now = clock()
            await enqueue(tx, "retention.sweep", {}, account_id=library.account_id, now=now)
        await worker.run_until_idle()

    await sweep()
    assert await library.rows(select(sealed_streams)), "not due yet"
    clock.advance(4 * 86_400)
    await sweep()
    assert not await library.rows(select(sealed_streams))
    with pytest.raises(FileNotFoundError):
        library.originals.get(HASH)
    (after,) = await library.rows(select(activities))
    assert {**after._asdict(), "streams_gone_at": None} == before._asdict()
    of_songs = await library.rows(select(spans.c.speed_mps).order_by(spans.c.ordinal))
    assert all(row.speed_mps for row in of_songs)

    # What is computed anew is not computed from nothing, and the file does not come back.
    await take_in(library, worker, ("run.fit", FIT))
    more = ("more.zip", spotify_zip(plays(MORNING.replace(minute=31), 1)))
    await take_in(library, worker, more)
    assert (await library.rows(select(activities)))[0] == after
    assert await library.rows(select(spans.c.speed_mps).order_by(spans.c.ordinal)) == of_songs
    with pytest.raises(FileNotFoundError):
        library.originals.get(HASH)


async def test_who_is_being_erased_is_taken_in_no_more(library: Library, worker: JobRunner) -> None:
    """An import that is under way meanwhile leaves neither row nor file behind."""
    batch_id = await library.hand_in(("run.fit", FIT))
    async with library.database.write() as tx:
        await insert_tombstone(tx, library.account_id, library.clock())
    await worker.run_until_idle()
    (file,) = await library.files(batch_id)
    assert file.outcome == "refused"
    assert not await library.rows(select(recordings))
    with pytest.raises(FileNotFoundError):
        library.originals.get(HASH)
