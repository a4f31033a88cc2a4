"""`./dev bench disk-full`, small: an import meets a full disk twice, and loses nothing by it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.disk_full import run_inside
from benchmarks.small_disk import words_to_enter
from tests.reliability.test_kill_import import few_files

_MOUNTS = (
    "from benchmarks.small_disk import *; import sys; mount_small_disk(Path(sys.argv[1]), 4096)"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = [*words_to_enter(), sys.executable, "-c", _MOUNTS, str(tmp_path)]
    if sys.platform != "linux" or subprocess.run(words, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    return tmp_path


def test_an_import_waits_for_room(folder: Path) -> None:
    few_files(folder)
    found = run_inside("SQLite", 2, "benchmarks.quick_worker", folder)
    assert found["fills"] == 2
    faults = ("different", "failed", "refused", "left_in_spool", "reads_failed", "rude")
    assert not any(found[name] for name in faults), found
    assert found["reads"] > 0
