"""What speed and incline to set for a song, by rule, with the range of each and why.

A tempo picks a cadence, not a speed. So the beat is folded onto steps the runner may take at the
speed their fitness suggests; failing that, onto a brisk walk or a slow run. The runner's own gait
then says which speed those steps mean, as far as it is known: of a stranger a cadence tells a
speed to ±1.8 m/s (one SD), of a runner with some minutes of their own to ±0.4, and it is weighed
against fitness accordingly. Speed leaves effort open, and incline closes the gap: without touching
the beat it brings the effort to its goal. Where the machine can, the goal is met at 2 % to start
with, so that there is room both ways for the heart. Last come the bounds: the heart's ceiling and
the machine.

A proposal from elsewhere (`Proposal`) takes the place of speed and incline within the ranges found
here; whatever it says, effort and energy are computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from beatrunner.core.energy import kcal_per_min, treadmill_vo2
from beatrunner.core.estimate import Estimate, refuse_unknown
from beatrunner.core.gait import Beat, GaitModel, fold, population_gait
from beatrunner.core.heart import (
    FitnessLevel,
    HeartModel,
    Runner,
    default_ceiling_bpm,
    population_heart,
)

_KMH_PER_MPS = 3.6
START_INCLINE_PCT = 2.0
#: Steeper is another exercise.
_STEEPEST_PCT = 6.0
_SLOWEST_MPS = 0.5
#: The effort to run at, as a share of the heart-rate reserve, and how far off is still meant.
_EFFORT: dict[FitnessLevel | None, float] = {
    None: 0.62,
    "beginner": 0.6,
    "intermediate": 0.65,
    "advanced": 0.7,
}
_EFFORT_GIVE = 0.1
_BRISK_WALK = Estimate.from_sd(1.5, 0.25)
_SLOW_RUN = Estimate.from_sd(2.3, 0.25)
_SLOWEST_RUN_MPS = 2.1
#: With less of their own running than this, a runner's gait counts as not known.
_KNOWN_AFTER_S = 120.0


class Intensity(StrEnum):
    """By heart-rate reserve, as ACSM divides it: below 30, 40, 60, 90 % and above."""

    VERY_LIGHT = "very_light"
    LIGHT = "light"
    MODERATE = "moderate"
    VIGOROUS = "vigorous"
    NEAR_MAXIMAL = "near_maximal"


_INTENSITY_EDGES = (0.3, 0.4, 0.6, 0.9)


@dataclass(frozen=True, slots=True)
class Question:
    """`ceiling_bpm` None: the careful default. Raises ValueError for NaN and limits below 0."""

    tempo_bpm: float
    runner: Runner = field(default_factory=Runner)
    max_speed_kmh: float = 16.0
    max_incline_pct: float = 10.0
    ceiling_bpm: float | None = None
    gait: GaitModel = field(default_factory=population_gait)

    def __post_init__(self) -> None:
        refuse_unknown(self.tempo_bpm, self.max_speed_kmh, self.max_incline_pct)
        if self.tempo_bpm <= 0.0 or self.max_speed_kmh <= 0.0 or self.max_incline_pct < 0.0:
            raise ValueError(
                "A tempo and a fastest speed are above 0, a steepest incline not below."
            )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Speed and incline by somebody else, with their words."""

    speed_kmh: float
    incline_pct: float
    reason: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """One or a few sentences each."""

    speed: str
    incline: str
    intensity: str
    energy: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`intensity` with the least and the most it may turn out to be."""

    speed_kmh: Estimate
    incline_pct: Estimate
    intensity: Intensity
    least_intensity: Intensity
    most_intensity: Intensity
    kcal_per_min: Estimate
    beat: Beat | None
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class _Choice:
    """In m/s or per cent."""

    estimate: Estimate
    reason: str
    beat: Beat | None = None

    def moved_to(self, value: float, reason: str) -> _Choice:
        """Another value within the same range. Raises ValueError for NaN."""
        refuse_unknown(value)
        low, high = self.estimate.low, self.estimate.high
        return _Choice(Estimate(min(max(value, low), high), low, high), reason, self.beat)


def recommend(question: Question, proposal: Proposal | None = None) -> Recommendation:
    """The rules' answer, or `proposal` within the rules' ranges.

    Raises ValueError for a proposal of NaN, and for a runner without a heart-rate reserve.
    """
    heart = population_heart(question.runner)
    speed = _speed(question, heart)
    if proposal is not None:
        speed = speed.moved_to(proposal.speed_kmh / _KMH_PER_MPS, proposal.reason)
    incline = _incline(question, heart, speed.estimate.value)
    if proposal is not None:
        incline = incline.moved_to(proposal.incline_pct, proposal.reason)
    speed_mps, incline_pct = speed.estimate.value, incline.estimate.value
    heart_rate = heart.heart_rate_bpm(speed_mps, incline_pct)
    weight_kg = question.runner.weight_kg
    return Recommendation(
        speed_kmh=speed.estimate.scaled(_KMH_PER_MPS),
        incline_pct=incline.estimate,
        intensity=_intensity(heart, heart_rate.value),
        least_intensity=_intensity(heart, heart_rate.low),
        most_intensity=_intensity(heart, heart_rate.high),
        kcal_per_min=kcal_per_min(treadmill_vo2(speed_mps, incline_pct), weight_kg),
        beat=speed.beat,
        reasons=Reasons(
            speed=speed.reason,
            incline=incline.reason,
            intensity=_of_intensity(question.runner, heart, heart_rate),
            energy="By ACSM's equations, which are seldom nearer than 20 %."
            + ("" if weight_kg else " Your weight is not known, which widens the range."),
        ),
    )


def _speed(question: Question, heart: HeartModel) -> _Choice:
    effort = _EFFORT[question.runner.fitness_level]
    start_pct = min(START_INCLINE_PCT, question.max_incline_pct)
    by_fitness = heart.speed_mps(heart.at_share(effort), start_pct)
    choice = _Choice(
        by_fitness,
        f"A tempo of {question.tempo_bpm:.0f} fits no steps you are likely to take, so the speed "
        f"follows your fitness alone: {100 * effort:.0f} % of your heart-rate reserve.",
    )
    for expected in (by_fitness, _BRISK_WALK, _SLOW_RUN):
        beat = _beat_near(question, expected)
        # Every other beat is for those alone whose own pace it is.
        if beat is None or (beat.factor < 1.0 and expected is not by_fitness):
            continue
        found = question.gait.speed_mps(beat.cadence_spm, expected)
        if found is not None:
            choice = _Choice(found, _of_beat(question, beat, expected), beat)
            break
    return _bounded(question, heart, choice)


def _beat_near(question: Question, expected: Estimate) -> Beat | None:
    """The beat as steps that go with one of the expected speeds."""
    slowest_mps, gait = expected.low, question.gait
    if gait.runs_at(expected.value):
        slowest_mps = max(slowest_mps, min(_SLOWEST_RUN_MPS, expected.value))
    low_spm = gait.cadence_spm(slowest_mps).low
    high_spm = gait.cadence_spm(max(expected.high, slowest_mps)).high
    middle_spm = (low_spm + high_spm) / 2.0
    return fold(question.tempo_bpm, middle_spm, (high_spm - middle_spm) / middle_spm)


def _bounded(question: Question, heart: HeartModel, choice: _Choice) -> _Choice:
    """Not faster than the machine, nor than leads to the ceiling without any incline."""
    ceiling_bpm = question.ceiling_bpm or default_ceiling_bpm(question.runner)
    by_heart_mps = max(heart.speed_mps(ceiling_bpm).value, _SLOWEST_MPS)
    by_machine_mps = question.max_speed_kmh / _KMH_PER_MPS
    most_mps = min(by_heart_mps, by_machine_mps)
    reason = choice.reason
    if choice.estimate.value > most_mps and by_machine_mps <= by_heart_mps:
        reason += " The treadmill goes no faster than this."
    elif choice.estimate.value > most_mps:
        reason += f" Faster would lead to your ceiling of {ceiling_bpm:.0f} beats a minute."
    least_mps = min(_SLOWEST_MPS, most_mps)
    return _Choice(choice.estimate.clipped(least_mps, most_mps), reason, choice.beat)


def _incline(question: Question, heart: HeartModel, speed_mps: float) -> _Choice:
    """What is missing to the effort at this speed; the range is a tenth of the reserve around."""
    effort = _EFFORT[question.runner.fitness_level]
    top_pct = min(question.max_incline_pct, _STEEPEST_PCT)
    ceiling_bpm = question.ceiling_bpm or default_ceiling_bpm(question.runner)
    level_vo2 = treadmill_vo2(speed_mps)
    vo2_per_pct = treadmill_vo2(speed_mps, 1.0) - level_vo2

    def grade_pct(share: float) -> float:
        vo2 = heart.oxygen(min(heart.at_share(share), ceiling_bpm))
        return min(max((vo2 - level_vo2) / vo2_per_pct, 0.0), top_pct)

    estimate = Estimate(
        grade_pct(effort), grade_pct(effort - _EFFORT_GIVE), grade_pct(effort + _EFFORT_GIVE)
    )
    meant = f"{100 * effort:.0f} % of your heart-rate reserve"
    if top_pct == 0.0:
        reason = "This treadmill has no incline."
    elif estimate.value == 0.0:
        reason = f"At this speed the level alone takes {meant}, or more."
    elif estimate.value == top_pct:
        reason = f"At this speed it takes all the incline there should be to come near {meant}."
    else:
        reason = f"This brings the effort to {meant}, and leaves room both ways for your heart."
    return _Choice(estimate, reason)


def _intensity(heart: HeartModel, heart_rate_bpm: float) -> Intensity:
    share = heart.reserve_share(heart_rate_bpm)
    return list(Intensity)[sum(share >= edge for edge in _INTENSITY_EDGES)]


def _of_beat(question: Question, beat: Beat, expected: Estimate) -> str:
    per_beat = {1.0: "a step on each beat", 2.0: "two steps to a beat", 0.5: "a step on each other"}
    steps = f"{beat.cadence_spm:.0f} steps a minute, {per_beat[beat.factor]}."
    if expected is _BRISK_WALK:
        return f"{steps} Nobody runs with so few: this is a brisk walk."
    if expected is _SLOW_RUN:
        return f"{steps} So many belong to a run, and this is a slow one."
    if question.gait.own_s < _KNOWN_AFTER_S:
        return (
            f"{steps} How you step is not known yet, and a stranger's steps tell a speed only to "
            "±1.8 m/s, so your fitness decides most of it."
        )
    return f"{steps} From {question.gait.own_s / 60.0:.0f} minutes of your own steps."


def _of_intensity(runner: Runner, heart: HeartModel, heart_rate: Estimate) -> str:
    share = 100.0 * heart.reserve_share(heart_rate.value)
    text = (
        f"About {heart_rate.value:.0f} beats a minute ({heart_rate.low:.0f} to "
        f"{heart_rate.high:.0f}), {share:.0f} % of your heart-rate reserve."
    )
    if runner.max_heart_rate_bpm is None:
        most, seen = heart.max_heart_rate_bpm, runner.seen
        source = "the average adult" if runner.age_years is None else "your age"
        source += "" if seen.max_bpm is None else f" and {seen.runs} runs"
        text += (
            f" Your maximum is predicted from {source}: {most.value:.0f} "
            f"({most.low:.0f} to {most.high:.0f})."
        )
    return text
