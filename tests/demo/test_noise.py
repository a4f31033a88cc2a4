import numpy as np
import pytest

from beatrunner.demo.noise import deviation_of_block, wander


def test_wandering_noise_has_the_deviation_and_the_memory_asked_for() -> None:
    noise = wander(np.random.default_rng(5), 400_000, 3.0, 50.0)
    assert noise.mean() == pytest.approx(0.0, abs=0.15)
    assert noise.std() == pytest.approx(3.0, rel=0.06)
    after_one_memory = np.corrcoef(noise[:-50], noise[50:])[0, 1]
    assert after_one_memory == pytest.approx(np.exp(-1), abs=0.05)


def test_blocks_of_noise_deviate_as_asked() -> None:
    sd = deviation_of_block(4.0, 210.0, 90.0)
    noise = wander(np.random.default_rng(6), 210 * 2000, sd, 90.0)
    assert noise.reshape(-1, 210).mean(axis=1).std() == pytest.approx(4.0, rel=0.06)
