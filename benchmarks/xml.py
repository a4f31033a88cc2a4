"""How fast GPX and TCX are read beside the libraries people use, and whether a point is lost.

Runs over real files where there are any beside the project, else over generated ones.
"""

from __future__ import annotations

import json
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gpxpy
import numpy as np
from tcxreader.tcxreader import TCXReader

from beatrunner.codecs.gpx import read_gpx, write_gpx
from beatrunner.codecs.tcx import read_tcx, write_tcx
from beatrunner.core.recording import RawRecording
from beatrunner.core.refusals import UnreadableFileError

_RUNS = Path(__file__).parents[1] / ".." / "shared" / "data" / "runs"
_REPETITIONS = 7
_GPX_GOAL = 4
_TCX_GOAL = 3

Reader = Callable[[bytes], list[RawRecording]]


def main() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        is_real = _RUNS.is_dir()
        paths = sorted(_RUNS.iterdir()) if is_real else list(_generated(Path(folder)))
        gpx = [path for path in paths if path.suffix == ".gpx"]
        tcx = [path for path in paths if path.suffix == ".tcx"]
        kind = "real" if is_real else "generated"
        gpx_ratio = _ratio(gpx, read_gpx, lambda path: gpxpy.parse(path.read_bytes().decode()))
        tcx_ratio = _ratio(tcx, read_tcx, lambda path: TCXReader().read(str(path), only_gps=False))
        lost = sum(_points_lost(path, read_gpx, "trkpt") for path in gpx)
        lost += sum(_points_lost(path, read_tcx, "Trackpoint") for path in tcx)
    return {
        "bench": "xml",
        "figures": [
            _figure(f"times as fast as gpxpy over {len(gpx)} {kind} files", gpx_ratio, _GPX_GOAL),
            _figure(
                f"times as fast as tcxreader over {len(tcx)} {kind} files", tcx_ratio, _TCX_GOAL
            ),
            {
                "what": "trackpoints that a plain ElementTree counts and BeatRunner does not",
                "value": lost,
                "unit": "points",
                "goal": "== 0",
                "ok": lost == 0,
            },
        ],
    }


def _figure(what: str, ratio: float, goal: int) -> dict[str, Any]:
    return {
        "what": what,
        "value": round(ratio, 1),
        "unit": "x",
        "goal": f">= {goal}",
        "ok": ratio >= goal,
    }


def _ratio(paths: list[Path], ours: Reader, theirs: Callable[[Path], object]) -> float:
    """Their processor time over ours, summed over the files that both can read."""
    our_s = their_s = 0.0
    for path in paths:
        try:
            theirs(path)
            ours(path.read_bytes())
        except Exception:  # noqa: S112 - whatever a library throws at a broken file
            continue
        # Taking turns lets both meet the same noise.
        turns = [
            (_seconds(theirs, path), _seconds(lambda path: ours(path.read_bytes()), path))
            for _ in range(_REPETITIONS)
        ]
        their_s += min(their for their, _ in turns)
        our_s += min(our for _, our in turns)
    return their_s / our_s


def _seconds(read: Callable[[Path], object], path: Path) -> float:
    start = time.process_time()
    read(path)
    return time.process_time() - start


def _points_lost(path: Path, read: Reader, tag: str) -> int:
    data = path.read_bytes()
    try:
        tree = ElementTree.fromstring(data)  # noqa: S314 - it reads files we chose
        count = len(tree.findall(f".//{{*}}{tag}"))
    except ElementTree.ParseError:
        count = data.count(f"<{tag}>".encode()) + data.count(f"<{tag} ".encode())
    try:
        return count - sum(recording.sample_s.size for recording in read(data))
    except UnreadableFileError:
        return count


def _generated(folder: Path) -> Iterator[Path]:
    for minutes in (20, 40, 60):
        recording = _run(minutes * 60)
        for suffix, data in ((".gpx", write_gpx(recording)), (".tcx", write_tcx(recording))):
            path = folder / f"{minutes}{suffix}"
            path.write_bytes(data)
            yield path


def _run(count: int) -> RawRecording:
    random = np.random.default_rng(count)
    second = np.arange(count, dtype=float)
    return RawRecording(
        sport="run",
        started_at=datetime(2026, 3, 1, 6, 30, tzinfo=UTC),
        sample_s=second,
        columns={
            "latitude": 50.1 + np.cumsum(random.normal(2e-5, 1e-5, count)),
            "longitude": 8.6 + np.cumsum(random.normal(2e-5, 1e-5, count)),
            "distance_m": second * 3,
            "altitude_m": 120 + np.cumsum(random.normal(0, 0.1, count)),
            "speed_mps": random.normal(3, 0.1, count),
            "heart_rate_bpm": 150 + 10 * np.sin(second / 300),
            "cadence_spm": 170 + 2 * np.round(random.normal(0, 1, count)),
        },
    )


if __name__ == "__main__":
    print(json.dumps(main()))
