"""The commands as a shell starts them, each in a process and a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.db.engine import Database
from beatrunner.db.tables import activities
from tests.sample_files import MORNING, plays, run, spotify_zip


def beatrunner(
    data_dir: Path, *words: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "beatrunner", *words],
        env={**os.environ, "BEATRUNNER_DATA_DIR": str(data_dir)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


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


def test_a_folder_is_imported_once(folder: Path, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    first = beatrunner(data_dir, "import", str(folder))
    assert (first.returncode, first.stderr) == (0, "")
    assert (
        "2 activities and 3 plays are new; 0 files were already there, 1 refused." in first.stdout
    )
    assert "  my runs/broken.fit: " in first.stdout
    assert list((data_dir / "spool").iterdir()) == []
    again = beatrunner(data_dir, "import", ".", cwd=folder)
    assert again.returncode == 0
    assert (
        "0 activities and 0 plays are new; 3 files were already there, 1 refused." in again.stdout
    )
    assert "  broken.fit: " in again.stdout


def test_what_cannot_be_imported_is_said_in_words(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = beatrunner(tmp_path / "data", "import", str(empty))
    assert (nothing.returncode, nothing.stderr) == (1, "There are no files there.\n")
    missing = beatrunner(tmp_path / "data", "import", str(tmp_path / "not there"))
    assert missing.returncode == 2
    assert "does not exist" in missing.stderr
    (empty / "a.fit").write_bytes(write_fit(run()))
    nobody = beatrunner(tmp_path / "data", "import", "--email", "x@example.org", str(empty))
    assert (nobody.returncode, nobody.stderr) == (
        1,
        "There is no account with the address x@example.org.\n",
    )


async def test_the_demo_is_written_and_imported(tmp_path: Path) -> None:
    done = beatrunner(tmp_path / "data", "demo", "--folder", str(tmp_path / "files"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 files were already there, 0 refused." in done.stdout
    assert {path.name for path in (tmp_path / "files").iterdir()} == {
        "strava_export.zip",
        "my_spotify_data.zip",
        "planted_effects.json",
    }
    database = Database(f"sqlite:///{tmp_path}/data/beatrunner.db")
    async with database.read() as tx:
        counts = (await tx.execute(activities.select())).all()
    await database.close()
    assert len(counts) > 50
    assert sum(row.track_count > 0 for row in counts) > 30
