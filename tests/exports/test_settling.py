"""An account's export meets runs and plays that were there before, and can be undone again."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.arranging import RunArranger
from beatrunner.activities.store import update_activity
from beatrunner.activities.undoing import RecordingUndoer
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.db.insight_tables import run_feelings
from beatrunner.db.tables import accounts, activities, music_events, recordings, spans
from beatrunner.exports.taking_in import AccountImporter
from beatrunner.imports.outcomes import SourceFile, Stored
from beatrunner.imports.running import ImportRunner
from beatrunner.imports.undoing import ImportUndoer, Undoer
from beatrunner.jobs.store import ClaimedJob
from beatrunner.music.listens import add_listens
from beatrunner.music.play_table import tabulate
from beatrunner.music.undoing import ListenUndoer
from tests.conftest import HeldClock, make_account
from tests.exports.desk import Desk, asked, downloaded, library_of, listed
from tests.library import Library
from tests.outings import MORNING, outing, recorded
from tests.sample_files import plays, spotify_zip

TRUTH = outing(5, length_s=600)
WATCH = ("a.fit", write_fit(recorded(TRUTH, 1, without=("heart_rate_bpm",))))
PHONE = ("b.gpx", write_gpx(recorded(TRUTH, 2, without=("cadence_spm",))))
NOON = MORNING + timedelta(hours=6)
LATER = outing(6, length_s=600, started_at=MORNING + timedelta(hours=12))
EVENING = ("evening.fit", write_fit(recorded(LATER)))
MUSIC = ("music.zip", spotify_zip(plays(MORNING, 4)))


@pytest.fixture
async def desk(library: Library, clock: HeldClock, tmp_path: Path) -> Desk:
    return Desk(library_of(library, library.account_id, tmp_path), clock, tmp_path)


@pytest.fixture
async def other(desk: Desk, tmp_path: Path) -> Desk:
    """Another account in the same database."""
    other_id = await make_account(desk.library.database)
    return Desk(library_of(desk.library, other_id, tmp_path / "other"), desk.clock, tmp_path)


async def exported(desk: Desk) -> tuple[str, bytes]:
    async with await desk.client(desk.library.account_id) as client:
        await asked(client)
        await desk.worker.run_until_idle()
        (done,) = await listed(client)
        return "beatrunner.zip", await downloaded(client, done)


async def scrobble(desk: Desk) -> None:
    """The songs of `MUSIC`, as another source tells them."""
    async with desk.library.database.write() as tx:
        table = tabulate(plays(MORNING, 4))
        await add_listens(tx, desk.library.account_id, None, "lastfm", table, desk.clock())
    await desk.worker.run_until_idle()


async def rows_of(desk: Desk, table: Any) -> list[Any]:
    return await desk.library.rows(
        select(table).where(table.c.account_id == desk.library.account_id)
    )


async def contents(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """The account's, but for the import that brought it and when soundtracks were computed."""
    account_id, made = desk.library.account_id, {"batch_id", "computed_at"}
    found = {
        table: [
            {name: value for name, value in row._asdict().items() if name not in made}
            for row in rows
            if getattr(row, "account_id", account_id) == account_id
        ]
        for table, rows in (await desk.library.contents()).items()
        if table not in {"account_exports", "carried_ids", "sealed_streams"}
    }
    # Which words are about one play is told by numbers, as their identifiers are made anew.
    numbers: defaultdict[UUID, int] = defaultdict(lambda: len(numbers))
    for word in found["music_events"]:
        word["listen_id"] = word["listen_id"] and numbers[word["listen_id"]]
    return found


async def library_version(desk: Desk) -> int:
    query = select(accounts.c.library_version).where(accounts.c.id == desk.library.account_id)
    (row,) = await desk.library.rows(query)
    return int(row.library_version)


async def undo(desk: Desk, batch_id: UUID) -> None:
    async with desk.library.database.write() as tx:
        await desk.library.undoer.begin(tx, desk.library.account_id, batch_id)
    await desk.worker.run_until_idle()
    assert (await desk.library.batch(batch_id)).state == "undone"


async def test_the_same_run_in_both_becomes_one(desk: Desk, other: Desk) -> None:
    await desk.take_in(PHONE, EVENING)
    async with desk.library.database.write() as tx:
        run = (await tx.execute(select(activities).where(activities.c.started_at < NOON))).one()
        felt = {"account_id": run.account_id, "activity_id": run.id, "felt": "right"}
        await tx.execute(insert(run_feelings).values(**felt, told_at=MORNING))
        await update_activity(tx, run.account_id, run.id, {"name": "Round the lake"})
    archive = await exported(desk)
    await other.take_in(WATCH)
    (before,) = await rows_of(other, activities)
    version = await library_version(other)
    await other.take_in(archive)
    assert await library_version(other) > version
    assert len(await rows_of(other, activities)) == 2
    joined = [row for row in await rows_of(other, recordings) if row.activity_id == before.id]
    assert {row.file_name for row in joined} == {"a.fit", "b.gpx"}
    (after,) = [row for row in await rows_of(other, activities) if row.id == before.id]
    assert (before.mean_heart_rate_bpm, after.name) == (None, "Round the lake")
    assert after.mean_heart_rate_bpm is not None
    assert [row.activity_id for row in await rows_of(other, run_feelings)] == [before.id]
    # A second time there is nothing to do.
    shown = await contents(other)
    await other.take_in(archive)
    assert await contents(other) == shown


async def test_a_run_that_gets_further_files_is_composed_anew(desk: Desk, other: Desk) -> None:
    await desk.take_in(PHONE, WATCH)
    (whole,) = await rows_of(desk, activities)
    archive = await exported(desk)
    await other.take_in(WATCH)
    await other.take_in(archive)
    (run,) = await rows_of(other, activities)
    shown = ("mean_heart_rate_bpm", "mean_cadence_spm", "distance_m")
    assert [getattr(run, x) for x in shown] == [getattr(whole, x) for x in shown]
    assert all(row.gives is not None for row in await rows_of(other, recordings))


async def test_runs_that_were_apart_stay_apart(desk: Desk, other: Desk) -> None:
    await desk.take_in(PHONE, WATCH)
    async with desk.library.database.write() as tx:
        first, _ = await rows_of(desk, recordings)
        arranger = RunArranger(desk.clock)
        await arranger.split_off(tx, first.account_id, first.activity_id, first.id)
    archive = await exported(desk)
    await other.take_in(archive)
    assert len(await rows_of(other, activities)) == 2


async def test_plays_of_one_time_are_put_together(desk: Desk, other: Desk) -> None:
    await desk.take_in(MUSIC)
    archive = await exported(desk)
    await other.take_in(PHONE)
    await scrobble(other)
    await other.take_in(archive)
    words = await rows_of(other, music_events)
    assert (len(words), sum(word.is_best for word in words)) == (8, 4)
    assert len({word.listen_id for word in words} - {None}) == 4


async def test_a_run_that_was_there_gets_the_songs_that_came(desk: Desk, other: Desk) -> None:
    await desk.take_in(MUSIC)
    archive = await exported(desk)
    await other.take_in(PHONE)
    assert not any(row.track_id for row in await rows_of(other, spans))
    await other.take_in(archive)
    assert sum(row.track_id is not None for row in await rows_of(other, spans)) == 4


@pytest.fixture
async def met(desk: Desk, other: Desk) -> tuple[tuple[str, bytes], dict[str, Any]]:
    """An archive, and what another account has in common with it."""
    await desk.take_in(PHONE, EVENING, MUSIC)
    archive = await exported(desk)
    await other.take_in(WATCH)
    await scrobble(other)
    return archive, await contents(other)


async def test_it_is_undone_as_if_it_had_never_come(
    other: Desk, met: tuple[tuple[str, bytes], dict[str, Any]]
) -> None:
    archive, before = met
    batch_id = await other.take_in(archive)
    assert await contents(other) != before
    await undo(other, batch_id)
    assert await contents(other) == before
    await other.take_in(archive)
    assert len(await rows_of(other, activities)) == 2
    assert len(await rows_of(other, music_events)) == 8


async def test_what_it_brought_again_stays(desk: Desk, other: Desk) -> None:
    await desk.take_in(PHONE, MUSIC)
    archive = await exported(desk)
    first = await other.take_in(PHONE, MUSIC)
    second = await other.take_in(archive)
    before = await contents(other)
    await undo(other, first)
    assert await contents(other) == before
    await undo(other, second)
    assert not await rows_of(other, activities)
    assert not await rows_of(other, music_events)


class Killed(BaseException):
    pass


class DyingImporter(AccountImporter):
    """Dies before it stores one of its parts."""

    left = 0

    async def store(self, tx: AsyncConnection, source: SourceFile, content: object) -> Stored:
        self.left -= 1
        if self.left == 0:
            raise Killed
        return await super().store(tx, source, content)


def dying(library: Library, clock: HeldClock, part: int) -> ImportRunner:
    importer = DyingImporter(library.originals, clock)
    importer.left = part
    return ImportRunner(
        library.database, library.pool, library.originals, [importer], clock, library.spool
    )


def claimed(kind: str, library: Library, batch_id: UUID, **payload: object) -> ClaimedJob:
    payload["batch_id"] = str(batch_id)
    return ClaimedJob(UUID(int=1), library.account_id, kind, payload, attempts=1)


async def test_a_killed_one_goes_on_where_it_was(
    desk: Desk, other: Desk, clock: HeldClock, met: tuple[tuple[str, bytes], dict[str, Any]]
) -> None:
    archive, before = met
    library = other.library
    undisturbed = await other.take_in(archive)
    expected = await contents(other)
    parts = len(await library.files(undisturbed))
    await undo(other, undisturbed)
    assert await contents(other) == before
    batch_id = await library.hand_in(archive)
    for _ in range(parts - 1):
        with pytest.raises(Killed):
            await dying(library, clock, 2).run(claimed("import.run", library, batch_id))
    await other.worker.run_until_idle()
    assert (await library.batch(batch_id)).state == "done"
    assert await contents(other) == expected


@pytest.mark.parametrize("parts", [3, 6, 9])
async def test_of_an_import_that_never_ended_no_run_is_left(
    other: Desk, clock: HeldClock, met: tuple[tuple[str, bytes], dict[str, Any]], parts: int
) -> None:
    archive, before = met
    library = other.library
    batch_id = await library.hand_in(archive)
    with pytest.raises(Killed):
        await dying(library, clock, parts).run(claimed("import.run", library, batch_id))
    assert len((await contents(other))["activities"]) > len(before["activities"])
    await library.imports.give_up(claimed("import.run", library, batch_id, left=1))
    await undo(other, batch_id)
    assert (await contents(other))["activities"] == before["activities"]


class DyingUndoer(ListenUndoer):
    async def undo(self, account_id: UUID, batch_id: UUID) -> None:
        raise Killed


async def test_a_killed_undo_goes_on_where_it_was(
    other: Desk, clock: HeldClock, met: tuple[tuple[str, bytes], dict[str, Any]]
) -> None:
    archive, before = met
    library = other.library
    batch_id = await other.take_in(archive)
    async with library.database.write() as tx:
        await library.undoer.begin(tx, library.account_id, batch_id)
    undoers: list[Undoer] = [
        RecordingUndoer(library.database, library.originals, clock),
        DyingUndoer(library.database, clock),
    ]
    undoer = ImportUndoer(library.database, undoers, clock)
    with pytest.raises(Killed):
        await undoer.run(claimed("import.undo", library, batch_id))
    assert await contents(other) != before
    await other.worker.run_until_idle()
    assert await contents(other) == before
