"""Which way tracks' own effects go, if they have any."""

from __future__ import annotations

import numpy as np

from beatrunner.core.effects.idle import signs


def _told(effects: list[float], sd: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    value = np.array(effects) + sd * np.random.default_rng(1).normal(size=len(effects))
    return value, np.full(len(effects), sd**2)


def test_what_is_left_is_the_probability_to_be_idle() -> None:
    above, below = signs(*_told([0.0] * 50), 0.0, 1.5)
    assert (above >= 0.0).all()
    assert (below >= 0.0).all()
    assert (above + below).max() < 0.5


def test_few_that_do_much_do_not_make_the_others_likely() -> None:
    value, variance = _told([0.0] * 90)
    value, variance = np.append(value, [9.0, -9.0]), np.append(variance, [1.0, 1.0])
    above, below = signs(value, variance, 0.0, 1.5)
    assert above[-2] > 0.999
    assert below[-1] > 0.999
    # Two standard deviations are what some of 90 idle tracks are off by chance.
    assert np.maximum(above, below)[:-2].max() < 0.75


def test_where_all_do_something_few_are_taken_for_idle() -> None:
    effects = np.random.default_rng(2).normal(0.0, 3.0, 200).tolist()
    above, below = signs(*_told(effects, 0.5), 0.0, 1.5)
    assert 1.0 - (above + below).mean() < 0.15
    right = np.where(np.array(effects) > 0.0, above, below)
    assert right.mean() > 0.8


def test_a_track_that_plays_say_nothing_of_leans_nowhere() -> None:
    above, below = signs(np.array([0.0, 5.0, 3.0]), np.array([1e12, 1.0, 1.0]), 0.0, 1.5)
    assert abs(above[0] - below[0]) < 1e-9


def test_mirrored_effects_have_mirrored_probabilities() -> None:
    value, variance = _told([0.0] * 20 + [2.0] * 5)
    above, below = signs(value, variance, 0.0, 1.5)
    mirrored = signs(-value, variance, 0.0, 1.5)
    assert np.allclose((below, above), mirrored)


def test_what_all_tracks_have_in_common_may_be_their_level() -> None:
    value, variance = _told([-0.8] * 60 + [6.0], 0.5)
    above, below = signs(value, variance, 0.0, 1.5)
    with_level = signs(value, variance, 0.5, 1.5)
    assert below[:60].mean() > 0.7
    assert with_level[1][:60].mean() < 0.3
    assert min(above[-1], with_level[0][-1]) > 0.99


def test_values_far_beyond_the_noise_are_no_trouble() -> None:
    above, _ = signs(np.array([1e4, 0.0]), np.array([1e-6, 1e-6]), 0.0, 1.5)
    assert above[0] > 0.999


def test_of_no_tracks_nothing_is_said() -> None:
    nothing = np.zeros(0)
    assert [len(each) for each in signs(nothing, nothing, 0.0, 1.5)] == [0, 0]
