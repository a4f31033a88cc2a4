from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.gait import population_gait
from beatrunner.core.own_gait import Blocks, Ground, OwnGait, steady_blocks, stranger
from beatrunner.core.recording import Samples


def seconds(
    minutes: int = 30, level_spm: float = 160.0, seed: int = 1, spread_mps: float = 0.5
) -> tuple[Samples, Samples]:
    """Speed and cadence of a run in pieces of two minutes, on the line level + 7 (v - 3)."""
    rng = np.random.default_rng(seed)
    pieces_mps = rng.uniform(2.9 - spread_mps, 2.9 + spread_mps, minutes // 2)
    speed_mps = np.repeat(pieces_mps, 120) + rng.normal(0.0, 0.05, minutes // 2 * 120)
    cadence_spm = level_spm + 7.0 * (speed_mps - 3.0) + rng.normal(0.0, 2.0, len(speed_mps))
    return speed_mps, cadence_spm


def after(
    *levels_spm: float, treadmill: bool = False, start: OwnGait | None = None, minutes: int = 30
) -> OwnGait:
    """What is known after a run at each level."""
    gait = start or stranger()
    for seed, level_spm in enumerate(levels_spm):
        blocks = steady_blocks(*seconds(minutes, level_spm, seed))
        gait = gait.seeing_run(blocks, treadmill=treadmill)
    return gait


def level_spm(gait: OwnGait, *, treadmill: bool = False, grade_pct: float = 0.0) -> float:
    return gait.on(treadmill=treadmill, grade_pct=grade_pct).cadence_spm(3.0).value


def test_a_stranger_is_the_population_on_either_ground() -> None:
    for treadmill in (False, True):
        gait = stranger(170.0).on(treadmill=treadmill)
        assert gait.cadence_spm(3.0).value == population_gait(170.0).cadence_spm(3.0).value
        assert gait.own_s == 0.0
    assert stranger().sharpened_by(treadmill=True) == "more_minutes"


def test_a_run_makes_a_stranger_known() -> None:
    gait = after(160.0)
    assert gait.minutes == 30.0
    assert (gait.outdoor, gait.treadmill) == (Ground(1, 1800.0), Ground())
    assert level_spm(gait) == pytest.approx(160.0, abs=1.0)
    assert gait.on(treadmill=False).cadence_spm(3.0).sd < 3.2
    speed = gait.speed_mps(160.0, treadmill=False)
    assert speed is not None
    assert speed.value == pytest.approx(3.0, abs=0.1)
    assert speed.sd < 0.4


def test_later_runs_count_more_than_earlier_ones() -> None:
    """New shoes, an injury: what was long ago is not forgotten, and does not hold either."""
    gait = after(160.0, 160.0, 160.0, 160.0, 166.0, 166.0)
    assert level_spm(gait) == pytest.approx(166.0, abs=0.7)


def test_runs_outdoors_teach_the_treadmill_until_the_treadmill_says_otherwise() -> None:
    outdoors = after(160.0, 160.0)
    assert level_spm(outdoors, treadmill=True) == level_spm(outdoors)
    sd = outdoors.on(treadmill=True).cadence_spm(3.0).sd
    assert (
        outdoors.on(treadmill=False).cadence_spm(3.0).sd
        < sd
        < stranger().on(treadmill=True).cadence_spm(3.0).sd
    )
    both = after(165.0, 165.0, 165.0, treadmill=True, start=outdoors)
    assert level_spm(both, treadmill=True) == pytest.approx(165.0, abs=0.7)
    assert 160.0 <= level_spm(both) < 164.0
    assert (both.outdoor, both.treadmill) == (Ground(2, 3600.0), Ground(3, 5400.0))
    assert both.minutes == 150.0


def test_a_grade_is_told_from_a_speed() -> None:
    speed_mps, cadence_spm = seconds(60)
    grade_pct = np.repeat(np.random.default_rng(2).uniform(-4.0, 4.0, 30), 120)
    blocks = steady_blocks(speed_mps, cadence_spm + 0.9 * grade_pct, grade_pct)
    gait = stranger().seeing_run(blocks, treadmill=False)
    up, level = (level_spm(gait, grade_pct=pct) for pct in (5.0, 0.0))
    assert up - level == pytest.approx(4.5, abs=0.7)
    uphill = gait.speed_mps(165.0, treadmill=False, grade_pct=4.0)
    flat = gait.speed_mps(165.0, treadmill=False)
    assert uphill is not None
    assert flat is not None
    assert uphill.value < flat.value


def test_what_is_not_steady_not_possible_or_not_known_teaches_nothing() -> None:
    speed_mps, cadence_spm = seconds()
    gappy = np.where(np.arange(len(speed_mps)) % 25 == 0, np.nan, speed_mps)
    sprints = speed_mps * np.where(np.arange(len(speed_mps)) % 20 < 10, 0.7, 1.4)
    uphill = np.full(len(speed_mps), 12.0)
    for blocks in (
        steady_blocks(gappy, cadence_spm),
        steady_blocks(sprints, cadence_spm),
        steady_blocks(speed_mps, np.full(len(speed_mps), np.nan)),
        steady_blocks(speed_mps, cadence_spm, uphill),
        steady_blocks(speed_mps[:29], cadence_spm[:29]),
        steady_blocks(speed_mps[:0], cadence_spm[:0]),
        steady_blocks(speed_mps, cadence_spm / 2.0),
        steady_blocks(np.full(600, 0.1), np.full(600, 40.0)),
    ):
        gait = stranger().seeing_run(blocks, treadmill=False)
        assert gait.minutes == 0.0
        assert level_spm(gait) == pytest.approx(level_spm(stranger()), abs=1e-9)
        assert gait.usual_mps == stranger().usual_mps


def test_a_gap_in_the_altitude_is_no_hill() -> None:
    speed_mps, cadence_spm = seconds()
    blocks = steady_blocks(speed_mps, cadence_spm, np.full(len(speed_mps), np.nan))
    assert len(blocks.grade_pct) == 60
    assert not blocks.grade_pct.any()


def test_walking_is_learnt_apart_from_running() -> None:
    walk = Blocks(np.full(40, 1.5), np.full(40, 118.0), np.zeros(40))
    gait = stranger().seeing_run(walk, treadmill=False)
    assert gait.on(treadmill=False).cadence_spm(1.5).value == pytest.approx(118.0, abs=1.0)
    assert level_spm(gait) == pytest.approx(level_spm(stranger()))
    assert gait.usual_mps == stranger().usual_mps


def test_the_scatter_of_a_runner_is_learnt() -> None:
    rng = np.random.default_rng(4)
    speed_mps = rng.uniform(2.4, 3.4, 200)
    for own_spm in (1.0, 4.0):
        cadence_spm = 160.0 + 6.0 * (speed_mps - 3.0) + rng.normal(0.0, own_spm, 200)
        blocks = Blocks(speed_mps, cadence_spm, np.zeros(200))
        gait = stranger().seeing_run(blocks, treadmill=False)
        assert gait.within_spm == pytest.approx(own_spm, rel=0.15)


def test_it_says_what_would_sharpen_the_line() -> None:
    assert after(160.0, minutes=20).sharpened_by(treadmill=False) == "more_minutes"
    one_speed = steady_blocks(*seconds(40, spread_mps=0.05))
    narrow = stranger()
    for _ in range(6):
        narrow = narrow.seeing_run(one_speed, treadmill=False)
    assert narrow.sharpened_by(treadmill=False) == "other_speeds"
    known = after(160.0, 160.0)
    assert known.sharpened_by(treadmill=False) == "nothing"
    assert known.sharpened_by(treadmill=True) == "more_minutes"


def test_a_tempo_is_steps_and_a_speed() -> None:
    gait = after(160.0, 160.0)
    whole, half = (gait.stepped(tempo, treadmill=False) for tempo in (162.0, 81.0))
    assert whole is not None
    assert half is not None
    assert (whole.beat.factor, half.beat.factor) == (1.0, 2.0)
    assert whole.beat.cadence_spm == half.beat.cadence_spm == 162.0
    assert whole.speed_mps == half.speed_mps
    assert whole.speed_mps.low < 3.1 < whole.speed_mps.high
    assert gait.stepped(115.0, treadmill=False) is None


def test_a_line_well_known_beats_where_the_runner_usually_is() -> None:
    gait = after(160.0, 160.0, 160.0)
    slow, fast = (gait.speed_mps(spm, treadmill=False) for spm in (155.0, 166.0))
    assert slow is not None
    assert fast is not None
    assert slow.value < gait.usual_mps.value < fast.value
    assert gait.speed_mps(60.0, treadmill=False) is None


@given(
    st.lists(
        st.tuples(st.floats(0.0, 7.0), st.floats(0.0, 260.0), st.floats(-10.0, 10.0)), max_size=30
    ),
    st.booleans(),
)
def test_whatever_comes_the_line_stays_a_line(
    rows: list[tuple[float, float, float]], treadmill: bool
) -> None:
    blocks = Blocks(*np.array(rows, dtype=np.float64).reshape(-1, 3).T)
    gait = stranger().seeing_run(blocks, treadmill=treadmill)
    assert np.isfinite(gait.line).all()
    assert (np.linalg.eigvalsh(gait.covariance) > 0.0).all()
    assert gait.on(treadmill=treadmill).cadence_spm(3.0).sd > 0.0
    assert gait.usual_mps.sd > 0.0
