from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.preparing import prepare_fit
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.tcx import write_tcx
from beatrunner.core.provenance import Provenance
from beatrunner.db.tables import activities, jobs, recordings, sealed_streams
from beatrunner.db.types import AnyRow
from beatrunner.imports.outcomes import SourceFile, Stored
from tests.library import Library
from tests.sample_files import MORNING, run


async def stored(library: Library) -> list[AnyRow]:
    return await library.rows(select(activities).order_by(activities.c.started_at))


async def test_a_run_is_stored_with_its_figures(library: Library) -> None:
    recording = replace(run(name="Tempo", utc_offset_s=3600), device_name="Watch 7")
    later = replace(recording, started_at=MORNING + timedelta(days=1))
    await library.take_in(("a/b.gpx", write_gpx(recording)), ("c.fit", write_fit(later)))
    by_gpx, by_fit = sorted(await stored(library), key=lambda row: str(row.name), reverse=True)
    assert by_gpx.name == "Tempo"
    assert by_fit.name == "Morning run"
    assert (by_gpx.started_at, by_fit.started_at) == (MORNING, later.started_at)
    for row in (by_gpx, by_fit):
        assert (row.sport, row.is_indoor, row.has_path) == ("run", False, True)
        assert (row.ended_at - row.started_at).total_seconds() == row.length_s
        assert row.distance_m == pytest.approx(3.0 * 179, rel=0.01)
        assert row.moving_s == pytest.approx(179, abs=2)
        assert row.mean_cadence_spm == pytest.approx(172.0)
        assert row.max_heart_rate_bpm == pytest.approx(159.0)
        assert row.thumbnail
    found = await library.rows(select(recordings).where(recordings.c.activity_id == by_fit.id))
    (of_fit,) = found
    assert (of_fit.file_name, of_fit.format, of_fit.device_name) == ("c.fit", "fit", "Watch 7")
    assert library.originals.get(of_fit.content_sha256) == write_fit(later)


async def test_a_treadmill_run_needs_no_place(library: Library) -> None:
    await library.take_in(("belt.fit", write_fit(run(sport="treadmill_run", is_indoor=True))))
    (row,) = await stored(library)
    assert (row.is_indoor, row.has_path, row.thumbnail) == (True, False, None)
    assert row.distance_m == pytest.approx(3.0 * 179, rel=0.01)
    parts = await library.rows(select(sealed_streams.c.part))
    assert "location" not in {part for (part,) in parts}


async def test_a_file_of_several_activities(library: Library) -> None:
    """Chained FIT files are what some watches write for a duathlon."""
    chained = write_fit(run()) + write_fit(run(MORNING.replace(hour=8), sport="ride"))
    batch_id = await library.take_in(("duathlon.fit", chained))
    first, second = await stored(library)
    assert (first.sport, second.sport) == ("run", "ride")
    found = await library.rows(select(recordings).order_by(recordings.c.session_index))
    assert [(row.session_index, row.activity_id) for row in found] == [
        (0, first.id),
        (1, second.id),
    ]
    (file,) = await library.files(batch_id)
    assert file.activity_ids == [str(first.id), str(second.id)]
    assert (await library.batch(batch_id)).activities_added == 2


async def test_what_was_deleted_of_a_file_comes_back_with_it(library: Library) -> None:
    chained = write_fit(run()) + write_fit(run(MORNING.replace(hour=8)))
    await library.take_in(("two.fit", chained))
    kept, deleted = await stored(library)
    async with library.database.write() as tx:
        await tx.execute(activities.delete().where(activities.c.id == deleted.id))
    batch_id = await library.take_in(("two.fit", chained))
    first, second = await stored(library)
    assert first.id == kept.id
    (file,) = await library.files(batch_id)
    assert (file.outcome, file.activity_ids) == ("imported", [str(second.id)])


async def test_repairs_are_told(library: Library) -> None:
    whole = write_fit(run())
    batch_id = await library.take_in(("cut.fit", whole[: len(whole) * 2 // 3]))
    (row,) = await stored(library)
    assert row.repairs
    assert all(repair["count"] > 0 for repair in row.repairs)
    assert await library.outcomes(batch_id) == [("cut.fit", "imported", "damaged_in_part")]


@pytest.mark.parametrize(
    ("name", "whole"), [("whole.fit", write_fit(run())), ("whole.gpx", write_gpx(run()))]
)
async def test_a_whole_file_is_not_called_damaged(
    library: Library, name: str, whole: bytes
) -> None:
    batch_id = await library.take_in((name, whole))
    assert await library.outcomes(batch_id) == [(name, "imported", None)]


@pytest.mark.parametrize(
    ("hour", "offset_s", "name"),
    [(6, None, "Morning run"), (22, 3600, "Night run"), (18, -7 * 3600, "Lunch run")],
)
async def test_nameless_runs_are_named_by_the_runners_clock(
    library: Library, hour: int, offset_s: int | None, name: str
) -> None:
    recording = run(MORNING.replace(hour=hour), utc_offset_s=offset_s)
    await library.take_in(("a.fit", write_fit(recording)))
    (row,) = await stored(library)
    assert row.name == name


async def test_every_new_activity_is_announced_once(library: Library) -> None:
    tcx = write_tcx(run())
    await library.take_in(("a.tcx", tcx), ("b.tcx", tcx))
    (row,) = await stored(library)
    events = await library.rows(select(jobs).where(jobs.c.kind == "activity.imported"))
    assert [event.payload for event in events] == [{"activity_id": str(row.id)}]


async def test_a_file_stored_twice_at_once_is_one_activity(library: Library) -> None:
    data = write_fit(run())
    source = SourceFile(
        account_id=library.account_id,
        batch_id=await library.hand_in(("a.fit", data)),
        path="a.fit",
        kind=FileKind.FIT,
        sha256=hashlib.sha256(data).hexdigest(),
        provenance=Provenance.FILE,
    )

    async def store() -> Stored:
        async with library.database.write() as tx:
            return await ActivityImporter(library.clock).store(tx, source, prepare_fit(data))

    done = await asyncio.gather(*(store() for _ in range(4)))
    assert sorted(one.outcome for one in done) == ["already_there"] * 3 + ["imported"]
    assert len({one.activity_ids for one in done}) == 1
