"""Grade-adjusted pace against what Strava says of the same two runs, with the window as it is.

The control is the plain pace, without any grade. The files are others' and lie beside the
project; without them there is nothing to measure.
"""

from __future__ import annotations

from pathlib import Path

from beatrunner.codecs.fit import read_fit
from beatrunner.core.grade import WINDOW_M
from beatrunner.core.resample import to_grid
from beatrunner.core.summary import summarise
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.real_files import RUNS

#: Strava's grade-adjusted pace in seconds per kilometre.
STATED_S_PER_KM = {"sloatsburg.fit": 298.0, "trosku.fit": 261.0}


def main() -> Report:
    return {"bench": "gap", "figures": figures(RUNS)}


def figures(folder: Path) -> list[Figure]:
    found = [plain("window of the grade", WINDOW_M, "m")]
    plain_errors = []
    for name, stated in STATED_S_PER_KM.items():
        if not (folder / name).exists():
            continue
        raw = read_fit((folder / name).read_bytes())[0]
        summary = summarise(raw, to_grid(raw)[0])
        adjusted_mps, mean_mps = summary.grade_adjusted_speed_mps, summary.mean_speed_mps
        if adjusted_mps is None or mean_mps is None:
            raise ValueError(f"{name} has no grade.")
        off = 100.0 * (1000.0 / adjusted_mps - stated) / stated
        plain_errors.append(100.0 * abs(1000.0 / mean_mps - stated) / stated)
        found += [
            plain(f"{name}: pace, Strava {stated:.0f} s/km", 1000.0 / adjusted_mps, "s/km"),
            at_most(f"{name}: away from Strava's", abs(off), "%", 5.0),
        ]
    if plain_errors:
        found.append(at_least("control: worst of the plain paces", max(plain_errors), "%", 5.1))
    return found
