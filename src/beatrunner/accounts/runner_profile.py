"""What the runner tells of themself, and what follows from it.

Everything is optional. What is left out is taken from what is known of people in general
(`core.heart`), and shown with how little that is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import store
from beatrunner.core.heart import (
    Runner,
    default_ceiling_bpm,
    max_heart_rate_of,
    population_heart,
    zones,
)
from beatrunner.core.heart_bounds import NOTHING_SEEN, HeartBounds
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import RefusedError
from beatrunner.kit.http import Strict

#: Between what an account's runs saw the heart rate.
FindHeartBounds = Callable[[AsyncConnection, UUID], Awaitable[HeartBounds]]

_YOUNGEST, _OLDEST = 10, 110
#: Less than this between resting and maximum heart rate is a mistake in one of them.
_LEAST_RESERVE_BPM = 20


class RunnerFields(Strict):
    """The equations know two sexes only; without one they take the middle."""

    birth_year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    sex: Literal["female", "male"] | None = None
    height_cm: Annotated[float, Field(ge=100, le=250)] | None = None
    weight_kg: Annotated[float, Field(ge=25, le=300)] | None = None
    vo2_max: Annotated[float, Field(ge=10, le=100)] | None = None
    resting_heart_rate_bpm: Annotated[int, Field(ge=25, le=120)] | None = None
    max_heart_rate_bpm: Annotated[int, Field(ge=100, le=240)] | None = None
    heart_rate_ceiling_bpm: Annotated[int, Field(ge=80, le=230)] | None = None
    fitness_level: Literal["beginner", "intermediate", "advanced"] | None = None
    max_speed_kmh: Annotated[float, Field(ge=1, le=40)] | None = None
    max_incline_pct: Annotated[float, Field(ge=0, le=40)] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        resting, most = self.resting_heart_rate_bpm, self.max_heart_rate_bpm
        ceiling = self.heart_rate_ceiling_bpm
        if resting is not None and most is not None and most - resting < _LEAST_RESERVE_BPM:
            raise ValueError("the maximum heart rate is hardly above the resting one")
        if ceiling is not None and most is not None and ceiling > most:
            raise ValueError("a ceiling above the maximum heart rate would protect from nothing")
        if ceiling is not None and resting is not None and ceiling <= resting:
            raise ValueError("the ceiling is below the resting heart rate")
        return self


class EstimateAnswer(BaseModel):
    """A value, and the interval it lies in 19 times of 20."""

    model_config = ConfigDict(from_attributes=True)

    value: float
    low: float
    high: float


class ZoneAnswer(BaseModel):
    """A fifth of training by heart rate; the last has no end of its own."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    low_bpm: float
    high_bpm: float


class SeenHeart(BaseModel):
    """What `runs` with a heart rate held now and then, as far as it may be believed: at most the
    maximum, at least the one at rest. None of fewer than two runs."""

    model_config = ConfigDict(from_attributes=True)

    runs: int
    max_bpm: float | None
    resting_bpm: float | None


class Estimates(BaseModel):
    """`max_heart_rate_bpm` and `resting_heart_rate_bpm` are what BeatRunner goes by: as told, or
    predicted and bounded by what was `seen`; `predicted_max_heart_rate_bpm` is what age alone says.
    """

    predicted_max_heart_rate_bpm: EstimateAnswer
    max_heart_rate_bpm: EstimateAnswer
    resting_heart_rate_bpm: EstimateAnswer
    vo2_max: EstimateAnswer
    zones: list[ZoneAnswer]
    default_ceiling_bpm: int
    seen: SeenHeart


class RunnerProfileAnswer(RunnerFields):
    updated_at: datetime | None
    estimates: Estimates


@dataclass(frozen=True, slots=True)
class RunnerProfile:
    """What the runner told, None where they did not; `runner` is the part that science takes."""

    runner: Runner
    heart_rate_ceiling_bpm: int | None
    max_speed_kmh: float | None
    max_incline_pct: float | None

    @property
    def ceiling_bpm(self) -> int:
        """The heart rate no workout of theirs may pass: their word, or a careful guess."""
        return self.heart_rate_ceiling_bpm or round(default_ceiling_bpm(self.runner))


async def find_runner(tx: AsyncConnection, account_id: UUID, now: datetime) -> Runner:
    """What is known of the runner; nothing at all, when they told nothing."""
    return (await find_runner_profile(tx, account_id, now)).runner


async def find_runner_profile(
    tx: AsyncConnection, account_id: UUID, now: datetime
) -> RunnerProfile:
    told, _ = await _load(tx, account_id)
    return RunnerProfile(
        runner_of(told, now), told.heart_rate_ceiling_bpm, told.max_speed_kmh, told.max_incline_pct
    )


async def _load(tx: AsyncConnection, account_id: UUID) -> tuple[RunnerFields, datetime | None]:
    row = await store.find_runner_profile(tx, account_id)
    if row is None:
        return RunnerFields(), None
    told = dict(row._mapping)
    updated_at = told.pop("updated_at")
    return RunnerFields(**told), updated_at


def runner_of(told: RunnerFields, now: datetime) -> Runner:
    return Runner(
        # The birthday is not asked for; half a year is the mean of what that leaves open.
        age_years=None if told.birth_year is None else now.year - told.birth_year - 0.5,
        sex=told.sex,
        height_cm=told.height_cm,
        weight_kg=told.weight_kg,
        vo2_max=told.vo2_max,
        resting_heart_rate_bpm=told.resting_heart_rate_bpm,
        max_heart_rate_bpm=told.max_heart_rate_bpm,
        fitness_level=told.fitness_level,
    )


async def _nothing_seen(tx: AsyncConnection, account_id: UUID) -> HeartBounds:
    return NOTHING_SEEN


class RunnerProfiles:
    def __init__(self, clock: Clock, find_heart_bounds: FindHeartBounds = _nothing_seen) -> None:
        self._clock = clock
        self._find_heart_bounds = find_heart_bounds

    async def load(self, tx: AsyncConnection, account_id: UUID) -> RunnerProfileAnswer:
        told, updated_at = await _load(tx, account_id)
        seen = await self._find_heart_bounds(tx, account_id)
        estimates = estimates_of(replace(runner_of(told, self._clock()), seen=seen))
        return RunnerProfileAnswer(**told.model_dump(), updated_at=updated_at, estimates=estimates)

    async def replace(self, tx: AsyncConnection, account_id: UUID, told: RunnerFields) -> None:
        """Raises RefusedError for an age that no runner has."""
        if told.birth_year is not None:
            age_years = self._clock().year - told.birth_year
            if not _YOUNGEST <= age_years <= _OLDEST:
                raise RefusedError(f"BeatRunner is for runners from {_YOUNGEST} to {_OLDEST}.")
        await store.upsert_runner_profile(tx, account_id, told.model_dump(), self._clock())


def estimates_of(runner: Runner) -> Estimates:
    heart = population_heart(runner)
    resting_bpm, most_bpm = heart.resting_heart_rate_bpm, heart.max_heart_rate_bpm
    predicted = max_heart_rate_of(replace(runner, max_heart_rate_bpm=None, seen=NOTHING_SEEN))
    return Estimates.model_validate(
        {
            "predicted_max_heart_rate_bpm": predicted,
            "max_heart_rate_bpm": most_bpm,
            "resting_heart_rate_bpm": resting_bpm,
            "vo2_max": heart.vo2_max,
            "zones": zones(resting_bpm.value, most_bpm.value),
            "default_ceiling_bpm": round(default_ceiling_bpm(runner)),
            "seen": runner.seen,
        }
    )
