"""The recommendation for a song: the rules', or a coach's within what the rules allow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import find_runner_profile
from beatrunner.activities.own_gait import find_own_gait
from beatrunner.activities.own_heart import find_heart_bounds
from beatrunner.core.heart import FitnessLevel
from beatrunner.core.recommendation import Proposal, Question, Recommendation, recommend
from beatrunner.db.engine import Database
from beatrunner.devices.treadmills import find_own_treadmill
from beatrunner.kit.clock import Clock

_T = TypeVar("_T")
_U = TypeVar("_U")
_log = structlog.get_logger(__name__)

_PATIENCE_S = 5.0
#: A usual treadmill, where none has told its limits.
_MAX_SPEED_KMH, _MAX_INCLINE_PCT = 16.0, 10.0


class Coach(Protocol):
    """Somebody cleverer than the rules. May be slow, fail, or propose nonsense."""

    async def propose(self, question: Question, by_rule: Recommendation) -> Proposal | None:
        """None: the rules are right."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What was said with the question itself; None: as the runner's profile and treadmill say."""

    age_years: float | None = None
    weight_kg: float | None = None
    vo2_max: float | None = None
    fitness_level: FitnessLevel | None = None
    max_speed_kmh: float | None = None
    max_incline_pct: float | None = None


class Recommending:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        coach: Coach | None = None,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._database = database
        self._clock = clock
        self._coach = coach
        self._patience_s = patience_s

    async def recommend(self, account_id: UUID, tempo_bpm: float, told: Told) -> Recommendation:
        # The connection goes back before a coach is asked, who may take seconds.
        async with self._database.read() as tx:
            question = await self._question(tx, account_id, tempo_bpm, told)
        by_rule = recommend(question)
        if self._coach is None:
            return by_rule
        try:
            async with asyncio.timeout(self._patience_s):
                proposal = await self._coach.propose(question, by_rule)
            return by_rule if proposal is None else recommend(question, proposal)
        except Exception:
            # Whatever becomes of a coach, the runner gets an answer.
            _log.exception("coach_failed")
            return by_rule

    async def _question(
        self, tx: AsyncConnection, account_id: UUID, tempo_bpm: float, told: Told
    ) -> Question:
        profile = await find_runner_profile(tx, account_id, self._clock())
        treadmill = await find_own_treadmill(tx, account_id)
        limits = treadmill.limits if treadmill else None
        machine_kmh = limits.max_speed_kmh if limits else _MAX_SPEED_KMH
        machine_pct = limits.max_incline_pct if limits else _MAX_INCLINE_PCT
        own = profile.runner
        runner = replace(
            own,
            age_years=_or(told.age_years, own.age_years),
            weight_kg=_or(told.weight_kg, own.weight_kg),
            vo2_max=_or(told.vo2_max, own.vo2_max),
            fitness_level=_or(told.fitness_level, own.fitness_level),
            seen=await find_heart_bounds(tx, account_id),
        )
        # What runners forbade themselves holds on every machine.
        max_speed_kmh = min(_or(told.max_speed_kmh, machine_kmh), _or(profile.max_speed_kmh, inf))
        max_incline_pct = min(
            _or(told.max_incline_pct, machine_pct), _or(profile.max_incline_pct, inf)
        )
        return Question(
            tempo_bpm=tempo_bpm,
            runner=runner,
            max_speed_kmh=max_speed_kmh,
            max_incline_pct=max(max_incline_pct, 0.0),
            ceiling_bpm=profile.ceiling_bpm,
            gait=await find_own_gait(tx, account_id, runner.height_cm, treadmill=True),
        )


def _or(told: _T | None, otherwise: _U) -> _T | _U:
    return otherwise if told is None else told
