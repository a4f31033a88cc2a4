"""How fast FIT activities are read, and whether as fitdecode reads them.

Runs over real files where there are any beside the project, else over generated ones.
"""

from __future__ import annotations

import contextlib
import json
import math
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import fitdecode
import numpy as np

from beatrunner.codecs.fit import read_fit, write_fit
from beatrunner.codecs.fit.profile import ON_FOOT
from beatrunner.core.recording import RawRecording

_RUNS = Path(__file__).parents[1] / ".." / "shared" / "data" / "runs"
_REPETITIONS = 3
_LEAST_RATIO = 15

Result = TypeVar("Result")

#: Records, heart rate, cadence of one foot, distance: summed over a file.
Sums = tuple[float, float, float, float]


def main() -> dict[str, Any]:
    real = [path.read_bytes() for path in sorted(_RUNS.glob("*.fit"))]
    files = real or [_generated(minutes) for minutes in (20, 40, 60)]
    ours_s, theirs_s, disagreements = 0.0, 0.0, 0
    for data in files:
        ours, our_s = _measured(read_fit, data)
        theirs, their_s = _measured(read_by_fitdecode, data)
        ours_s += our_s
        theirs_s += their_s
        disagreements += not np.allclose(_sums(ours), _sums_by_fitdecode(theirs), rtol=1e-9)
    kind = "real" if real else "generated"
    ratio = theirs_s / ours_s
    return {
        "bench": "fit",
        "figures": [
            {
                "what": f"times as fast as fitdecode over {len(files)} {kind} files",
                "value": round(ratio, 1),
                "unit": "x",
                "goal": f">= {_LEAST_RATIO}",
                "ok": ratio >= _LEAST_RATIO,
            },
            {
                "what": f"read {sum(map(len, files)) / 1e6:.1f} MB, checksums included",
                "value": round(ours_s * 1000, 1),
                "unit": "ms",
                "goal": "",
                "ok": True,
            },
            {
                "what": "files whose records, heart rate, cadence or distance add up otherwise",
                "value": disagreements,
                "unit": "files",
                "goal": "0",
                "ok": disagreements == 0,
            },
        ],
    }


def _measured(read: Callable[[bytes], Result], data: bytes) -> tuple[Result, float]:
    """What `read` returns, and the median of its seconds after a first call for warmth."""
    result = read(data)
    seconds = []
    for _repetition in range(_REPETITIONS):
        started = time.perf_counter()
        read(data)
        seconds.append(time.perf_counter() - started)
    return result, statistics.median(seconds)


def read_by_fitdecode(data: bytes) -> list[Any]:
    """The record messages, without checksums and without complaints."""
    messages = []
    with (
        warnings.catch_warnings(),
        contextlib.suppress(fitdecode.FitError),
        fitdecode.FitReader(
            data,
            check_crc=fitdecode.CrcCheck.DISABLED,
            error_handling=fitdecode.ErrorHandling.IGNORE,
        ) as reader,
    ):
        warnings.simplefilter("ignore")
        for message in reader:
            if isinstance(message, fitdecode.FitDataMessage) and message.name == "record":
                messages.append(message)  # noqa: PERF401 - keeps what came before an error
    return messages


def _sums_by_fitdecode(messages: list[Any]) -> Sums:
    def total(name: str) -> float:
        return math.fsum(message.get_value(name, fallback=0) or 0 for message in messages)

    cadence = total("cadence") + total("fractional_cadence")
    return len(messages), total("heart_rate"), cadence, total("distance")


def _sums(recordings: list[RawRecording]) -> Sums:
    def total(recording: RawRecording, name: str) -> float:
        return float(np.nansum(recording.columns.get(name, np.zeros(1))))

    return (
        sum(len(recording.sample_s) for recording in recordings),
        sum(total(recording, "heart_rate_bpm") for recording in recordings),
        sum(total(r, "cadence_spm") / (2 if r.sport in ON_FOOT else 1) for r in recordings),
        sum(total(recording, "distance_m") for recording in recordings),
    )


def _generated(minutes: int) -> bytes:
    sample_s = np.arange(60.0 * minutes)
    columns = {
        "latitude": 48 + sample_s * 1e-5,
        "longitude": 11 + sample_s * 1e-5,
        "distance_m": sample_s * 3,
        "altitude_m": 500 + np.round(10 * np.sin(sample_s / 300)),
        "speed_mps": np.full(len(sample_s), 3.0),
        "heart_rate_bpm": np.round(150 + 10 * np.sin(sample_s / 60)),
        "cadence_spm": np.round(170 + 5 * np.sin(sample_s / 40)),
    }
    return write_fit(RawRecording("run", datetime(2026, 1, 1, tzinfo=UTC), sample_s, columns))


if __name__ == "__main__":
    print(json.dumps(main()))
