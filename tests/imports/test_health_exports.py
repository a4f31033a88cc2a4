"""Apple Health's export on the whole way: packed, unpacked, alone, damaged, killed."""

from __future__ import annotations

import asyncio
import io
import zipfile
from contextlib import suppress

import pytest
from sqlalchemy import select

from beatrunner.db.tables import activities, recordings
from benchmarks.health_export import FOLDER, export_xml, routes
from tests.conftest import HeldClock
from tests.library import Library

DAYS = 4
EXPORT = b"".join(export_xml(DAYS))
ROUTES = dict(routes(DAYS))
FILES = {
    **{f"{FOLDER}/{name}": data for name, data in ROUTES.items()},
    f"{FOLDER}/workout-routes/route_of_nothing.gpx": next(iter(ROUTES.values())).replace(
        b"2022-03-01", b"2022-03-02"
    ),
    f"{FOLDER}/export.xml": EXPORT,
    f"{FOLDER}/export_cda.xml": b"<?xml version='1.0'?>\n<ClinicalDocument/>",
    f"{FOLDER}/electrocardiograms/ecg_2022-03-01.csv": b"Name,Ada\n",
}
#: What each file ends as, after those of the export itself.
WORKOUTS = [
    "export.xml/2022-03-01 06.00 Running 1.xml",
    "export.xml/2022-03-03 06.00 Running 2.xml",
]


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


async def runs(library: Library) -> list[tuple[str, str, bool, str]]:
    rows = await library.rows(
        select(
            activities.c.sport, activities.c.name, activities.c.has_path, recordings.c.provenance
        )
        .join(recordings, recordings.c.activity_id == activities.c.id)
        .order_by(activities.c.started_at)
    )
    return [tuple(row) for row in rows]


RUNS = [
    ("run", "Morning run", True, "apple_health"),
    ("run", "Route", True, "file"),
    ("treadmill_run", "Morning treadmill run", False, "apple_health"),
]


async def test_the_archive_as_the_phone_shares_it(library: Library) -> None:
    batch_id = await library.take_in(("export.zip", packed(FILES)))
    prefix = f"export.zip/{FOLDER}/"
    assert {
        path.removeprefix(prefix): end for path, end, _ in await library.outcomes(batch_id)
    } == {
        "workout-routes/route_2022-03-01_9.00am.gpx": "skipped",
        "workout-routes/route_of_nothing.gpx": "imported",
        "export_cda.xml": "skipped",
        "electrocardiograms/ecg_2022-03-01.csv": "skipped",
        **dict.fromkeys(WORKOUTS, "imported"),
    }
    reasons = [why for _, end, why in await library.outcomes(batch_id) if end == "skipped"]
    assert sorted(reasons, key=str) == [None, None, "in_workout"]
    assert await runs(library) == RUNS
    batch = await library.batch(batch_id)
    assert (batch.activities_added, batch.files_total) == (3, 6)
    assert list(library.spool.iterdir()) == []


async def test_the_folder_it_unpacks_to(library: Library) -> None:
    batch_id = await library.take_in(*FILES.items())
    assert await runs(library) == RUNS
    ends = [end for _, end, _ in await library.outcomes(batch_id)]
    assert sorted(ends) == ["imported"] * 3 + ["skipped"] * 3
    assert list(library.spool.iterdir()) == []


async def test_a_later_export_brings_only_what_is_new(library: Library) -> None:
    await library.take_in(("export.zip", packed(FILES)))
    later = packed({**FILES, f"{FOLDER}/export.xml": b"".join(export_xml(6, pointer=0x99))})
    batch = await library.batch(await library.take_in(("export 2.zip", later)))
    assert (batch.activities_added, batch.already_there) == (1, 3)


async def test_alone_it_brings_everything_but_the_ways(library: Library) -> None:
    batch_id = await library.take_in(("Export.xml", EXPORT))
    assert [has_path for _, _, has_path, _ in await runs(library)] == [False, False]
    assert [path for path, _, _ in await library.outcomes(batch_id)] == [
        path.replace("export.xml", "Export.xml") for path in WORKOUTS
    ]
    originals = await library.rows(select(recordings.c.content_sha256))
    assert all(b"<HealthWorkout>" in library.originals.get(row[0]) for row in originals)


@pytest.mark.parametrize("is_alone", [True, False])
async def test_a_damaged_export_says_so_beside_its_workouts(
    library: Library, *, is_alone: bool
) -> None:
    cut = EXPORT[: EXPORT.rindex(b"<Workout ") + 200]
    name = "export.xml" if is_alone else f"export.zip/{FOLDER}/export.xml"
    upload = (
        ("export.xml", cut) if is_alone else ("export.zip", packed({f"{FOLDER}/export.xml": cut}))
    )
    batch_id = await library.take_in(upload)
    outcomes = await library.outcomes(batch_id)
    assert (name, "refused", "damaged_in_part") in outcomes
    assert [end for _, end, _ in outcomes].count("imported") == 1


async def test_an_export_without_workouts_is_refused(library: Library) -> None:
    batch_id = await library.take_in(("export.xml", EXPORT[: EXPORT.index(b"<Workout ")]))
    assert await library.outcomes(batch_id) == [("export.xml", "refused", "no_workouts")]


async def test_a_killed_import_goes_on(library: Library, clock: HeldClock) -> None:
    await library.hand_in(("export.zip", packed(FILES)))
    working = asyncio.create_task(library.worker.run_until_idle())
    async with asyncio.timeout(20):
        while not await library.rows(select(activities.c.id)):  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    clock.advance(61)
    await library.worker.run_until_idle()
    assert await runs(library) == RUNS
    assert list(library.spool.iterdir()) == []
