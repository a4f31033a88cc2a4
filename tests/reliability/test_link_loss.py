"""`./dev bench link-loss`, small: what is lost, and what lies, ends in a stop or in an alarm."""

from __future__ import annotations

import math

import pytest

from benchmarks.link_loss import BlindDriver, HoldingDriver, cut_radio, cut_server, lie


@pytest.mark.parametrize("seed", range(12))
def test_a_lost_server_is_a_fall_to_nothing(seed: int) -> None:
    cut = cut_server(seed)
    assert cut.ramp_s <= 10
    assert cut.still_s < 60
    assert cut.rises == 0


@pytest.mark.parametrize("seed", range(12))
def test_a_lost_belt_is_an_alarm_and_no_promise(seed: int) -> None:
    cut = cut_radio(seed)
    assert cut.alarm_s <= 2
    assert not cut.said_stopped
    assert cut.replayed == 0


@pytest.mark.parametrize("seed", range(8))
def test_a_belt_that_lies_or_reverses_is_stopped_and_locked(seed: int) -> None:
    assert lie(seed, reverses=bool(seed % 2)) <= 2


def test_the_experiment_would_see_a_driver_that_holds() -> None:
    assert math.isinf(cut_server(0, HoldingDriver).still_s)


def test_the_experiment_would_see_a_driver_that_is_blind() -> None:
    assert cut_radio(0, BlindDriver).alarm_s > 2
