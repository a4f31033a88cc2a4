from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from uuid import UUID

import pytest

from beatrunner.activities.figures import RunMeasurer
from beatrunner.coach.recommending import Coach, Recommending, Told
from beatrunner.core.recommendation import Proposal, Question, Recommendation
from beatrunner.db.engine import Database
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from tests.conftest import HeldClock
from tests.sample_files import MORNING, run
from tests.shelf import Shelf


class Proposing:
    def __init__(self, proposal: Proposal | None) -> None:
        self._proposal = proposal

    async def propose(self, question: Question, by_rule: Recommendation) -> Proposal | None:
        return self._proposal


class Failing:
    async def propose(self, question: Question, by_rule: Recommendation) -> Proposal | None:
        raise ConnectionError("the coach is out")


class Dawdling:
    async def propose(self, question: Question, by_rule: Recommendation) -> Proposal | None:
        await asyncio.sleep(60.0)
        return None


async def advice(
    database: Database, clock: HeldClock, account_id: UUID, coach: Coach | None
) -> Recommendation:
    recommending = Recommending(database, clock, coach, patience_s=0.05)
    return await recommending.recommend(account_id, 170.0, Told(vo2_max=50.0))


async def test_a_coach_is_heard_within_the_rules(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    by_rule = await advice(database, clock, account_id, None)
    wanted_kmh = by_rule.speed_kmh.value + 0.3
    heard = await advice(
        database, clock, account_id, Proposing(Proposal(wanted_kmh, 1.0, "You slept well."))
    )
    assert heard.speed_kmh.value == pytest.approx(wanted_kmh)
    assert heard.incline_pct.value == 1.0
    assert heard.reasons.speed == "You slept well."
    wild = await advice(database, clock, account_id, Proposing(Proposal(25.0, 15.0, "Fly.")))
    assert wild.speed_kmh.value == by_rule.speed_kmh.high
    assert wild.incline_pct.value <= by_rule.incline_pct.high


async def test_without_a_usable_proposal_the_rules_answer(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    by_rule = await advice(database, clock, account_id, None)
    senseless = Proposing(Proposal(math.nan, 1.0, "?"))
    for coach in (Failing(), Dawdling(), Proposing(None), senseless):
        assert await advice(database, clock, account_id, coach) == by_rule


async def test_a_maximum_that_was_not_told_is_learnt_from_runs(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    before = await advice(database, clock, account_id, None)
    assert "from the average adult: 184 " in before.reasons.intensity
    shelf = Shelf(database, clock, account_id)
    for day in range(2):
        hard = run(MORNING + timedelta(days=day))
        hard.columns["heart_rate_bpm"][:] = 203.0
        await shelf.add(hard)
    worker = JobRunner(database, JobRegistry.of([RunMeasurer(database)]), clock, "tester")
    await worker.run_until_idle()
    after = await advice(database, clock, account_id, None)
    assert "from the average adult and 2 runs: 20" in after.reasons.intensity
