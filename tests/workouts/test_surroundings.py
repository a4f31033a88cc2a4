"""What a conductor knows of the runner: from their word, and from their runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from beatrunner.codecs.live import Sample, Settings
from beatrunner.core.controller import Advice, LockState, Reason
from beatrunner.db.engine import Database
from beatrunner.devices.bridges import add_bridge
from beatrunner.workouts import store
from beatrunner.workouts.conductor import Conductor
from beatrunner.workouts.surroundings import Surroundings, load_surroundings
from tests.conftest import HeldClock
from tests.sample_files import run
from tests.shelf import Shelf
from tests.workouts.gym import song

BEAT = Settings(mode="beat")


async def surroundings(database: Database, account_id: UUID, now: datetime) -> Surroundings:
    async with database.write() as tx:
        bridge_id, _ = await add_bridge(tx, account_id, "Cellar", is_virtual=True, now=now)
        workout_id = await store.insert_workout(tx, account_id, bridge_id, None, {}, now)
        assert workout_id is not None
        row = await store.get_workout(tx, account_id, workout_id)
        return await load_surroundings(tx, row, now)


def advice_to_a_song(known: Surroundings) -> Advice:
    """After two minutes to a song that they can run to, when nothing tells of their steps."""
    conductor = Conductor(BEAT, known, None)
    conductor.hear_song(song(tempo_bpm=172.0), 0.0)
    speed_kmh = 8.0
    for second in range(120):
        sample = Sample(
            number=second + 1,
            at=datetime.now(UTC),
            elapsed_s=float(second),
            speed_kmh=speed_kmh,
            incline_pct=1.0,
        )
        wished = conductor.step(sample, float(second))
        speed_kmh = speed_kmh if wished is None else wished.speed_kmh
    return conductor.advice


async def test_the_belt_follows_a_song_by_the_runners_own_gait(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    before = await surroundings(database, account_id, clock())
    # 172 steps a minute at 3 m/s.
    await Shelf(database, clock, account_id).add(run(length_s=1800))
    after = await surroundings(database, account_id, clock() + timedelta(hours=1))
    assert before.gait.own_s == 0.0
    assert after.gait.own_s > 600.0
    assert (before.heart.own_s, after.heart.own_s > 600.0) == (0.0, True)
    assert Conductor(BEAT, after, None).own_s == (after.gait.own_s, after.heart.own_s)
    newcomers, own = advice_to_a_song(before), advice_to_a_song(after)
    assert Reason.LEARNING_GAIT in newcomers.reasons
    assert Reason.LEARNING_GAIT not in own.reasons
    assert newcomers.lock is LockState.NOT_REACHABLE
    assert own.lock is LockState.ON_BEAT
    assert own.wanted_spm is not None
    assert own.wanted_spm.value == pytest.approx(172.0, rel=0.02)


@pytest.mark.parametrize(("asked", "held"), [(None, 0.0), (-20.0, -20.0), (20.0, 0.0)])
async def test_a_workout_can_only_lower_the_runners_ceiling(
    database: Database, clock: HeldClock, account_id: UUID, asked: float | None, held: float
) -> None:
    """`asked` and `held` are told from the runner's own ceiling."""
    found = await surroundings(database, account_id, clock())
    own_bpm = found.ceiling_bpm
    settings = Settings(mode="beat", ceiling_bpm=None if asked is None else own_bpm + asked)
    assert found.ceiling_of(settings) == own_bpm + held
    assert found.setup(settings).ceiling_bpm == own_bpm + held
