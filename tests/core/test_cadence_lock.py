from __future__ import annotations

import numpy as np

from beatrunner.core.cadence_lock import is_cadence_locked
from beatrunner.core.recording import Samples, Streams

LENGTH_S = 1800


def streams(heart_rate_bpm: Samples, cadence_spm: Samples) -> Streams:
    columns = {"heart_rate_bpm": heart_rate_bpm, "cadence_spm": cadence_spm}
    return Streams(LENGTH_S, columns, np.ones(LENGTH_S, dtype=bool))


def steps(seed: int = 1) -> Samples:
    wobble = np.random.default_rng(seed).normal(0.0, 2.0, LENGTH_S // 5)
    return 170.0 + np.repeat(wobble, 5)


def test_a_heart_rate_that_wobbles_as_the_steps_do_is_none() -> None:
    assert is_cadence_locked(streams(steps() + 0.5, steps()))


def test_some_minutes_of_it_are_enough() -> None:
    heart = np.where(np.arange(LENGTH_S) < 700, steps(), 150.0)
    assert is_cadence_locked(streams(heart, steps()))


def test_a_heart_that_beats_as_often_as_the_feet_by_chance_is_one() -> None:
    assert not is_cadence_locked(streams(steps(seed=2), steps()))
    assert not is_cadence_locked(streams(np.full(LENGTH_S, 170.0), steps()))


def test_nothing_is_said_where_something_is_missing() -> None:
    assert not is_cadence_locked(streams(np.full(LENGTH_S, np.nan), steps()))
    assert not is_cadence_locked(Streams(LENGTH_S, {}, np.ones(LENGTH_S, dtype=bool)))
