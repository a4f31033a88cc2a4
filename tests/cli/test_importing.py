"""`beatrunner import` and `beatrunner demo`, with a data folder of their own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beatrunner.cli import main
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.db.engine import Database
from beatrunner.db.tables import activities
from beatrunner.db.types import AnyRow
from tests.sample_files import MORNING, plays, run, spotify_zip


def beatrunner(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my runs"
    (folder / "2026").mkdir(parents=True)
    (folder / ".trash").mkdir()
    (folder / "2026" / "a.fit").write_bytes(write_fit(run()))
    (folder / "2026" / "b.gpx").write_bytes(write_gpx(run(MORNING.replace(day=3))))
    (folder / "broken.fit").write_bytes(b"no")
    (folder / ".trash" / "c.fit").write_bytes(write_fit(run(MORNING.replace(day=4))))
    (folder / ".hidden.fit").write_bytes(b"x")
    (folder / "music.zip").write_bytes(spotify_zip(plays(MORNING, 3)))
    return folder


def test_a_folder_is_imported_once(
    folder: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = subprocess.run(
        [sys.executable, "-m", "beatrunner", "import", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert first.stderr == ""
    told = "2 activities and 3 plays are new; 0 files were already there, 1 refused."
    assert told in first.stdout
    assert "  my runs/broken.fit: " in first.stdout
    assert list((data_dir / "spool").iterdir()) == []
    monkeypatch.chdir(folder)
    again = beatrunner("import", ".")
    assert (again.exit_code, again.stderr) == (0, "")
    told = "0 activities and 0 plays are new; 3 files were already there, 1 refused."
    assert told in again.stdout
    assert "  broken.fit: " in again.stdout


def test_what_cannot_be_imported_is_said_in_words(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = beatrunner("import", str(empty))
    assert (nothing.exit_code, nothing.stderr) == (1, "There are no files there.\n")
    missing = beatrunner("import", str(tmp_path / "not there"))
    assert missing.exit_code == 2
    assert "does not exist" in missing.stderr
    (empty / "a.fit").write_bytes(write_fit(run()))
    nobody = beatrunner("import", "--email", "x@example.org", str(empty))
    assert (nobody.exit_code, nobody.stderr) == (
        1,
        "There is no account with the address x@example.org.\n",
    )


def test_the_demo_is_written_and_imported(tmp_path: Path, data_dir: Path) -> None:
    done = beatrunner("demo", "--folder", str(tmp_path / "files"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "0 files were already there, 0 refused." in done.stdout
    assert {path.name for path in (tmp_path / "files").iterdir()} == {
        "strava_export.zip",
        "my_spotify_data.zip",
        "planted_effects.json",
    }
    rows = asyncio.run(_activities(f"sqlite:///{data_dir}/beatrunner.db"))
    assert len(rows) > 50
    assert sum(row.track_count > 0 for row in rows) > 30


async def _activities(address: str) -> Sequence[AnyRow]:
    database = Database(address)
    async with database.read() as tx:
        rows = (await tx.execute(activities.select())).all()
    await database.close()
    return rows
