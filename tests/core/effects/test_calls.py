"""Which tracks are named."""

from __future__ import annotations

import numpy as np

from beatrunner.core.effects.calls import called

_OFTEN = np.array([9, 9, 9])


def test_tracks_are_named_while_one_of_ten_is_expected_to_be_wrong() -> None:
    above = np.array([0.99, 0.85, 0.05])
    # 1 %, 5 % and 15 % make 7 % on average.
    assert called(above, (above, 1.0 - above), _OFTEN).tolist() == [1.0, 1.0, -1.0]
    above = np.array([0.95, 0.80, 0.10])
    assert called(above, (above, 1.0 - above), _OFTEN).tolist() == [1.0, 0.0, -1.0]


def test_sure_tracks_are_no_leave_for_a_guess() -> None:
    above = np.array([0.999, 0.999, 0.79, 0.81])
    assert called(above, (above, 1.0 - above), np.full(4, 9)).tolist() == [1.0, 1.0, 0.0, 1.0]


def test_a_track_is_not_named_for_its_tempo_alone() -> None:
    assert not called(np.full(3, 0.99), (np.full(3, 0.6), np.full(3, 0.4)), _OFTEN).any()


def test_a_track_is_not_named_that_may_do_nothing_of_its_own() -> None:
    sure = np.full(3, 0.99)
    assert not called(sure, (np.full(3, 0.5), np.full(3, 0.001)), _OFTEN).any()


def test_a_track_heard_twice_is_not_named() -> None:
    sure = np.full(3, 0.999)
    assert called(sure, (sure, 1.0 - sure), np.array([2, 3, 2])).tolist() == [0.0, 1.0, 0.0]


def test_of_no_tracks_none_is_named() -> None:
    nothing = np.zeros(0)
    assert called(nothing, (nothing, nothing), np.zeros(0, dtype=np.intp)).tolist() == []
