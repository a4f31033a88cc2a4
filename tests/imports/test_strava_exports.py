"""What Strava's table brings to the runs of its export, packed or unpacked."""

from __future__ import annotations

import asyncio
import gzip
import re
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from beatrunner.accounts.store import get_library_version
from beatrunner.activities.store import update_activity
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.tcx import write_tcx
from beatrunner.db.tables import activities, recordings
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, run, strava_table, zipped

FIT = write_fit(run())
GPX = write_gpx(run(MORNING.replace(day=3)))
TCX = write_tcx(run(MORNING.replace(day=4)))
STRAVA_EXPORT = {
    "export_1/activities.csv": strava_table(
        {"activities/1.fit.gz": "Round the lake", "activities/2.gpx": "Hill repeats"}
    ),
    "export_1/activities/1.fit.gz": gzip.compress(FIT),
    "export_1/activities/2.gpx": GPX,
    "export_1/profile.csv": b"Athlete ID\n1\n",
    "export_1/media/x.jpg": b"\xff\xd8\xff" + bytes(50),
}


async def count(library: Library) -> int:
    (row,) = await library.rows(select(func.count()).select_from(activities))
    return int(row[0])


def strava_zip() -> bytes:
    return zipped(STRAVA_EXPORT)


async def test_a_strava_export_brings_names_descriptions_and_gear(library: Library) -> None:
    await check_strava_export(library, ("export_1.zip", strava_zip()))


@pytest.mark.parametrize("folder", ["export_1/", "home/export_1/", ""])
async def test_an_unpacked_strava_export_brings_as_much(library: Library, folder: str) -> None:
    files = {path.replace("export_1/", folder): data for path, data in STRAVA_EXPORT.items()}
    await check_strava_export(library, *files.items())


async def check_strava_export(library: Library, *files: tuple[str, bytes]) -> None:
    batch_id = await library.take_in(*files)
    outcomes = [row.outcome for row in await library.files(batch_id)]
    assert outcomes == ["skipped", "imported", "imported", "skipped", "skipped"]
    rows = await library.rows(select(activities).order_by(activities.c.started_at))
    assert [(row.name, row.description, row.gear_name) for row in rows] == [
        ("Round the lake", "About Round the lake", "Old shoes"),
        ("Hill repeats", "About Hill repeats", "Old shoes"),
    ]
    sources = await library.rows(select(recordings.c.provenance, recordings.c.file_name))
    assert {tuple(row) for row in sources} == {
        ("strava_export", "1.fit.gz"),
        ("strava_export", "2.gpx"),
    }


async def library_version(library: Library) -> int:
    async with library.database.read() as tx:
        return await get_library_version(tx, library.account_id)


async def test_a_run_that_was_there_is_told_of_as_if_the_export_had_come_first(
    library: Library,
) -> None:
    export = zipped({"activities.csv": strava_table({"1.fit": "Round the lake"}), "1.fit": FIT})
    await library.take_in(("1.fit", FIT))
    versions = [await library_version(library)]
    for _ in range(2):
        batch_id = await library.take_in(("export_1.zip", export))
        versions.append(await library_version(library))
    (row,) = await library.rows(select(activities).where(activities.c.started_at == MORNING))
    assert (row.name, row.description, row.gear_name) == (
        "Round the lake",
        "About Round the lake",
        "Old shoes",
    )
    assert (await library.batch(batch_id)).already_there == 1
    # The home page is remembered as long as this stays.
    assert versions == [versions[0], versions[0] + 1, versions[0] + 1]


async def test_words_from_strava_never_replace_the_runners_own(library: Library) -> None:
    await library.take_in(("1.fit", FIT))
    ((activity_id,),) = await library.rows(select(activities.c.id))
    own = {"name": "My lake", "description": "Mine"}
    async with library.database.write() as tx:
        await update_activity(tx, library.account_id, activity_id, own)
    await library.take_in(("export_1.zip", strava_zip()))
    (row,) = await library.rows(select(activities).where(activities.c.started_at == MORNING))
    assert (row.name, row.description, row.gear_name) == ("My lake", "Mine", "Old shoes")


UNTYPED_WALK = re.sub(b"<type>.*</type>", b"", write_gpx(run(speed_mps=1.0)))


@pytest.mark.parametrize("is_known", [False, True])
async def test_strava_names_the_sport_where_the_file_does_not(
    library: Library, *, is_known: bool
) -> None:
    if is_known:
        await library.take_in(("1.gpx", UNTYPED_WALK))
    table = strava_table({"1.gpx": "", "2.gpx": "Slow"}, sport="Trail Run")
    package = {"activities.csv": table, "1.gpx": UNTYPED_WALK, "2.gpx": GPX}
    await library.take_in(("export.zip", zipped(package)))
    rows = await library.rows(select(activities).order_by(activities.c.started_at))
    assert [(row.sport, row.name) for row in rows] == [
        ("trail_run", "Morning trail run"),
        ("run", "Slow"),
    ]


async def test_a_table_is_about_the_files_of_its_own_export(library: Library) -> None:
    """Two archives of one name, a folder of that name, and a watch's own file beside them."""
    table = "e.zip/activities.csv"
    await library.take_in(
        ("e.zip", zipped({"activities.csv": strava_table({"a/1.fit": "One"}), "a/1.fit": FIT})),
        ("e.zip", zipped({"activities.csv": strava_table({"a/1.gpx": "Two"}), "a/1.gpx": GPX})),
        (table, strava_table({"a/1.fit": "Three", "a/1.gpx": "Four", "a/1.tcx": "Five"})),
        ("e.zip/a/1.tcx", TCX),
        ("watch.fit", write_fit(run(MORNING.replace(day=5)))),
    )
    found = await library.rows(
        select(activities.c.name, recordings.c.provenance)
        .join(recordings, recordings.c.activity_id == activities.c.id)
        .order_by(activities.c.started_at)
    )
    assert [tuple(row) for row in found] == [
        ("One", "strava_export"),
        ("Two", "strava_export"),
        ("Five", "strava_export"),
        ("Morning run", "file"),
    ]


async def test_a_killed_import_of_a_folder_still_knows_the_table(
    library: Library, clock: HeldClock
) -> None:
    names = {f"activities/{day}.fit": f"Day {day}" for day in range(1, 9)}
    runs = {
        name: write_fit(run(MORNING.replace(day=day))) for day, name in enumerate(names, start=1)
    }
    await library.hand_in(("activities.csv", strava_table(names)), *runs.items())
    working = asyncio.create_task(library.worker.run_until_idle())
    async with asyncio.timeout(20):
        while await count(library) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert await count(library) < 8
    clock.advance(61)
    await library.worker.run_until_idle()
    rows = await library.rows(select(activities.c.name).order_by(activities.c.started_at))
    assert [row.name for row in rows] == list(names.values())


async def test_any_text_in_a_table_can_be_stored(library: Library) -> None:
    name = "N\0UL \ufffd \U0001f3c3"
    package = {"activities.csv": strava_table({"1.fit": name}), "1.fit": FIT}
    await library.take_in(("export.zip", zipped(package)))
    (row,) = await library.rows(select(activities))
    assert row.name == "NUL \ufffd \U0001f3c3"


async def test_a_broken_table_costs_only_its_names(library: Library) -> None:
    batch_id = await library.take_in(
        ("export.zip", zipped({"activities.csv": b"\x00\x01nothing", "activities/1.fit": FIT}))
    )
    assert (await library.batch(batch_id)).activities_added == 1
