"""Ten thousand straps that fail, and a governor that must not speed up on what they say.

Each trace is a minute on a belt at a constant speed, a runner's true heart, a strap on which one
fault begins, and an automation that always wants more. Two judges look at each rise. One knows the
rules of I7 and works them out anew from the readings. The other knows the true heart, and counts
the rises while the strap was off by more than I7 tolerates.

The negative control is a governor that is told of a heart that is always well.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np

from beatrunner.core.governor import HeartRate, SetSpeed
from beatrunner.core.simulation.strap import Episode, StrapFault, VirtualStrap
from benchmarks.figures import Report, at_least, at_most, plain
from tests.core.governor.belts import LIMITS, STEP_S, Ride

TRACES = 10_000
_LENGTH_S = 60
_BELT_KMH = 10.0
_FAULTS = [fault for fault in StrapFault if fault is not StrapFault.NONE]
_TICKS_A_SECOND = 2


@dataclass(frozen=True, slots=True)
class Judged:
    rises: int = 0
    unfit: int = 0
    """Rises on a reading that is unfit by the rules of I7."""
    untrue: int = 0
    """Rises while the strap was further from the heart than I7 lets one reading be."""

    def __add__(self, other: Judged) -> Judged:
        return Judged(
            self.rises + other.rises, self.unfit + other.unfit, self.untrue + other.untrue
        )


def main() -> Report:
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        seen = sum(pool.map(judge, range(TRACES), chunksize=100), Judged())
        control = sum(pool.map(judge_credulous, range(TRACES // 20), chunksize=25), Judged())
    return {
        "bench": "heart-faults",
        "figures": [
            plain(f"rises in {TRACES:,} traces of {_LENGTH_S} s", seen.rises, ""),
            at_most("rises from unfit heart rate", seen.unfit, "", 0),
            at_most(
                "of them while the strap was off by more than 25 bpm, known to the judge alone",
                100 * seen.untrue / seen.rises,
                "%",
                0.1,
            ),
            at_least(
                "negative control: rises of a governor told of another heart", control.unfit, "", 1
            ),
        ],
    }


def judge(seed: int) -> Judged:
    return _ride(seed, credulous=False)


def judge_credulous(seed: int) -> Judged:
    return _ride(seed, credulous=True)


def _ride(seed: int, *, credulous: bool) -> Judged:
    rng = np.random.default_rng(seed)
    ride = Ride(limits=replace(LIMITS, ceiling_bpm=200)).at(_BELT_KMH)
    ride.obeys = False
    strap = VirtualStrap(seed, tells_contact=bool(rng.random() < 0.7))
    fault = _FAULTS[seed % len(_FAULTS)]
    episode = Episode(fault, float(rng.uniform(5, 20)), float(rng.uniform(2, 40)))
    cadence_spm = float(rng.uniform(155, 185))
    true_bpm, drift_bpm = float(rng.uniform(100, 185)), 0.0
    history: list[tuple[float, HeartRate]] = []
    judged = Judged()
    for second in range(_LENGTH_S):
        begun_s = second - episode.start_s
        strap.fault = fault if 0 <= begun_s < episode.length_s else StrapFault.NONE
        drift_bpm = 0.8 * drift_bpm + float(rng.normal(0, 1.26))
        heart_bpm = true_bpm + drift_bpm
        reading = strap.read(1.0, heart_bpm, cadence_spm)
        if reading is not None:
            heard = HeartRate(reading.heart_rate_bpm, reading.has_contact, 0.0)
            history.append((ride.now_s, heard))
        for _tick in range(_TICKS_A_SECOND):
            judged += _judged_tick(ride, history, heart_bpm, cadence_spm, credulous)
    return judged


def _judged_tick(
    ride: Ride,
    history: list[tuple[float, HeartRate]],
    true_bpm: float,
    cadence_spm: float,
    credulous: bool,
) -> Judged:
    ride.now_s += 1 / _TICKS_A_SECOND - STEP_S
    now_s = ride.now_s + STEP_S
    heart = None
    if history:
        at_s, reading = history[-1]
        heart = replace(reading, age_s=now_s - at_s)
    told = HeartRate(140 + ride.ticks % 2, True, 0.0) if credulous else heart
    # The belt stands for one that was just brought back: there is always room to rise.
    ride.governor.state.asked_kmh = _BELT_KMH
    verdict = ride.tick(wish=ride.wish(_BELT_KMH + 0.1, 0.0), heart=told, cadence_spm=cadence_spm)
    command = verdict.command
    if not isinstance(command, SetSpeed) or command.speed_kmh <= _BELT_KMH:
        return Judged()
    off_bpm = abs(heart.heart_rate_bpm - true_bpm) if heart is not None else 0.0
    return Judged(1, int(not _fit(history, heart)), int(off_bpm > 25))


def _fit(history: list[tuple[float, HeartRate]], heart: HeartRate | None) -> bool:
    """I7, told from the readings alone: fresh, touching, of a heart, near one before it."""
    if heart is None or not _is_of_a_heart(heart):
        return False
    before = [each for _at_s, each in history[-8:-1] if _is_of_a_heart(each)]
    return not before or any(
        abs(heart.heart_rate_bpm - each.heart_rate_bpm) <= 25 for each in before
    )


def _is_of_a_heart(heart: HeartRate) -> bool:
    return heart.age_s <= 5 and heart.contact is not False and 30 <= heart.heart_rate_bpm <= 230
