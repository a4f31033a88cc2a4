"""Steps come onto the beat; for the heart incline gives way, then the songs, then the lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from beatrunner.core.controller import (
    Advice,
    ControllerState,
    Goal,
    LockState,
    Machine,
    Mode,
    Reason,
    Sense,
    Song,
)
from beatrunner.core.controller.beat_lead import beat_of, lead_by_beat
from tests.core.controller.rides import GAIT, HEART, MACHINE, fresh, ride, situation

RUN = Goal(Mode.BEAT, speed_kmh=9.5)
LEVEL = Machine(1.0, 16.0)
#: At 9.5 km/h a heart that has room, and one that has none.
CALM, TIRED = replace(HEART, level_bpm=125.0), replace(HEART, level_bpm=160.0)


def playing(*tempi_bpm: float | None, song_s: float = 400.0) -> Callable[[Sense], Sense]:
    """One after the other, the last one for ever; each sees those that follow."""
    songs = [Song(str(at), tempo_bpm, song_s) for at, tempo_bpm in enumerate(tempi_bpm)]

    def with_song(sense: Sense) -> Sense:
        at = min(int(sense.elapsed_s // song_s), len(songs) - 1)
        into_s = min(sense.elapsed_s - at * song_s, song_s)
        return replace(
            sense, song=songs[at], song_elapsed_s=into_s, queue=tuple(songs[at + 1 : at + 2])
        )

    return with_song


def reasons_in(ridden: list[tuple[Sense, Advice]]) -> set[Reason]:
    return {reason for _sense, advice in ridden for reason in advice.reasons}


@pytest.mark.parametrize("tempo_bpm", [168.0, 172.0, 86.0])
def test_steps_come_onto_the_beat_of_a_runner_who_is_not_known(tempo_bpm: float) -> None:
    ridden = ride(fresh(RUN), 900, playing(tempo_bpm), heart=CALM)
    sense, advice = ridden[-1]
    beat_spm = tempo_bpm if tempo_bpm > 100 else 2 * tempo_bpm
    assert advice.beat is not None
    assert advice.beat.cadence_spm == beat_spm
    assert sense.cadence_spm == pytest.approx(beat_spm, rel=0.005)
    assert advice.lock is LockState.ON_BEAT


def test_without_a_pod_the_model_is_trusted() -> None:
    def blind(sense: Sense) -> Sense:
        return replace(playing(170.0)(sense), cadence_spm=None)

    controller = fresh(RUN)
    advice = ride(controller, 600, blind, heart=CALM)[-1][1]
    assert controller.state.bias_spm == 0.0
    assert advice.lock is LockState.ON_BEAT


@pytest.mark.parametrize(
    ("song", "lock"),
    [
        (None, LockState.NO_SONG),
        (Song("a"), LockState.NO_TEMPO),
        (Song("a", 128.0), LockState.NOT_REACHABLE),
        (Song("a", 168.0), LockState.APPROACHING),
    ],
)
def test_what_cannot_lead_leaves_the_pace(song: Song | None, lock: LockState) -> None:
    _state, advice = lead_by_beat(situation(RUN, Sense(1.0, 4.0, 0.0, 110.0, 120.0, song)))
    assert advice.lock is lock
    assert advice.wanted_spm is not None
    if lock is not LockState.APPROACHING:
        assert advice.speed_kmh == 9.5
        assert advice.beat is None


@pytest.mark.parametrize("tempo_bpm", [150.0, 156.0, 180.0, 186.0])
def test_a_song_takes_nobody_further_than_a_fifth_from_their_pace(tempo_bpm: float) -> None:
    speeds_kmh = [
        advice.speed_kmh or 0.0
        for _sense, advice in ride(fresh(RUN), 600, playing(tempo_bpm), heart=CALM)
    ]
    assert min(speeds_kmh) >= 0.8 * 9.5 - 0.05
    assert max(speeds_kmh) <= 1.2 * 9.5 + 0.05


@pytest.mark.parametrize("tempo_bpm", [118.0, 124.0, 132.0])
def test_a_walk_comes_onto_the_beat_and_stays_a_walk(tempo_bpm: float) -> None:
    goal = Goal(Mode.BEAT, speed_kmh=5.8)
    ridden = ride(fresh(goal), 300, playing(tempo_bpm), heart=CALM)
    assert all((advice.speed_kmh or 0.0) <= 6.5 for _sense, advice in ridden)
    assert ridden[180][0].cadence_spm == pytest.approx(tempo_bpm, rel=0.01)


def test_a_song_that_nobody_steps_to_has_no_beat() -> None:
    now = situation(RUN, Sense(1.0, 9.5))
    assert beat_of(now, Song("a", 128.0)) is None
    assert beat_of(now, Song("a", None)) is None
    beat = beat_of(now, Song("a", 85.0))
    assert beat is not None
    assert beat.factor == 2.0


def test_what_is_off_by_far_too_much_corrects_nothing() -> None:
    """A pod that counts one foot, or a runner who holds the rails."""
    settled = ControllerState(
        fresh(RUN).gait, fresh(RUN).state.observer, belt_kmh=9.5, speed_kmh=9.5, on_song_s=60.0
    )

    def bias_spm(cadence_spm: float) -> float:
        sense = Sense(61.0, 9.5, 0.0, 130.0, cadence_spm, Song("a", 168.0))
        return lead_by_beat(situation(RUN, sense, state=settled))[0].bias_spm

    assert bias_spm(166.0) > 0.0 > bias_spm(170.0)
    assert bias_spm(84.0) == 0.0


def test_the_correction_is_bounded() -> None:
    """Whose steps follow no speed is not made faster and faster."""

    def stubborn(sense: Sense) -> Sense:
        return replace(playing(168.0)(sense), cadence_spm=160.0)

    controller = fresh(RUN)
    ride(controller, 1500, stubborn, heart=CALM)
    assert abs(controller.state.bias_spm) <= 6.0


def test_a_faster_song_is_met_ahead_as_far_as_the_beat_allows() -> None:
    ridden = ride(fresh(RUN), 800, playing(166.0, 174.0), heart=CALM)
    early = next(at for at, (_s, advice) in enumerate(ridden) if Reason.NEXT_SONG in advice.reasons)
    assert 300 < early < 399
    for sense, advice in ridden[early:399]:
        assert advice.lock is LockState.ON_BEAT
        assert abs((sense.cadence_spm or 0.0) / 166.0 - 1.0) <= 0.02
    assert (ridden[398][0].speed_kmh or 0.0) > (ridden[early][0].speed_kmh or 0.0) + 0.2
    assert ridden[-1][0].cadence_spm == pytest.approx(174.0, rel=0.01)


def test_within_the_lag_of_the_machine_the_next_song_leads() -> None:
    slow = replace(MACHINE, lag_s=8.0)
    ridden = ride(fresh(RUN, slow), 402, playing(172.0, 166.0), heart=CALM)
    before, within, after = (ridden[at][1].speed_kmh or 0.0 for at in (385, 393, 401))
    assert within < before - 0.5
    assert after == pytest.approx(within, abs=0.2)


def test_incline_begins_with_room_both_ways() -> None:
    ridden = ride(fresh(RUN), 60, playing(168.0), heart=CALM)
    assert {advice.incline_pct for _sense, advice in ridden} == {2.5}


def test_incline_gives_first_and_the_lock_holds() -> None:
    goal = replace(RUN, ceiling_bpm=180.0, target_high_bpm=147.0)
    ridden = ride(fresh(goal), 1200, playing(170.0, song_s=2000.0))
    sense, advice = ridden[-1]
    assert Reason.HEART_LESS_INCLINE in advice.reasons
    assert Reason.HEART_SLOWER_SONGS not in advice.reasons
    assert 0.0 < (advice.incline_pct or 0.0) < 2.5
    assert sense.heart_rate_bpm == pytest.approx(147.0, abs=3.0)
    assert advice.lock is LockState.ON_BEAT


def test_then_slower_songs_are_asked_for() -> None:
    goal = replace(RUN, ceiling_bpm=185.0, target_high_bpm=138.0)
    ridden = ride(fresh(goal), 1200, playing(170.0, song_s=2000.0))
    advice = ridden[-1][1]
    assert Reason.HEART_SLOWER_SONGS in advice.reasons
    assert advice.incline_pct == 0.0
    assert advice.wanted_spm is not None
    assert advice.wanted_spm.value < 170.0
    assert advice.lock is LockState.ON_BEAT


def test_last_the_lock_breaks_and_the_heart_stays_below_its_ceiling() -> None:
    goal = replace(RUN, ceiling_bpm=158.0)
    ridden = ride(fresh(goal), 1500, playing(170.0, song_s=2000.0), heart=TIRED)
    assert max(sense.heart_rate_bpm or 0.0 for sense, _advice in ridden) < 158.0
    advice = ridden[-1][1]
    assert advice.lock is LockState.BROKEN_FOR_HEART
    assert Reason.HEART_BREAKS_LOCK in advice.reasons
    assert (advice.speed_kmh or 99.0) < 9.0


def test_a_lock_that_broke_does_not_come_back_before_the_heart_does() -> None:
    """Nor does the belt go to and fro between walking and running."""
    goal = replace(RUN, ceiling_bpm=150.0)
    ridden = ride(fresh(goal), 600, playing(170.0, song_s=2000.0), heart=TIRED)
    locks = [advice.lock for _sense, advice in ridden]
    broke = locks.index(LockState.BROKEN_FOR_HEART)
    assert set(locks[broke:]) == {LockState.BROKEN_FOR_HEART}
    assert len({advice.speed_kmh for _sense, advice in ridden[broke + 60 :]}) < 10


def test_a_slow_start_does_not_say_that_the_heart_needs_sparing() -> None:
    """Only the model says so, as long as the belt is far from its speed."""
    goal = replace(RUN, ceiling_bpm=150.0)
    ridden = ride(fresh(goal), 240, playing(170.0, song_s=2000.0), heart=CALM)
    said = reasons_in(ridden[:180])
    assert Reason.HEART_FORESEEN in said
    assert not said & {Reason.HEART_LESS_INCLINE, Reason.HEART_SLOWER_SONGS}
    assert ridden[0][1].incline_pct == 0.0


@pytest.mark.parametrize(("tempo_bpm", "speed_kmh"), [(156.0, 7.8), (183.0, 11.4)])
def test_a_beat_beyond_the_reach_of_the_belt_is_said_to_be(
    tempo_bpm: float, speed_kmh: float
) -> None:
    sense, advice = ride(fresh(RUN), 600, playing(tempo_bpm, song_s=2000.0), heart=CALM)[-1]
    assert sense.speed_kmh == pytest.approx(speed_kmh, abs=0.2)
    assert advice.lock is LockState.NOT_REACHABLE


def test_no_song_is_asked_for_that_is_slower_than_the_slowest_run() -> None:
    goal = replace(RUN, ceiling_bpm=185.0, target_high_bpm=110.0)
    controller = fresh(goal)
    advice = ride(controller, 900, playing(170.0, song_s=2000.0))[-1][1]
    assert Reason.HEART_SLOWER_SONGS in advice.reasons
    slowest_spm = controller.gait.cadence_spm(controller.gait.runs_above_mps + 0.2 / 3.6)
    assert advice.wanted_spm == slowest_spm


def test_a_heart_below_its_range_gets_incline_and_then_faster_songs() -> None:
    def driven(low_bpm: float) -> list[tuple[Sense, Advice]]:
        goal = replace(RUN, ceiling_bpm=180.0, target_low_bpm=low_bpm, target_high_bpm=170.0)
        return ride(fresh(goal), 1200, playing(170.0, song_s=2000.0), heart=CALM)

    little, much = driven(136.0), driven(160.0)
    assert 2.5 < (little[-1][1].incline_pct or 0.0) < 5.0
    assert Reason.HEART_MORE_INCLINE in little[-1][1].reasons
    assert Reason.HEART_FASTER_SONGS not in little[-1][1].reasons
    assert much[-1][1].incline_pct == 5.0
    assert Reason.HEART_FASTER_SONGS in much[-1][1].reasons
    assert much[-1][1].wanted_spm is not None
    assert little[-1][1].wanted_spm is not None
    assert much[-1][1].wanted_spm.value > little[-1][1].wanted_spm.value


def test_a_machine_without_incline_asks_for_songs_at_once() -> None:
    goal = replace(RUN, ceiling_bpm=180.0, target_high_bpm=140.0)
    ridden = ride(fresh(goal, LEVEL), 1200, playing(168.0, song_s=2000.0))
    assert {advice.incline_pct for _sense, advice in ridden} == {0.0}
    assert Reason.HEART_SLOWER_SONGS in reasons_in(ridden)


def test_without_a_heart_rate_nothing_becomes_steeper() -> None:
    goal = replace(RUN, ceiling_bpm=180.0, target_low_bpm=150.0, target_high_bpm=170.0)
    controller = fresh(goal)
    before = ride(controller, 600, playing(168.0), heart=CALM)[-1]
    lost = replace(before[0], elapsed_s=601.0, heart_rate_bpm=None)
    advice = controller.step(lost)
    assert (before[1].incline_pct or 0.0) > 2.5
    assert advice.incline_pct == 2.5


def test_the_virtual_runner_is_off_the_population() -> None:
    """Otherwise nothing here would have to be learnt."""
    own_spm = GAIT.own_spm(9.5 / 3.6, is_running=True)
    assert abs(fresh(RUN).gait.cadence_spm(9.5 / 3.6).value - own_spm) > 3.0
