"""Structured workouts are told from runs that merely vary."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects import is_interval_workout

_LENGTH_S = 3000


def _recognised(speed_mps: np.ndarray, noise: float = 0.06, seed: int = 0) -> bool:
    rng = np.random.default_rng(seed)
    rough = speed_mps * np.exp(noise * rng.normal(size=len(speed_mps)))
    return is_interval_workout(rough, np.ones(len(rough), dtype=bool))


def _blocks(fast_s: int, rest_s: int, times: int, fast_mps: float = 3.9) -> np.ndarray:
    speed_mps = np.full(_LENGTH_S, 2.8)
    for i in range(times):
        first_s = 600 + i * (fast_s + rest_s)
        speed_mps[first_s : first_s + fast_s] = fast_mps
    return speed_mps


@pytest.mark.parametrize(("fast_s", "rest_s", "times"), [(60, 60, 12), (180, 120, 6), (300, 90, 4)])
def test_alternating_blocks_are_a_structured_workout(fast_s: int, rest_s: int, times: int) -> None:
    assert _recognised(_blocks(fast_s, rest_s, times))


def test_other_runs_are_not() -> None:
    t = np.arange(_LENGTH_S)
    rng = np.random.default_rng(2)
    assert not _recognised(np.full(_LENGTH_S, 3.0))
    assert not _recognised(np.linspace(2.4, 3.6, _LENGTH_S)), "a progression"
    assert not _recognised(2.8 + 0.9 * (t > 2000)), "a fast end"
    assert not _recognised(_blocks(60, 60, 12, fast_mps=3.0)), "hardly faster"
    assert not _recognised(_blocks(180, 120, 2)), "two efforts"
    walk = np.cumsum(rng.normal(0.0, 0.02, _LENGTH_S))
    assert not _recognised(3.0 * np.exp(0.1 * walk / np.abs(walk).max())), "a wandering pace"


def test_fartlek_of_any_length_is_music_s_business() -> None:
    speed_mps = np.full(_LENGTH_S, 2.8)
    for first_s, last_s in [(500, 530), (700, 1000), (1300, 1345), (1500, 1900), (2500, 2560)]:
        speed_mps[first_s:last_s] = 3.9
    assert not _recognised(speed_mps)


def test_what_is_too_short_or_stands_still_is_not() -> None:
    assert not is_interval_workout(_blocks(60, 60, 12), np.zeros(_LENGTH_S, dtype=bool))
    assert not is_interval_workout(np.full(_LENGTH_S, np.nan), np.ones(_LENGTH_S, dtype=bool))
    assert not is_interval_workout(np.zeros(0), np.zeros(0, dtype=bool))


def test_gaps_do_not_hide_it() -> None:
    speed_mps = _blocks(180, 120, 6)
    speed_mps[::7] = np.nan
    assert _recognised(speed_mps)
