"""The whole road: what was planted into the demo's files is what its insights say."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from beatrunner import wiring
from beatrunner.core.effects import Verdict
from beatrunner.demo.door import DemoDoor
from beatrunner.demo.songs import (
    PACE_EFFECTS_PCT,
    STEPPED_SPM,
    TEMPO_EFFECT_PCT_PER_BPM,
    songs,
)
from beatrunner.insights.reading import InsightPage
from beatrunner.insights.shapes import EffectsOut, Insights
from beatrunner.kit.settings import Settings
from tests.conftest import HeldClock

PLANTED_PCT = {song.title: song.pace_effect_pct for song in songs()}


@pytest.fixture(scope="module")
def settings(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(migrated_sqlite, folder / "beatrunner.db")
    return Settings(data_dir=folder / "data", database_url=f"sqlite:///{folder}/beatrunner.db")


@pytest.fixture(scope="module")
async def found(settings: Settings) -> AsyncIterator[Insights]:
    clock = HeldClock()
    clock.now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    server = wiring.build_server(settings, clock)
    worker = wiring.build_worker(settings, clock)
    (door,) = [x for x in server.provided if isinstance(x, DemoDoor)]
    visit = await door.enter()
    for _ in range(2):
        await worker.runner.run_until_idle()
        clock.advance(10)
    await worker.runner.run_until_idle()
    yield await InsightPage(server.database, clock).load(visit.session.account.id)
    worker.pool.close()
    await worker.database.close()
    await server.database.close()


def causal(found: Insights, response: str) -> EffectsOut:
    (effects,) = [answer.causal for answer in found.answers if answer.response == response]
    assert effects is not None
    return effects


def against_mean(effects: EffectsOut) -> dict[str, float]:
    """What was planted, against the mean of the plays, as effects are."""
    plays = sum(track.plays for track in effects.tracks)
    mean = sum(PLANTED_PCT[track.title] * track.plays for track in effects.tracks) / plays
    return {track.title: PLANTED_PCT[track.title] - mean for track in effects.tracks}


def test_all_of_it_is_up_to_date(found: Insights) -> None:
    assert (found.state, found.is_stale) == ("ready", False)
    assert {each.reason for each in found.left_out} >= {"interval_workout", "no_music"}


def test_fast_music_makes_the_demo_runner_fast_as_planted(found: Insights) -> None:
    assert (found.headline.code, found.headline.is_causal) == ("tempo_raises", True)
    tempo = causal(found, "speed").tempo
    assert tempo is not None
    planted = TEMPO_EFFECT_PCT_PER_BPM * tempo.sd_tempo_bpm
    assert tempo.per_sd.low <= planted <= tempo.per_sd.high
    assert abs(tempo.mean_tempo_bpm - STEPPED_SPM) < 10.0


def test_most_songs_with_an_effect_are_found_and_none_the_wrong_way(found: Insights) -> None:
    verdicts = {track.title: track.verdict for track in causal(found, "speed").tracks}
    wanted = {title: "raises" if pct > 0.0 else "lowers" for title, pct in PACE_EFFECTS_PCT.items()}
    said = {title: verdicts[title] for title in wanted}
    assert sum(said[title] == wanted[title] for title in wanted) >= 3
    assert all(said[title] in {wanted[title], "not_enough_yet"} for title in wanted)


def test_of_the_rest_little_is_claimed_and_that_is_right(found: Insights) -> None:
    effects = causal(found, "speed")
    planted = against_mean(effects)
    called = [
        track for track in effects.tracks if track.verdict in {Verdict.RAISES, Verdict.LOWERS}
    ]
    right = [track for track in called if planted[track.title] * track.effect.value > 0.0]
    assert len(called) < len(effects.tracks) / 2
    assert len(right) >= 0.8 * len(called)
    within = [
        track
        for track in effects.tracks
        if track.effect.low <= planted[track.title] <= track.effect.high
    ]
    assert len(within) >= 0.9 * len(effects.tracks)


def test_songs_do_nothing_to_the_heart_and_none_is_said_to(found: Insights) -> None:
    effects = causal(found, "heart_rate")
    assert {track.verdict for track in effects.tracks} <= {"cannot_tell", "not_enough_yet"}
    assert effects.tempo is not None
    assert max(abs(effects.tempo.per_sd.low), abs(effects.tempo.per_sd.high)) < 0.5
