"""The demo runner's body: an outing and its music in, a recording out.

A second at a time: the runner wants a speed on the flat (the plan's pieces, a warm-up, slow
fatigue, wandering will, the song), the ground turns it into the speed here, and traffic lights
stop it. The heart follows the effort as a first-order lag (Hunt et al. 2015: 24 bpm per m/s,
58 s) with drift; the cadence follows the speed on the runner's own line and is drawn to the beat
where the beat is near (Van Dyck 2015). The song moves pace and cadence, never the heart directly.
Everything random comes from the generator that is passed in, and each kind of chance has its own
branch of it: the same run to other music meets the same lights, moods and satellites.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from beatrunner.core.recording import RawRecording, Samples
from beatrunner.core.sports import RUNNING
from beatrunner.demo.listening import Play
from beatrunner.demo.noise import deviation_of_block, wander
from beatrunner.demo.outing import Outing
from beatrunner.demo.routes import STEP_M
from beatrunner.demo.watch import Motion, record

#: A beat this near (percent) to the natural cadence draws the steps to it, by this share.
ENTRAINMENT_WINDOW_PCT = 2.5
ENTRAINMENT_SHARE = 0.7

_NOISE_MEMORY_S = 90.0
_NOISE_BLOCK_S = 210.0
_WARM_UP_SHARE = 0.06
_WARM_UP_S = 240.0
_FATIGUE_PER_S = 0.02 / 3600.0
_HEART_LAG_S = 58.0
_HEART_DRIFT_BPM_PER_S = 0.1 / 60.0
_HEART_NOISE_BPM = 2.1
_CADENCE_NOISE_SPM = 2.2
_HEART_BEFORE_START = 0.62
_LIGHT_IS_RED = 0.45
_WAIT_S = (12, 55)


@dataclass(frozen=True, slots=True)
class Gait:
    """How a sport moves the body: heart rate at the easy speed and its rise per m/s; cadence at
    standstill and its rise per m/s (both None where no watch counts steps)."""

    heart_rate_bpm: float
    heart_gain_bpm_per_mps: float
    cadence_line: tuple[float, float] | None


_RUNNING = Gait(145.0, 24.0, (154.0, 6.0))
_WALKING = Gait(98.0, 24.0, (70.0, 31.0))
_RIDING = Gait(126.0, 6.0, None)


def simulate_run(outing: Outing, plays: Sequence[Play], rng: np.random.Generator) -> RawRecording:
    """The recording of an outing. `plays` are in seconds since its start; they may begin before
    it and go on after it. Any sport but running takes no notice of the music."""
    will_rng, lights_rng, steps_rng, heart_rng, watch_rng = rng.spawn(5)
    gait = _gait(outing.sport)
    songs = _Songs.of(plays if gait is _RUNNING else (), outing.longest_s)
    wanted_mps = _wanted_speed(outing, will_rng) * songs.pace_factor
    distance_m, effort_mps = _advance(outing, wanted_mps, _red_lights(outing, lights_rng))
    speed_mps = np.diff(distance_m, prepend=0.0)
    cadence_spm = None
    if gait.cadence_line is not None:
        cadence_spm = _cadence(gait.cadence_line, speed_mps, songs.tempo_bpm, steps_rng)
    heart_rate_bpm = _heart_rate(gait, outing.easy_mps, effort_mps, heart_rng)
    motion = Motion(distance_m, speed_mps, heart_rate_bpm, cadence_spm)
    return record(outing, motion, watch_rng)


@dataclass(frozen=True, slots=True)
class _Songs:
    """What plays in every second: its factor on pace, and its tempo (NaN: no beat)."""

    pace_factor: Samples
    tempo_bpm: Samples

    @classmethod
    def of(cls, plays: Sequence[Play], length_s: int) -> _Songs:
        factor, tempo = np.ones(length_s), np.full(length_s, np.nan)
        for play in plays:
            heard = slice(max(0, round(play.start_s)), max(0, round(play.end_s)))
            factor[heard] = 1.0 + play.song.pace_effect_pct / 100.0
            if play.song.tempo_bpm:
                tempo[heard] = play.song.tempo_bpm
        return cls(factor, tempo)


def _gait(sport: str) -> Gait:
    if sport in RUNNING:
        return _RUNNING
    return _RIDING if sport == "ride" else _WALKING


def _wanted_speed(outing: Outing, rng: np.random.Generator) -> Samples:
    """Speed on the flat, without music, in every second until `outing.longest_s`."""
    second = np.arange(outing.longest_s, dtype=np.float64)
    ends = np.cumsum([seconds for seconds, _ in outing.pieces])
    piece = np.minimum(np.searchsorted(ends, second, side="right"), len(ends) - 1)
    factor = np.array([factor for _, factor in outing.pieces])[piece]
    warm_up = 1.0 - _WARM_UP_SHARE * np.exp(-second / _WARM_UP_S)
    fatigue = 1.0 - _FATIGUE_PER_S * second
    sd_pct = deviation_of_block(outing.noise_pct, _NOISE_BLOCK_S, _NOISE_MEMORY_S)
    will = np.exp(wander(rng, outing.longest_s, sd_pct / 100.0, _NOISE_MEMORY_S))
    wanted: Samples = outing.speed_mps * factor * warm_up * fatigue * will
    return wanted


def _red_lights(outing: Outing, rng: np.random.Generator) -> list[tuple[float, int]]:
    """(distance, seconds to wait) of the lights that are red on this outing, in order."""
    if outing.course is None:
        return []
    length_m = outing.course.length_m
    lights_m = sorted(length_m - at if outing.is_reversed else at for at in outing.course.lights_m)
    laps = int(outing.distance_m / length_m) + 1
    passed = [lap * length_m + at for lap in range(laps) for at in lights_m]
    return [(at, int(rng.integers(*_WAIT_S))) for at in passed if rng.random() < _LIGHT_IS_RED]


def _advance(
    outing: Outing, wanted_mps: Samples, red_lights: list[tuple[float, int]]
) -> tuple[Samples, Samples]:
    """(distance, effort as speed on the flat) at every second until the goal is reached."""
    course = outing.course
    cost = [1.0] if course is None else course.effort.tolist()
    if outing.is_reversed and course is not None:
        cost = course.reverse_effort.tolist()
    distance, wait_s, lights = 0.0, 0, iter(red_lights)
    light = next(lights, None)
    distances, efforts = [0.0], [float(wanted_mps[0])]
    for wanted in wanted_mps.tolist():
        effort = 0.0
        if wait_s:
            wait_s -= 1
        else:
            effort = wanted
            distance += wanted / cost[int(distance / STEP_M) % len(cost)]
            if light is not None and distance >= light[0]:
                wait_s, light = light[1], next(lights, None)
        distances.append(distance)
        efforts.append(effort)
        if distance >= outing.distance_m:
            break
    return np.array(distances), np.array(efforts)


def _heart_rate(
    gait: Gait, easy_mps: float, effort_mps: Samples, rng: np.random.Generator
) -> Samples:
    steady = gait.heart_rate_bpm + gait.heart_gain_bpm_per_mps * (effort_mps - easy_mps)
    share = 1.0 - exp(-1.0 / _HEART_LAG_S)
    rate = _HEART_BEFORE_START * gait.heart_rate_bpm
    rates = []
    for target in steady.tolist():
        rate += share * (target - rate)
        rates.append(rate)
    drift = _HEART_DRIFT_BPM_PER_S * np.arange(len(rates))
    noise = wander(rng, len(rates), _HEART_NOISE_BPM, 25.0)
    return np.asarray(np.clip(np.array(rates) + drift + noise, 48.0, 194.0))


def _cadence(
    line: tuple[float, float], speed_mps: Samples, tempo_bpm: Samples, rng: np.random.Generator
) -> Samples:
    """Steps of both feet per minute; 0 while standing."""
    smooth_mps = np.convolve(speed_mps, np.full(5, 0.2), mode="same")
    natural = line[0] + line[1] * smooth_mps
    beat = folded_tempo(tempo_bpm[: len(natural)], natural)
    is_near = np.abs(beat / natural - 1.0) <= ENTRAINMENT_WINDOW_PCT / 100.0
    pull = np.where(is_near, ENTRAINMENT_SHARE * (beat - natural), 0.0)
    noise = wander(rng, len(natural), _CADENCE_NOISE_SPM, 20.0)
    return np.where(speed_mps > 0.0, natural + pull + noise, 0.0)


def folded_tempo(tempo_bpm: Samples, cadence_spm: Samples) -> Samples:
    """The tempo, doubled or halved to lie nearest to the cadence; NaN stays NaN."""
    ratio = tempo_bpm / np.maximum(cadence_spm, 1.0)
    factor = np.where(ratio < 2.0**-0.5, 2.0, np.where(ratio > 2.0**0.5, 0.5, 1.0))
    folded: Samples = tempo_bpm * factor
    return folded
