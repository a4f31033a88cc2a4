"""The beat leads: the belt goes at the speed at which this runner's steps fall on the song.

The song's tempo, folded onto the runner's cadence, goes through the runner's own gait model to a
speed. A tempo says little about speed between people (+-1.8 m/s), so the speed stays near the
runner's own pace, and what their cadence really turns out to be corrects it: the model learns,
and a slow integral takes the rest away.

When the heart goes too high, incline gives way first (it begins at 2.5 % so that it can give
both ways: load changes, the step does not), then the songs that are asked for become slower, and
only when that will not do the lock breaks: the belt slows and the beat is let go.

Belts are slow upwards, so a change is sent ahead: early enough to be under way when the next
song is heard, as far as the step stays on the beat that still plays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from beatrunner.core.controller.advice import Advice, LockState, Reason
from beatrunner.core.controller.goal import Song
from beatrunner.core.controller.heart_lead import steady
from beatrunner.core.controller.situation import WALK_KMH, Situation
from beatrunner.core.controller.state import ControllerState
from beatrunner.core.gait import Beat, fold
from beatrunner.core.heart import SPEED_SHARE_PER_PCT

ON_BEAT = 0.02
"""Of cadence: so near the beat a step counts as on it."""
_LEEWAY = 0.015
"""Of cadence that may be given away before a song ends."""
_WITHIN = 0.1
"""Of the runner's own cadence: a song further off is not for this pace."""
_SLOPES = (4.0, 12.0)
"""Steps/min per m/s, of nearly all runners."""
_WALK_POWER = 0.58
"""Walking cadence goes with this power of speed."""
_UNSTEPPED = 0.04
"""Of the beat: an entrained step bridges no more."""
_BIAS_S = 60.0
_MOST_BIAS_SPM = 6.0
_SETTLED_S = 12.0
_SETTLED_KMH = 0.15
_FIRST_INCLINE_PCT = 2.5
_MOST_INCLINE_PCT = 5.0
_RISE_KMH_S = 0.5 / 15.0
"""How fast the governor lets an automatic rise go."""


@dataclass(frozen=True, slots=True)
class _Bearable:
    """What the heart bears; `wanted_kmh` is the speed that the next songs should suit."""

    speed_kmh: float
    incline_pct: float
    wanted_kmh: float
    broken: bool = False


def lead_by_beat(now: Situation) -> tuple[ControllerState, Advice]:
    """The speed for the song that plays, the incline for the heart."""
    reasons: list[Reason] = []
    song, speed_kmh = now.sense.song, now.pace_kmh
    beat = None if song is None else beat_of(now, song)
    if beat is not None:
        now = replace(now, state=_corrected(now, beat))
        speed_kmh = _ahead(now, _speed_for(now, beat.cadence_spm), beat, reasons)
    borne = _by_heart(now, speed_kmh, reasons)
    speed_kmh = now.clear_of_transition(borne.speed_kmh, now.is_run and not borne.broken)
    speed_kmh, incline_pct = _wish(now, speed_kmh, borne.incline_pct)
    if beat is None:
        lock = _why_no_beat(song)
    else:
        lock = LockState.BROKEN_FOR_HEART if borne.broken else _lock(now, beat, speed_kmh)
    # A song slower than the slowest run would be off the beat for as long as it plays.
    low_kmh, high_kmh = _reach_kmh(now)
    wanted_kmh = min(max(borne.wanted_kmh, low_kmh), high_kmh)
    wanted_spm = now.state.gait.cadence_spm(wanted_kmh / 3.6)
    state = replace(now.state, speed_kmh=speed_kmh, incline_pct=incline_pct, broken=borne.broken)
    return state, Advice(speed_kmh, incline_pct, beat, lock, wanted_spm, None, tuple(reasons))


def _why_no_beat(song: Song | None) -> LockState:
    if song is None:
        return LockState.NO_SONG
    return LockState.NO_TEMPO if song.tempo_bpm is None else LockState.NOT_REACHABLE


def beat_of(now: Situation, song: Song) -> Beat | None:
    """The song's beat as steps this runner can take near their own pace, or None."""
    if song.tempo_bpm is None:
        return None
    own_spm = now.state.gait.cadence_spm(now.pace_kmh / 3.6).value
    beat = fold(song.tempo_bpm, own_spm, _WITHIN)
    if beat is None:
        return None
    stepped = now.state.gait.cadence_spm(_speed_for(now, beat.cadence_spm) / 3.6)
    slack_spm = _UNSTEPPED * beat.cadence_spm
    reachable = stepped.low - slack_spm <= beat.cadence_spm <= stepped.high + slack_spm
    return beat if reachable else None


def _speed_for(now: Situation, cadence_spm: float) -> float:
    """The speed (km/h) at which the runner steps so, within reach of their own pace.

    Their line is followed from the own pace on. Its slope is not believed below what runners
    have: under this control the belt is faster just when the steps are slower by chance, and a
    line fitted to that comes out too flat.
    """
    gait, pace_mps = now.state.gait, now.pace_kmh / 3.6
    own_spm = gait.cadence_spm(pace_mps).value
    slope = _WALK_POWER * own_spm / max(pace_mps, 0.3)
    if now.is_run:
        slope = min(max(gait.slope, _SLOPES[0]), _SLOPES[1])
    away_spm = cadence_spm + now.state.bias_spm - own_spm
    low_kmh, high_kmh = _reach_kmh(now)
    speed_kmh = now.pace_kmh + 3.6 * away_spm / slope
    return now.machine.speed_kmh(min(max(speed_kmh, low_kmh), high_kmh))


def _reach_kmh(now: Situation) -> tuple[float, float]:
    """The slowest and the fastest that a song may have the runner go; never in between gaits."""
    low_kmh, high_kmh = (1 - now.reach) * now.pace_kmh, (1 + now.reach) * now.pace_kmh
    if now.is_run:
        return max(low_kmh, now.run_kmh), max(high_kmh, now.run_kmh)
    return low_kmh, min(high_kmh, WALK_KMH)


def _corrected(now: Situation, beat: Beat) -> ControllerState:
    """The bias moved by what the cadence really is, on a belt that has settled."""
    state, cadence_spm = now.state, now.sense.cadence_spm
    settled = (
        state.speed_kmh is not None
        and abs(state.belt_kmh - state.speed_kmh) <= _SETTLED_KMH
        and state.on_song_s >= _SETTLED_S
        and not state.broken
    )
    if not settled or cadence_spm is None:
        return state
    off_spm = beat.cadence_spm - cadence_spm
    if abs(off_spm) > 3 * _UNSTEPPED * beat.cadence_spm:
        return state
    if _is_at_edge(now, off_spm):
        return state
    bias_spm = state.bias_spm + off_spm * now.dt_s / _BIAS_S
    return replace(state, bias_spm=min(max(bias_spm, -_MOST_BIAS_SPM), _MOST_BIAS_SPM))


def _is_at_edge(now: Situation, off_spm: float) -> bool:
    """Whether the belt is at the end of its reach, and steps that are `off_spm` short stay so."""
    low_kmh, high_kmh = map(now.machine.speed_kmh, _reach_kmh(now))
    if off_spm < 0:
        return now.state.belt_kmh <= low_kmh + _SETTLED_KMH
    return now.state.belt_kmh >= high_kmh - _SETTLED_KMH


def _ahead(now: Situation, speed_kmh: float, beat: Beat, reasons: list[Reason]) -> float:
    """The speed with the next song in view: belts fall at once, and rise as slowly as they may."""
    song, queue = now.sense.song, now.sense.queue
    if song is None or song.duration_s is None or not queue:
        return speed_kmh
    left_s = song.duration_s - now.sense.song_elapsed_s
    following = beat_of(now, queue[0])
    if following is None or left_s < 0:
        return speed_kmh
    next_kmh = _speed_for(now, following.cadence_spm)
    lag_s = now.machine.lag_s
    if left_s <= lag_s:
        reasons.append(Reason.NEXT_SONG)
        return next_kmh
    edge_kmh = min(_speed_for(now, beat.cadence_spm * (1 + _LEEWAY)), next_kmh)
    rise_s = max(edge_kmh - speed_kmh, 0.0) / _RISE_KMH_S
    if left_s <= lag_s + rise_s:
        reasons.append(Reason.NEXT_SONG)
        return edge_kmh
    return speed_kmh


def _by_heart(now: Situation, speed_kmh: float, reasons: list[Reason]) -> _Bearable:
    """What the heart bears of this speed: without a heart rate, no more incline than at first."""
    state, machine = now.state, now.machine
    first_pct = machine.incline_pct(_FIRST_INCLINE_PCT)
    if now.sense.heart_rate_bpm is None:
        kept_pct = first_pct if state.incline_pct is None else min(state.incline_pct, first_pct)
        return _Bearable(speed_kmh, kept_pct, speed_kmh)
    asked = _Bearable(speed_kmh, first_pct, now.pace_kmh)
    if now.goal.target_low_bpm is not None:
        asked = _raised(now, asked, now.goal.target_low_bpm, reasons)
    high_mps = _exertion_below(now, now.goal.target_high_bpm)
    bearable_pct = now.slope_for(high_mps, speed_kmh)
    if bearable_pct >= asked.incline_pct:
        return asked
    held_kmh = min(speed_kmh, now.cap_mps * 3.6)
    # On the way there: what the heart can bear is known better when it has come so far.
    # A lock that broke stays broken until the heart has recovered, however slow the belt.
    is_foreseen = not state.broken and state.belt_kmh < held_kmh - _SETTLED_KMH
    reasons.append(Reason.HEART_FORESEEN if is_foreseen else Reason.HEART_LESS_INCLINE)
    least_pct = machine.incline_pct(min(0.0, first_pct))
    if bearable_pct >= least_pct:
        return replace(asked, incline_pct=bearable_pct)
    if not is_foreseen:
        reasons.append(Reason.HEART_SLOWER_SONGS)
    slower = replace(asked, incline_pct=least_pct, wanted_kmh=min(asked.wanted_kmh, high_mps * 3.6))
    recovered_pct = 1.0 if state.broken else 0.0
    if now.slope_for(now.cap_mps, speed_kmh) >= least_pct + recovered_pct:
        return slower
    if is_foreseen:
        return replace(slower, speed_kmh=held_kmh)
    reasons.append(Reason.HEART_BREAKS_LOCK)
    return replace(slower, speed_kmh=held_kmh, broken=True)


def _raised(now: Situation, asked: _Bearable, low_bpm: float, reasons: list[Reason]) -> _Bearable:
    """More incline where the heart would stay below its range, then faster songs."""
    low_mps = _exertion_below(now, low_bpm)
    needed_pct = now.slope_for(low_mps, asked.speed_kmh)
    if needed_pct <= asked.incline_pct:
        return asked
    reasons.append(Reason.HEART_MORE_INCLINE)
    most_pct = now.machine.incline_pct(_MOST_INCLINE_PCT)
    if needed_pct <= most_pct:
        return replace(asked, incline_pct=needed_pct)
    reasons.append(Reason.HEART_FASTER_SONGS)
    needed_kmh = low_mps * 3.6 / (1 + SPEED_SHARE_PER_PCT * most_pct)
    wanted_kmh = min(needed_kmh, (1 + now.reach) * now.pace_kmh)
    return replace(asked, incline_pct=most_pct, wanted_kmh=wanted_kmh)


def _exertion_below(now: Situation, target_bpm: float | None) -> float:
    cap_mps = now.cap_mps
    if target_bpm is None:
        return cap_mps
    return min(now.state.observer.exertion_for(target_bpm, 0.5), cap_mps)


def _wish(now: Situation, speed_kmh: float, incline_pct: float) -> tuple[float, float]:
    state, machine = now.state, now.machine
    return (
        steady(machine.speed_kmh(speed_kmh), state.speed_kmh, machine.speed_step_kmh),
        steady(machine.incline_pct(incline_pct), state.incline_pct, machine.incline_step_pct),
    )


def _lock(now: Situation, beat: Beat, speed_kmh: float) -> LockState:
    """Whether the steps are on the beat: as counted, or without a pod as the model has it."""
    cadence_spm = now.sense.cadence_spm
    if cadence_spm is None:
        cadence_spm = now.state.gait.cadence_spm(now.state.belt_kmh / 3.6).value
    if abs(cadence_spm - beat.cadence_spm) <= ON_BEAT * beat.cadence_spm:
        return LockState.ON_BEAT
    moving = abs(now.state.belt_kmh - speed_kmh) > _SETTLED_KMH
    if moving or now.state.on_song_s < _SETTLED_S:
        return LockState.APPROACHING
    at_edge = _is_at_edge(now, beat.cadence_spm - cadence_spm)
    return LockState.NOT_REACHABLE if at_edge else LockState.OFF_BEAT
