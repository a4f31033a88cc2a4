from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from beatrunner.activities.store import lock_activity
from beatrunner.codecs.fit import write_fit
from beatrunner.core.listening import ListenKind
from beatrunner.db.locks import lock_imports
from beatrunner.db.tables import activities, jobs, soundtracks, spans, tracks
from beatrunner.db.types import AnyRow
from beatrunner.music.tempo import OwnSource, TrackTempi
from beatrunner.soundtracks import store
from tests.conftest import HeldClock, make_account
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip

RUN = ("run.fit", write_fit(run(length_s=300)))
#: The first song is on already when the run begins, and there is silence after the last.
MUSIC = ("music.zip", spotify_zip(plays(MORNING - timedelta(seconds=30), 4)))


async def titled_spans(library: Library) -> list[tuple[str | None, int, int]]:
    titles = {row.id: row.title for row in await library.rows(select(tracks))}
    return [
        (titles.get(row.track_id), row.start_s, row.end_s)
        for row in await library.rows(select(spans).order_by(spans.c.ordinal))
    ]


async def without_ids(library: Library) -> list[tuple[Any, ...]]:
    """Every figure of every span."""
    titles = {row.id: row.title for row in await library.rows(select(tracks))}
    found = await library.rows(select(spans).order_by(spans.c.ordinal))
    hidden = {"activity_id", "account_id", "track_id"}
    return [
        (titles.get(row.track_id), *(v for k, v in row._mapping.items() if k not in hidden))
        for row in found
    ]


async def the_activity(library: Library) -> AnyRow:
    (found,) = await library.rows(select(activities))
    return found


async def test_spans_tell_what_was_on(library: Library) -> None:
    await library.take_in(RUN, MUSIC)
    assert await titled_spans(library) == [
        ("Song 0", 0, 30),
        ("Song 1", 30, 90),
        ("Song 2", 90, 150),
        ("Song 3", 150, 210),
        (None, 210, 300),
    ]
    assert (await the_activity(library)).track_count == 4
    first = (await library.rows(select(spans).order_by(spans.c.ordinal)))[1]
    assert first.moving_s == pytest.approx(60, abs=1)
    assert first.speed_mps == pytest.approx(3.0, rel=0.02)
    assert first.cadence_spm == pytest.approx(172.0)


async def test_the_order_of_imports_does_not_matter(library: Library, clock: HeldClock) -> None:
    together = library
    await together.take_in(RUN, MUSIC)
    wanted = await without_ids(together)
    for order in ((RUN, MUSIC), (MUSIC, RUN)):
        async with library.database.write() as tx:
            await tx.execute(activities.delete())
            await tx.execute(tracks.delete())
        library.account_id = await make_account(library.database)
        for file in order:
            await library.take_in(file)
            clock.advance(60)
        assert await without_ids(library) == wanted


async def test_late_music_touches_only_the_runs_around_it(
    library: Library, clock: HeldClock
) -> None:
    for day in (1, 2, 3):
        await library.take_in((f"{day}.fit", write_fit(run(MORNING.replace(day=day)))))
    clock.advance(600)
    await library.take_in(MUSIC)  # on the second
    found = await library.rows(
        select(activities.c.started_at, soundtracks.c.computed_at)
        .join(soundtracks, soundtracks.c.activity_id == activities.c.id)
        .order_by(activities.c.started_at)
    )
    assert [row.computed_at == clock.now for row in found] == [False, True, False]


async def test_a_tempo_tells_how_far_the_runner_was_in_step(
    library: Library, clock: HeldClock
) -> None:
    other_day = ("other.fit", write_fit(run(MORNING - timedelta(days=3), length_s=60)))
    await library.take_in(RUN, MUSIC, other_day)
    (song,) = await library.rows(select(tracks.c.id).where(tracks.c.title == "Song 1"))
    in_step = select(spans.c.in_step_pct).order_by(spans.c.activity_id, spans.c.ordinal)
    assert {row.in_step_pct for row in await library.rows(in_step)} == {None}

    clock.advance(600)
    async with library.database.write() as tx:
        await TrackTempi(clock, []).set(tx, library.account_id, song.id, 86.0, OwnSource.TAP)
    await library.worker.run_until_idle()
    found = await library.rows(in_step.where(spans.c.in_step_pct.is_not(None)))
    assert [row.in_step_pct for row in found] == [100.0]
    computed = await library.rows(select(soundtracks.c.computed_at))
    assert sum(row.computed_at == clock.now for row in computed) == 1


async def test_only_songs_are_counted_as_tracks(library: Library) -> None:
    episodes = plays(MORNING, 2, kind=ListenKind.PODCAST)
    await library.take_in(RUN, ("music.zip", spotify_zip(episodes)))
    assert (await the_activity(library)).track_count == 0
    assert len(await titled_spans(library)) == 3


async def test_somebody_elses_music_is_not_heard(library: Library) -> None:
    mine = library.account_id
    await library.take_in(RUN)
    library.account_id = await make_account(library.database)
    await library.take_in(MUSIC)
    assert await titled_spans(library) == [(None, 0, 300)]
    assert (await the_activity(library)).account_id == mine


async def test_a_run_deleted_before_its_turn_is_no_failure(library: Library) -> None:
    await library.take_in(RUN)
    async with library.database.write() as tx:
        await tx.execute(
            jobs.update().where(jobs.c.kind == "activity.imported").values(state="waiting")
        )
        await tx.execute(activities.delete())
    await library.worker.run_until_idle()
    states = await library.rows(select(jobs.c.state, jobs.c.last_error))
    assert {tuple(row) for row in states} == {("done", None)}


async def test_nobody_waits_for_an_import_that_waits_for_them(library: Library) -> None:
    await library.take_in(RUN, MUSIC)
    activity_id = (await the_activity(library)).id

    async def compute() -> None:
        async with library.database.write() as tx:
            await library.computer.compute(tx, library.account_id, activity_id)

    async with library.database.write() as importing:
        await lock_imports(importing, library.account_id)
        computing = asyncio.create_task(compute())
        await asyncio.sleep(0.3)
        await lock_activity(importing, library.account_id, activity_id)
    await computing


async def test_many_at_once_leave_one_soundtrack_with_the_last_offset(library: Library) -> None:
    await library.take_in(RUN, MUSIC)
    activity_id = (await the_activity(library)).id

    async def compute(clock_offset_s: float | None) -> None:
        async with library.database.write() as tx:
            if clock_offset_s is not None:
                await store.update_clock_offset(tx, library.account_id, activity_id, clock_offset_s)
            await library.computer.compute(tx, library.account_id, activity_id)

    await asyncio.gather(*(compute(offset) for offset in (None, 10.0, None, 20.0, None)))
    offset_s = int((await the_activity(library)).clock_offset_s)
    assert (await titled_spans(library))[0] == ("Song 0", 0, 30 + offset_s)
    assert len(await library.rows(select(soundtracks))) == 1
