"""Steps that fall in with songs tell by how much the music's clock is off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.core.align import Play
from beatrunner.core.clock_offset import OffsetFit, Silence, fit_offset
from beatrunner.core.recording import Samples

LENGTH_S = 2_700


def songs(
    chance: np.random.Generator, *, before_s: int = 1_800, after_s: int = 1_800
) -> tuple[list[Play], list[float]]:
    """Songs of three to four minutes without a gap, of many tempi, well beyond both ends."""
    plays: list[Play] = []
    tempi: list[float] = []
    at_s = -before_s
    while at_s < LENGTH_S + after_s:
        end_s = at_s + int(chance.integers(170, 250))
        plays.append(Play(f"song {len(plays)}", at_s, end_s))
        tempi.append(float(chance.uniform(80.0, 180.0)))
        at_s = end_s
    return plays, tempi


def steps(
    chance: np.random.Generator, plays: list[Play], tempi: list[float], share_in_step: float
) -> Samples:
    """Steps around 168 a minute; for this share of the songs in step with the nearest beat."""
    wander = np.zeros(LENGTH_S)
    for second in range(1, LENGTH_S):
        wander[second] = 0.97 * wander[second - 1] + chance.normal(0.0, 0.5)
    cadence_spm = 168.0 + wander
    for play, tempo in zip(plays, tempi, strict=True):
        beat = tempo * 2.0 ** round(np.log2(168.0 / tempo))
        if chance.random() < share_in_step and abs(beat / 168.0 - 1.0) < 0.12:
            start, end = (int(min(max(t, 0), LENGTH_S)) for t in (play.started_s, play.ended_s))
            cadence_spm[start:end] = beat + 0.4 * wander[start:end]
    return cadence_spm


def moved(plays: list[Play], by_s: float) -> list[Play]:
    return [Play(p.track_key, p.started_s + by_s, p.ended_s + by_s) for p in plays]


@pytest.mark.parametrize("off_s", [0, 37, -240, 3_600 + 20, -5 * 3_600])
def test_steps_find_the_offset(off_s: int) -> None:
    chance = np.random.default_rng(5)
    plays, tempi = songs(chance)
    found = fit_offset(steps(chance, plays, tempi, 0.8), moved(plays, -off_s), tempi)
    assert isinstance(found, OffsetFit)
    assert found.low_s <= off_s <= found.high_s
    assert found.high_s - found.low_s <= 30
    assert found.by_chance <= 0.05


def test_of_many_runs_the_intervals_hold_and_chance_is_rarely_told() -> None:
    told = right = wrongly_told = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        plays, tempi = songs(chance)
        off_s = int(chance.integers(-500, 500))
        found = fit_offset(steps(chance, plays, tempi, 0.8), moved(plays, -off_s), tempi)
        if isinstance(found, OffsetFit):
            told += 1
            right += found.low_s <= off_s <= found.high_s
        heedless = fit_offset(steps(chance, plays, tempi, 0.0), plays, tempi)
        wrongly_told += isinstance(heedless, OffsetFit)
    assert told >= 20
    assert right >= 0.9 * told
    assert wrongly_told <= 4


def test_nothing_is_told_without_steps_or_different_tempi() -> None:
    chance = np.random.default_rng(1)
    plays, tempi = songs(chance)
    assert fit_offset(np.full(LENGTH_S, np.nan), plays, tempi) is Silence.NO_STEPS
    cadence_spm = steps(chance, plays, tempi, 0.8)
    assert fit_offset(cadence_spm, [], []) is Silence.FEW_TEMPI
    assert fit_offset(cadence_spm, plays, [None] * len(plays)) is Silence.FEW_TEMPI
    same = [84.0 if number % 2 else 168.0 for number in range(len(plays))]
    assert fit_offset(cadence_spm, plays, same) is Silence.FEW_TEMPI


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True)), max_size=5),
    st.lists(st.sampled_from([np.nan, np.inf, 0.0, -3.0, 160.0, 400.0]), max_size=400),
)
def test_nonsense_is_answered(times: list[tuple[float, float]], cadence: list[float]) -> None:
    plays = [Play("x", start, end) for start, end in times]
    tempi = [90.0 + 7.0 * number for number in range(len(plays))]
    assert fit_offset(np.array(cadence * 3), plays, tempi) is not None
