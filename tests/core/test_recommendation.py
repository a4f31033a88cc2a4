from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.gait import GaitModel, population_gait
from beatrunner.core.heart import Runner, default_ceiling_bpm, population_heart
from beatrunner.core.recommendation import (
    Intensity,
    Proposal,
    Question,
    Recommendation,
    recommend,
)
from tests.core.test_heart import runners

FIT = Runner(
    age_years=30.0,
    weight_kg=70.0,
    vo2_max=55.0,
    resting_heart_rate_bpm=50.0,
    max_heart_rate_bpm=190.0,
    fitness_level="advanced",
)

questions = st.builds(
    Question,
    tempo_bpm=st.floats(20.0, 400.0),
    runner=runners,
    max_speed_kmh=st.floats(1.0, 25.0),
    max_incline_pct=st.floats(0.0, 20.0),
)


def gait_of(level_spm: float, slope: float = 6.0) -> GaitModel:
    """A runner with half an hour of their own steps."""
    gait = population_gait()
    for speed_mps in (2.3, 2.6, 2.9, 3.2, 3.5) * 6:
        gait = gait.seeing(speed_mps, level_spm + slope * (speed_mps - 3.0), 60.0)
    return gait


def heart_rate_at(question: Question, found: Recommendation) -> float:
    heart = population_heart(question.runner)
    return heart.heart_rate_bpm(found.speed_kmh.value / 3.6, found.incline_pct.value).value


@given(questions)
def test_always_within_machine_and_heart(question: Question) -> None:
    found = recommend(question)
    assert found.speed_kmh.low > 0.0
    assert found.speed_kmh.high <= question.max_speed_kmh + 1e-9
    assert found.incline_pct.low >= 0.0
    assert found.incline_pct.high <= question.max_incline_pct
    assert heart_rate_at(question, found) <= default_ceiling_bpm(question.runner) + 0.5
    levels = list(Intensity)
    placed = [
        levels.index(level)
        for level in (found.least_intensity, found.intensity, found.most_intensity)
    ]
    assert placed == sorted(placed)
    assert found.kcal_per_min.high >= 1.2 * found.kcal_per_min.value - 1e-9


@given(questions, st.floats(-50.0, 50.0), st.floats(-50.0, 50.0))
def test_a_proposal_is_held_by_the_rules(
    question: Question, speed_kmh: float, incline_pct: float
) -> None:
    rules = recommend(question)
    found = recommend(question, Proposal(speed_kmh, incline_pct, "because"))
    assert rules.speed_kmh.low <= found.speed_kmh.value <= rules.speed_kmh.high
    assert 0.0 <= found.incline_pct.value <= question.max_incline_pct
    assert heart_rate_at(question, found) <= default_ceiling_bpm(question.runner) + 0.5
    assert found.reasons.speed == found.reasons.incline == "because"


@pytest.mark.parametrize(
    ("tempo_bpm", "steps_spm", "is_run"),
    [
        (165.0, 165.0, True),
        (82.5, 165.0, True),
        (128.0, 128.0, False),
        (60.0, 120.0, False),
        (205.0, None, True),
    ],
)
def test_a_tempo_becomes_steps(tempo_bpm: float, steps_spm: float | None, is_run: bool) -> None:
    found = recommend(Question(tempo_bpm, FIT))
    assert (found.beat.cadence_spm if found.beat else None) == steps_spm
    assert (found.speed_kmh.value > 7.2) == is_run


def test_of_a_stranger_fitness_decides_and_of_a_known_runner_their_steps() -> None:
    """The same two songs: hardly a difference for the one, and a clear one for the other."""
    stranger = [recommend(Question(tempo, FIT)).speed_kmh.value for tempo in (162.0, 168.0)]
    gait = gait_of(168.0)
    known = [recommend(Question(tempo, FIT, gait=gait)).speed_kmh.value for tempo in (162.0, 168.0)]
    assert 0.0 < stranger[1] - stranger[0] < 0.3
    assert known[1] - known[0] > 3 * (stranger[1] - stranger[0])
    assert "not known" in recommend(Question(165.0, FIT)).reasons.speed
    assert "30 minutes of your own" in recommend(Question(165.0, FIT, gait=gait)).reasons.speed


def test_a_known_runner_is_not_offered_steps_they_do_not_take() -> None:
    found = recommend(Question(186.0, FIT, gait=gait_of(160.0)))
    assert found.beat is None
    assert "fits no steps" in found.reasons.speed


def test_incline_starts_at_two_per_cent_where_speed_is_free() -> None:
    found = recommend(Question(205.0, FIT))
    assert found.incline_pct.value == pytest.approx(2.0, abs=0.01)
    assert found.incline_pct.low < 2.0 < found.incline_pct.high
    assert "room both ways" in found.reasons.incline


def test_a_slow_song_is_made_up_for_by_incline() -> None:
    slow, fast = recommend(Question(115.0, FIT)), recommend(Question(170.0, FIT))
    assert slow.speed_kmh.value < fast.speed_kmh.value
    assert slow.incline_pct.value == 6.0
    assert fast.incline_pct.value < 3.0


def test_without_an_incline_it_says_so() -> None:
    found = recommend(Question(170.0, FIT, max_incline_pct=0.0))
    assert found.incline_pct.value == found.incline_pct.high == 0.0
    assert found.reasons.incline == "This treadmill has no incline."


def test_the_machine_and_the_ceiling_are_named_when_they_decide() -> None:
    slow_machine = recommend(Question(170.0, FIT, max_speed_kmh=6.0))
    assert slow_machine.speed_kmh.value == pytest.approx(6.0)
    assert "treadmill goes no faster" in slow_machine.reasons.speed
    low_ceiling = recommend(Question(170.0, FIT, ceiling_bpm=120.0))
    assert "your ceiling of 120" in low_ceiling.reasons.speed
    assert low_ceiling.incline_pct.high == pytest.approx(0.0, abs=1e-6)


def test_fitter_runners_are_sent_faster() -> None:
    speeds = [
        recommend(Question(165.0, Runner(fitness_level=level))).speed_kmh.value
        for level in ("beginner", "intermediate", "advanced")
    ]
    assert speeds == sorted(speeds)
    assert speeds[0] < speeds[2]


def test_what_is_not_known_is_said() -> None:
    anybody, known = recommend(Question(165.0)), recommend(Question(165.0, FIT))
    assert "weight is not known" in anybody.reasons.energy
    assert "predicted" in anybody.reasons.intensity
    assert "weight" not in known.reasons.energy
    assert "predicted" not in known.reasons.intensity


@pytest.mark.parametrize("tempo_bpm", [math.nan, math.inf, 0.0, -120.0])
def test_a_tempo_that_is_none_is_refused(tempo_bpm: float) -> None:
    with pytest.raises(ValueError, match=r"Not a finite|above 0"):
        Question(tempo_bpm)


def test_a_proposal_of_nan_is_refused() -> None:
    for proposal in (Proposal(math.nan, 1.0, ""), Proposal(9.0, math.nan, "")):
        with pytest.raises(ValueError, match="Not a finite"):
            recommend(Question(165.0, FIT), proposal)
