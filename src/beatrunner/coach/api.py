"""The route that recommends speed and incline for a tempo."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from beatrunner.accounts.api import CurrentAccount
from beatrunner.coach.recommending import Recommending, Told
from beatrunner.core.estimate import Estimate
from beatrunner.core.recommendation import Intensity, Recommendation
from beatrunner.kit.http import Strict, provided

router = APIRouter(prefix="/v1/coach", tags=["coach"])

ProvidedRecommending = Annotated[Recommending, Depends(provided(Recommending))]


class AskedProfile(Strict):
    """What is left out is taken from the runner's own profile."""

    age: Annotated[float, Field(ge=10, le=110)] | None = None
    weight_kg: Annotated[float, Field(ge=25, le=300)] | None = None
    vo2_max: Annotated[float, Field(ge=10, le=100)] | None = None
    fitness_level: Literal["beginner", "intermediate", "advanced"] | None = None


class AskedDevice(Strict):
    """What is left out is taken from the treadmill that was seen last."""

    max_speed_kmh: Annotated[float, Field(ge=1, le=40)] | None = None
    max_incline_pct: Annotated[float, Field(ge=0, le=40)] | None = None


class RecommendationRequest(Strict):
    tempo_bpm: Annotated[float, Field(ge=20, le=400)]
    profile: AskedProfile = AskedProfile()
    device: AskedDevice = AskedDevice()


class Range(BaseModel):
    """Where the value lies 19 times of 20; for the incline: what still suits."""

    low: float
    high: float

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        return cls(low=_shown(estimate.low), high=_shown(estimate.high))


class IntensityRange(BaseModel):
    low: Intensity
    high: Intensity


class RecommendationRanges(BaseModel):
    recommended_speed_kmh: Range
    recommended_incline_pct: Range
    intensity_level: IntensityRange
    estimated_kcal_per_min: Range


class RecommendationReasons(BaseModel):
    recommended_speed_kmh: str
    recommended_incline_pct: str
    intensity_level: str
    estimated_kcal_per_min: str


class RecommendationAnswer(BaseModel):
    """`cadence_spm`: the tempo as it is stepped to, with `steps_per_beat`; null when no steps fit
    it, and the speed follows fitness alone."""

    recommended_speed_kmh: float
    recommended_incline_pct: float
    intensity_level: Intensity
    estimated_kcal_per_min: float
    cadence_spm: float | None
    steps_per_beat: float | None
    ranges: RecommendationRanges
    reasons: RecommendationReasons


@router.post("/recommendations")
async def recommend(
    account: CurrentAccount, recommending: ProvidedRecommending, asked: RecommendationRequest
) -> RecommendationAnswer:
    """Speed and incline to set for a song of this tempo, with their ranges and reasons."""
    told = Told(
        age_years=asked.profile.age,
        **asked.profile.model_dump(exclude={"age"}),
        **asked.device.model_dump(),
    )
    found = await recommending.recommend(account.account_id, asked.tempo_bpm, told)
    return _answer(found)


def _answer(found: Recommendation) -> RecommendationAnswer:
    return RecommendationAnswer(
        recommended_speed_kmh=_shown(found.speed_kmh.value),
        recommended_incline_pct=_shown(found.incline_pct.value),
        intensity_level=found.intensity,
        estimated_kcal_per_min=_shown(found.kcal_per_min.value),
        cadence_spm=found.beat and _shown(found.beat.cadence_spm),
        steps_per_beat=found.beat and found.beat.factor,
        ranges=RecommendationRanges(
            recommended_speed_kmh=Range.of(found.speed_kmh),
            recommended_incline_pct=Range.of(found.incline_pct),
            intensity_level=IntensityRange(low=found.least_intensity, high=found.most_intensity),
            estimated_kcal_per_min=Range.of(found.kcal_per_min),
        ),
        reasons=RecommendationReasons(
            recommended_speed_kmh=found.reasons.speed,
            recommended_incline_pct=found.reasons.incline,
            intensity_level=found.reasons.intensity,
            estimated_kcal_per_min=found.reasons.energy,
        ),
    )


def _shown(value: float) -> float:
    return round(value, 1)
