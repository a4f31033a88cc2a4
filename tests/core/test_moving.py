from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.moving import moving_rows
from beatrunner.core.recording import Samples

NEVER = np.zeros(600, dtype=bool)


def speeds(*stretches: tuple[int, float]) -> Samples:
    return np.concatenate([np.full(length, speed) for length, speed in stretches])


def changes(is_moving: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    return (np.flatnonzero(np.diff(is_moving)) + 1).tolist()


def test_standing_still_is_not_moving() -> None:
    speed_mps = speeds((200, 3.0), (60, 0.0), (340, 3.0))
    assert changes(moving_rows({"speed_mps": speed_mps}, NEVER, "run", False)) == [200, 260]


def test_flicker_between_the_thresholds_changes_nothing() -> None:
    flicker = np.where(np.arange(600) % 2 == 0, 0.45, 0.55)
    running_in = np.append(3.0, flicker[1:])
    standing_in = np.append(0.0, flicker[1:])
    assert moving_rows({"speed_mps": running_in}, NEVER, "run", False).all()
    assert not moving_rows({"speed_mps": standing_in}, NEVER, "run", False).any()


def test_the_timer_beats_speed() -> None:
    is_paused = NEVER.copy()
    is_paused[100:150] = True
    assert changes(moving_rows({"speed_mps": speeds((600, 3.0))}, is_paused, "run", False)) == [
        100,
        150,
    ]


def test_on_a_treadmill_steps_decide_too() -> None:
    columns = {"speed_mps": np.zeros(600), "cadence_spm": speeds((300, 160.0), (300, 0.0))}
    assert changes(moving_rows(columns, NEVER, "treadmill_run", True)) == [300]
    assert not moving_rows(columns, NEVER, "run", False).any()
    del columns["speed_mps"]
    assert changes(moving_rows(columns, NEVER, "run", False)) == [300]


@pytest.mark.parametrize("sport", ["strength", "swim", "row", "other"])
def test_sports_that_stand_still_go_by_the_timer(sport: str) -> None:
    assert moving_rows({"speed_mps": np.zeros(600)}, NEVER, sport, False).all()


def test_heart_rate_alone_moves_wherever_it_was_sampled() -> None:
    heart_rate_bpm = np.full(600, 140.0)
    heart_rate_bpm[300:400] = np.nan
    assert changes(moving_rows({"heart_rate_bpm": heart_rate_bpm}, NEVER, "run", False)) == [
        300,
        400,
    ]
