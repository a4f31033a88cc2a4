"""Runs of real devices, where they lie beside the project: others' files, never part of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from beatrunner.codecs.fit import read_fit
from beatrunner.codecs.gpx import read_gpx
from beatrunner.codecs.tcx import read_tcx
from beatrunner.core.recording import Streams
from beatrunner.core.refusals import UnreadableFileError
from beatrunner.core.resample import to_grid
from beatrunner.core.sports import RUNNING

RUNS = Path(__file__).parents[2] / "shared" / "data" / "runs"
_READERS = {".fit": read_fit, ".gpx": read_gpx, ".tcx": read_tcx}
#: The same activities as another file.
_TWINS = frozenset({"6782987395.gpx", "activereader-testdata.gpx", "malformed.tcx", "no_hr.tcx"})


def real_runs(folder: Path = RUNS) -> Iterator[Streams]:
    """Every run of every file that can be read; nothing without the folder."""
    for path in sorted(folder.glob("*")):
        read = _READERS.get(path.suffix)
        if read is None or path.name in _TWINS:
            continue
        try:
            for raw in read(path.read_bytes()):
                if raw.sport in RUNNING:
                    yield to_grid(raw)[0]
        except UnreadableFileError:
            continue
