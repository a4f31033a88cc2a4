"""The whole road: what was planted into the demo's files is what its insights say."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from beatrunner import wiring
from beatrunner.core.effects import Verdict, folded_tempo_bpm
from beatrunner.demo.door import DemoDoor
from beatrunner.demo.songs import (
    PACE_EFFECTS_PCT,
    STEPPED_SPM,
    TEMPO_EFFECT_PCT_PER_BPM,
    Song,
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


def named(effects: EffectsOut) -> dict[str, str]:
    """What is said of the songs of which something is said, by their title."""
    return {
        track.title: track.verdict
        for track in effects.tracks
        if track.verdict in {Verdict.RAISES, Verdict.LOWERS}
    }


def test_the_songs_that_were_planted_are_named_and_hardly_another(found: Insights) -> None:
    planted = {
        title: Verdict.RAISES if pct > 0.0 else Verdict.LOWERS
        for title, pct in PACE_EFFECTS_PCT.items()
    }
    said = named(causal(found, "speed"))
    of_planted = {title: verdict for title, verdict in said.items() if title in planted}
    assert of_planted.items() <= planted.items()
    assert len(of_planted) >= 3
    assert len(said) - len(of_planted) <= 1


def test_of_the_rest_it_is_said_that_it_cannot_be_told(found: Insights) -> None:
    effects = causal(found, "speed")
    unnamed = [track for track in effects.tracks if track.title not in named(effects)]
    assert {track.verdict for track in unnamed} <= {"cannot_tell", "not_enough_yet"}
    assert all(track.plays_needed > 0 for track in unnamed if track.verdict == "not_enough_yet")


def test_intervals_hold_what_was_planted(found: Insights) -> None:
    effects = causal(found, "speed")
    planted = against_mean(effects)
    held = [
        track.effect.low <= planted[track.title] <= track.effect.high for track in effects.tracks
    ]
    assert sum(held) >= 0.9 * len(held)


def test_songs_do_nothing_to_the_heart_and_none_is_said_to(found: Insights) -> None:
    effects = causal(found, "heart_rate")
    assert not named(effects)
    assert effects.tempo is not None
    assert effects.tempo.per_sd.low <= 0.0 <= effects.tempo.per_sd.high
    assert max(abs(effects.tempo.per_sd.low), abs(effects.tempo.per_sd.high)) < 0.3


def test_steps_follow_the_pace_of_planted_songs_and_beats_nearby(found: Insights) -> None:
    """A beat nearby draws the steps to it; the runner's own 171 a minute lie between these."""
    said = named(causal(found, "cadence"))
    assert "Slow Honey" in said
    for title, pct in PACE_EFFECTS_PCT.items():
        assert said.get(title) in {None, "raises" if pct > 0.0 else "lowers"}
    drawn = named(causal(found, "in_step"))
    near = {song.title for song in songs() if abs(folded(song) - 171.0) < 2.0}
    assert all(drawn[title] == "raises" for title in near if title in drawn)
    assert sum(title in drawn for title in near) >= 5


def folded(song: Song) -> float:
    return folded_tempo_bpm(song.tempo_bpm, STEPPED_SPM)
