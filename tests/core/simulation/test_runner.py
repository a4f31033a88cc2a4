from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.heart import population_heart
from beatrunner.core.simulation.gait import Level
from beatrunner.core.simulation.runner import RunnerParameters, VirtualRunner, draw_runner


def draw_many(count: int, seed: int = 7) -> list[RunnerParameters]:
    rng = np.random.default_rng(seed)
    return [draw_runner(rng) for _ in range(count)]


def run(
    parameters: RunnerParameters, seed: int = 1, beat_spm: float | None = None
) -> list[tuple[int, float]]:
    runner = VirtualRunner(parameters, seed)
    seen = []
    for second in range(240):
        runner.step(1.0, 0.0 if second < 10 else 2.7, 1.0, beat_spm)
        seen.append((runner.heart_rate_bpm, runner.cadence_spm))
    return seen


def test_a_seed_is_a_runner() -> None:
    assert draw_many(3) == draw_many(3)
    one, other = draw_many(2)
    assert run(one) == run(one)
    assert run(one, seed=2) != run(one, seed=1)
    assert run(one) != run(other)


def test_music_moves_the_steps_and_leaves_the_heart_alone() -> None:
    parameters = draw_many(1)[0]
    silent, music = run(parameters), run(parameters, beat_spm=silent_cadence(parameters) * 1.02)
    assert [heart for heart, _ in silent] == [heart for heart, _ in music]
    assert silent[-1][1] < music[-1][1]


def silent_cadence(parameters: RunnerParameters) -> float:
    return parameters.gait.own_spm(2.7, is_running=True)


def test_the_population_is_the_published_one() -> None:
    many = draw_many(1500)
    gains = [one.heart.gain_bpm_per_mps for one in many]
    constants_s = [one.heart.time_constant_s for one in many]
    levels_spm = [one.gait.level_spm for one in many]
    assert np.mean(gains) == pytest.approx(24.2, abs=1.0)
    assert np.std(gains) == pytest.approx(8.3, abs=1.2)
    assert np.mean(constants_s) == pytest.approx(57.6, abs=3.0)
    assert np.std(constants_s) == pytest.approx(23.6, abs=3.5)
    assert np.std(levels_spm) == pytest.approx(10.6, abs=1.0)


def test_what_they_tell_is_nearly_true() -> None:
    """Enough for a model that opens with the right speed ±0.4 m/s, and not better."""
    off_mps = []
    for one in draw_many(300):
        model = population_heart(one.profile)
        speed_mps = model.speed_mps(150.0).value
        off_bpm = one.heart.steady_bpm(speed_mps) - 150.0
        off_mps.append(off_bpm / one.heart.gain_bpm_per_mps)
    assert abs(np.mean(off_mps)) < 0.15
    assert 0.2 < np.std(off_mps) < 0.5


def test_the_speed_that_a_heart_rate_asks_for_is_in_its_interval() -> None:
    inside = []
    for one in draw_many(600):
        foretold = population_heart(one.profile).speed_mps(150.0)
        low_bpm, high_bpm = (one.heart.steady_bpm(edge) for edge in (foretold.low, foretold.high))
        inside.append(low_bpm <= 150.0 <= high_bpm)
    assert np.mean(inside) == pytest.approx(0.94, abs=0.03)


@pytest.mark.parametrize("level", ["off", "median", "strong"])
def test_every_level_of_entrainment_is_a_runner(level: Level) -> None:
    parameters = draw_runner(np.random.default_rng(1), level)
    assert parameters.entrainment == level
    assert run(parameters)[-1][0] > 90
