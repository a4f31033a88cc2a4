from __future__ import annotations

import io
import os
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from beatrunner.db.tables import import_files, jobs
from beatrunner.imports.receiving import Upload, shown_path
from beatrunner.kit.errors import RefusedError
from tests.conftest import HeldClock
from tests.library import Library


async def test_every_file_is_kept_before_its_import_is_promised(library: Library) -> None:
    batch_id = await library.hand_in(("a/one.fit", b"one"), ("two.fit", b""))
    files = await library.rows(select(import_files).order_by(import_files.c.id))
    assert [(row.path, row.size_bytes, row.outcome) for row in files] == [
        ("a/one.fit", 3, "waiting"),
        ("two.fit", 0, "waiting"),
    ]
    assert [(library.spool / row.spool_name).read_bytes() for row in files] == [b"one", b""]
    (job,) = await library.rows(select(jobs))
    payload = {"batch_id": str(batch_id), "is_by_script": False}
    assert (job.kind, job.payload) == ("import.run", payload)
    batch = await library.batch(batch_id)
    assert (batch.state, batch.files_total, batch.current) == ("queued", 2, None)


async def test_files_are_taken_from_where_they_lie(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    path.write_bytes(b"x")
    await library.receiver.receive(library.account_id, [Upload("run.fit", path)])
    assert path.read_bytes() == b"x"
    assert [kept.read_bytes() for kept in library.spool.iterdir()] == [b"x"]


async def test_an_upload_without_files_is_refused(library: Library) -> None:
    with pytest.raises(RefusedError, match="at least one"):
        await library.receiver.receive(library.account_id, [])
    assert await library.rows(select(jobs)) == []


async def test_an_upload_that_breaks_off_leaves_nothing(library: Library, tmp_path: Path) -> None:
    uploads = [Upload("a", io.BytesIO(b"a")), Upload("b", tmp_path / "is not there")]
    with pytest.raises(FileNotFoundError):
        await library.receiver.receive(library.account_id, uploads)
    assert list(library.spool.iterdir()) == []
    assert await library.rows(select(import_files)) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "../../etc/passwd"),  # never opened, only shown
        ("C:\\runs\\a.fit", "C:/runs/a.fit"),
        ("a\0b\r\n\x1b[31m.fit", "ab[31m.fit"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}tif.exe", "tif.exe"),
        ("\ud800.fit", ".fit"),
        ("Läufe/früh.gpx", "Läufe/früh.gpx"),
        ("", "file"),
        ("\n", "file"),
    ],
)
def test_names_are_made_fit_to_be_shown(name: str, shown: str) -> None:
    assert shown_path(name) == shown


@given(st.text() | st.text(string.ascii_letters, min_size=500))
def test_a_shown_name_is_short_and_storable(name: str) -> None:
    shown = shown_path(name)
    assert 0 < len(shown) <= 400
    assert b"\0" not in shown.encode()


async def test_what_a_power_cut_left_behind_is_swept(library: Library, clock: HeldClock) -> None:
    await library.hand_in(("a.fit", b"a"))
    (wanted,) = library.spool.iterdir()
    orphan, young = library.spool / "orphan", library.spool / "young"
    for path in (wanted, orphan, young):
        path.touch()
        age_s = 60 if path is young else 2 * 86_400
        os.utime(path, times=(clock().timestamp() - age_s,) * 2)
    await library.receiver.sweep()
    assert set(library.spool.iterdir()) == {wanted, young}
    await library.worker.run_until_idle()
    assert list(library.spool.iterdir()) == [young]


async def test_nothing_to_sweep_is_no_trouble(library: Library) -> None:
    await library.receiver.sweep()
