"""Archives inside archives, as Garmin's export is: what is in them, and what they may cost."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from beatrunner.codecs.archive import ArchiveLimits
from beatrunner.codecs.fit import write_fit
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.db.tables import activities, recordings
from beatrunner.imports.unpacking import Place, open_archive, unpack_inner
from tests.codecs.fit.odd_files import OddFile
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, run, zipped

FITNESS = "DI_CONNECT/DI-Connect-Fitness/me@example.org_0_summarizedActivities.json"
UPLOADS = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
DAYS = [MORNING.replace(day=day) for day in range(1, 9)]


def garmin_table(starts: list[datetime]) -> bytes:
    rows = [
        {
            "activityId": 9_000_000_000 + number,
            "name": f"Berlin Running {number}",
            "activityType": "trail_running",
            "beginTimestamp": start.timestamp() * 1000.0 + 400,
            "distance": 54_000.0,
        }
        for number, start in enumerate(starts, start=1)
    ]
    return json.dumps([{"summarizedActivitiesExport": rows}]).encode()


def garmin_export() -> dict[str, bytes]:
    uploads = {f"me@example.org_{n}.fit": write_fit(run(day)) for n, day in enumerate(DAYS)}
    settings = {"me@example.org_99.fit": OddFile().file_id(file_type=2).build()}
    return {
        FITNESS: garmin_table(DAYS),
        UPLOADS: zipped(uploads | settings),
        "DI_CONNECT/DI-Connect-Wellness/2026_sleepData.json": b'[{"sleepStart": 1}]',
        "DI_CONNECT/DI-Connect-User/user_profile.json": b'{"userName": "me"}',
        "customer_data/customer.json": b"{}",
    }


async def names(library: Library) -> list[tuple[str, str]]:
    rows = await library.rows(
        select(activities.c.name, recordings.c.provenance)
        .join(recordings, recordings.c.activity_id == activities.c.id)
        .order_by(activities.c.started_at)
    )
    return [tuple(row) for row in rows]


NAMES = [(f"Berlin Running {number}", "garmin_export") for number in range(1, 9)]


@pytest.mark.parametrize("is_packed", [True, False])
async def test_garmins_export_brings_runs_and_their_names(
    library: Library, *, is_packed: bool
) -> None:
    files = garmin_export()
    uploads = [("garmin.zip", zipped(files))]
    if not is_packed:
        uploads = [(f"garmin/{path}", data) for path, data in files.items()]
    batch_id = await library.take_in(*uploads)
    assert await names(library) == NAMES
    batch = await library.batch(batch_id)
    assert (batch.imported, batch.refused, batch.skipped) == (8, 0, 5)
    reasons = {path.rpartition("/")[2]: why for path, _, why in await library.outcomes(batch_id)}
    assert reasons["me@example.org_99.fit"] == "not_an_activity"
    assert list(library.spool.iterdir()) == []


async def test_a_killed_import_unpacks_only_what_is_not_open(
    library: Library, clock: HeldClock
) -> None:
    await library.hand_in(("garmin.zip", zipped(garmin_export())))
    working = asyncio.create_task(library.worker.run_until_idle())
    async with asyncio.timeout(20):
        while (await library.rows(select(func.count(activities.c.id))))[0][0] < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    clock.advance(61)
    await library.worker.run_until_idle()
    assert await names(library) == NAMES
    assert list(library.spool.iterdir()) == []


def nested(depth: int) -> bytes:
    data = zipped({"run.fit": write_fit(run())})
    for level in range(depth - 1):
        data = zipped({f"{level}.zip": data})
    return data


@pytest.mark.parametrize(
    ("depth", "end"), [(3, ("imported", None)), (4, ("refused", "nested_too_deep"))]
)
async def test_three_archives_may_lie_in_each_other(
    library: Library, depth: int, end: tuple[str, str | None]
) -> None:
    batch_id = await library.take_in(("deep.zip", nested(depth)))
    assert [found[1:] for found in await library.outcomes(batch_id)] == [end]


async def test_a_damaged_archive_inside_is_refused_and_the_others_go_on(library: Library) -> None:
    inner = zipped({"run.fit": write_fit(run())})
    archive = zipped({"cut.zip": inner[:-40], "whole.zip": inner, "not.zip": b"what is this"})
    batch_id = await library.take_in(("all.zip", archive))
    assert sorted(await library.outcomes(batch_id)) == [
        ("all.zip/cut.zip", "refused", "damaged_archive"),
        ("all.zip/not.zip", "refused", "unknown_kind"),
        ("all.zip/whole.zip/run.fit", "imported", None),
    ]


def test_limits_hold_over_all_archives_together(tmp_path: Path) -> None:
    inner = zipped({f"{number}.fit": bytes(1000) for number in range(10)})
    (tmp_path / "outer").write_bytes(zipped({"1.zip": inner, "2.zip": inner}))
    limits = ArchiveLimits(max_members=20)
    opened = open_archive(tmp_path / "outer", "outer.zip", limits)
    assert opened is not None
    assert len(opened.inner) == 2
    limits = limits.left_by(opened.members.values(), opened.inner_bytes)
    assert limits.max_inner_bytes == ArchiveLimits().max_inner_bytes - 2 * len(inner)
    first, second = opened.members.values()
    unpack_inner(Place(tmp_path / "outer", "1.zip", first), tmp_path / "first")
    assert (tmp_path / "first").read_bytes() == inner
    found = open_archive(tmp_path / "first", "1.zip", limits, depth=2)
    assert found is not None
    limits = limits.left_by(found.members.values(), found.inner_bytes)
    assert limits.max_members == 8
    unpack_inner(Place(tmp_path / "outer", "2.zip", second), tmp_path / "second")
    with pytest.raises(UnreadableFileError) as caught:
        open_archive(tmp_path / "second", "2.zip", limits, depth=2)
    assert caught.value.reason is Refusal.TOO_MANY_FILES


def test_archives_inside_may_take_so_much_room(tmp_path: Path) -> None:
    (tmp_path / "outer").write_bytes(zipped({"1.zip": zipped({"a": b"1"})}))
    with pytest.raises(UnreadableFileError) as caught:
        open_archive(tmp_path / "outer", "outer.zip", ArchiveLimits(max_inner_bytes=10))
    assert caught.value.reason is Refusal.TOO_LARGE
