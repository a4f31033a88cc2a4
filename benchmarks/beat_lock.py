"""Whether the belt brings a runner's steps onto the beat, knowing no more of them than a profile.

The same songs for three leads. The controller works under the real governor, on a belt with lag
and steps. The oracle has a perfect belt under the same limits of ramp, knows the runner's own
line exactly, sees the next song, and corrects what is left by the steps it sees. The third is
speed = beat x a fixed step length, as is done elsewhere. What counts is the share of moving time
with the cadence within 2 % of the beat as the runner folds it. The songs are chosen by
`order_songs` as the controller asks for them, which alone helps the fixed step; so that one runs
to songs as they come, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context

import numpy as np

from beatrunner.core.controller import Controller, Goal, Machine, Mode, Sense, Song, order_songs
from beatrunner.core.gait import fold, population_gait
from beatrunner.core.heart import population_heart
from beatrunner.core.simulation.belt import BeltCharacteristics
from beatrunner.core.simulation.gait import GaitParameters, Level
from beatrunner.core.simulation.runner import RunnerParameters, VirtualRunner, draw_runner
from benchmarks.figures import Figure, Report, at_least, plain
from benchmarks.riding import Ride

LEVELS: tuple[Level, ...] = ("off", "median", "strong")
RUNNERS = 40
SECONDS = 2100
_ON_BEAT = 0.02
_LEEWAY = 0.015
_MOVING_KMH = 0.5
_RISE_KMH_S, _FALL_KMH_S = 0.5 / 15.0, 1.0
_SETTLED_KMH = 0.15
_CORRECTS_S, _MOST_OFF_SPM = 60.0, 6.0
"""How quickly and how far the oracle goes after the steps that wander around the line."""
_LIBRARY = 80
_CHOOSE_S = 45.0
"""Before a song ends, the next one is chosen."""
_BELT = BeltCharacteristics(max_speed_kmh=18.0)
_MACHINE = Machine(
    _BELT.min_speed_kmh, _BELT.max_speed_kmh, _BELT.speed_step_kmh,
    _BELT.min_incline_pct, _BELT.max_incline_pct, _BELT.incline_step_pct, _BELT.lag_s,
)  # fmt: skip
_FALSE_TEMPO = 1.06
"""The negative control: told tempi that much too high."""


@dataclass(frozen=True)
class Shares:
    """Of moving time on the beat, for one runner."""

    ours: float
    oracle: float
    fixed: float
    unchosen: float
    misled: float


@dataclass(frozen=True)
class Case:
    """One runner and how they would step to each song."""

    parameters: RunnerParameters
    seed: int
    seconds: int

    @property
    def pace_kmh(self) -> float:
        """An easy run, as the runner would put it in; nobody here walks."""
        return max(round(0.95 * self.parameters.heart.level_mps * 3.6, 1), 8.0)

    def beat_spm(self, song: Song, told: float = 1.0) -> float | None:
        """As this runner folds the song at their own pace, which only the simulation knows."""
        own_spm = self.parameters.gait.own_spm(self.pace_kmh / 3.6, is_running=True)
        beat = fold((song.tempo_bpm or 0.0) / told, own_spm, 0.25)
        return None if beat is None else beat.cadence_spm

    def runner(self) -> VirtualRunner:
        return VirtualRunner(self.parameters, self.seed)


@dataclass(frozen=True)
class Moment:
    """What a lead on a perfect belt sees."""

    beat_spm: float
    next_spm: float | None
    left_s: float
    speed_kmh: float
    cadence_spm: float


class Jukebox:
    """The songs of a workout: chosen as they are needed, or as they were."""

    def __init__(self, library: tuple[Song, ...] = (), played: list[Song] | None = None) -> None:
        self.library = library
        self.played: list[Song] = [] if played is None else played
        self._at = 0
        self._started_s = 0.0

    def at(self, elapsed_s: float, wanted_spm: float, step_spm: float | None) -> Sense:
        """Song, place in it and queue, as a sense that knows nothing else."""
        self._have(1, wanted_spm, step_spm)
        if elapsed_s - self._started_s >= (self.song.duration_s or 0.0):
            self._at += 1
            self._started_s = elapsed_s
        into_s = elapsed_s - self._started_s
        if into_s >= (self.song.duration_s or 0.0) - _CHOOSE_S:
            self._have(2, wanted_spm, step_spm)
        following = tuple(self.played[self._at + 1 : self._at + 2])
        return Sense(elapsed_s, song=self.song, song_elapsed_s=into_s, queue=following)

    @property
    def song(self) -> Song:
        return self.played[self._at]

    def _have(self, songs: int, wanted_spm: float, step_spm: float | None) -> None:
        while self.library and len(self.played) < self._at + songs:
            recent = [song.key for song in self.played]
            self.played.append(order_songs(self.library, wanted_spm, step_spm, recent)[0])


def main() -> Report:
    shown: list[Figure] = []
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        for level in LEVELS:
            ridden = partial(shares_of, level=level)
            shown += figures(level, list(pool.map(ridden, range(RUNNERS), chunksize=2)))
    return {"bench": "beat-lock", "figures": shown}


def figures(level: Level, shares: list[Shares]) -> Iterator[Figure]:
    ours, oracle, fixed, unchosen, misled = (
        float(np.mean([getattr(each, name) for each in shares]))
        for name in ("ours", "oracle", "fixed", "unchosen", "misled")
    )
    who = f"entrainment {level}, {len(shares)} runners"
    yield plain(f"{who}: on the beat", 100 * ours, "% of moving time")
    yield at_least(f"{who}: of the oracle's share", 100 * ours / oracle, "%", 95)
    yield plain(f"{who}: ratio to fixed stride, same songs", ours / max(fixed, 1e-9), "x")
    yield plain(f"{who}: ratio to it, songs as they come", ours / max(unchosen, 1e-9), "x")
    yield {
        **plain(f"{who}: negative control, told tempi 6 % off", 100 * misled / oracle, "%"),
        "goal": "< 95",
        "ok": misled < 0.95 * oracle,
    }


def shares_of(seed: int, level: Level, seconds: int = SECONDS) -> Shares:
    """One runner, whose songs are drawn by the same seed."""
    rng = np.random.default_rng([seed, 7])
    case = Case(draw_runner(rng, level), seed, seconds)
    library = tuple(
        Song(f"song {at}", round(tempo, 1), round(float(rng.uniform(160, 280))))
        for at, tempo in enumerate(_tempi(rng))
    )
    ours, played = _controlled(case, library)
    misled, _played = _controlled(case, tuple(map(_mistold, library)), _FALSE_TEMPO)
    fixed, unchosen = _fixed_stride(case, played), _fixed_stride(case, list(library))
    return Shares(ours, _oracle(case, played), fixed, unchosen, misled)


def _tempi(rng: np.random.Generator) -> list[float]:
    """Of a collection for running: about 120 beats a minute, and half as many at 160 to 180."""
    dance, fast = rng.normal(122.0, 25.0, _LIBRARY), rng.uniform(155.0, 182.0, _LIBRARY // 2)
    tempi: list[float] = np.clip(np.concatenate([dance, fast]), 60.0, 200.0).tolist()
    rng.shuffle(tempi)
    return tempi


def _controlled(
    case: Case, library: tuple[Song, ...], told: float = 1.0
) -> tuple[float, list[Song]]:
    """The share of the controller under the governor, and the songs it asked for.

    What sounds is slower than the tempi it is told by the factor `told`.
    """
    profile = case.parameters.profile
    controller = Controller(
        Goal(Mode.BEAT, speed_kmh=case.pace_kmh),
        _MACHINE,
        population_gait(profile.height_cm),
        population_heart(profile),
    )
    ride = Ride(case.runner(), None, _BELT)
    jukebox = Jukebox(library)
    wanted_spm, step_spm = controller.gait.cadence_spm(case.pace_kmh / 3.6).value, None
    on_beat = moving = 0
    for at in range(case.seconds):
        music = jukebox.at(float(at), wanted_spm, step_spm)
        sense = replace(
            ride.sense(float(at)),
            song=music.song,
            song_elapsed_s=music.song_elapsed_s,
            queue=music.queue,
        )
        advice = controller.step(sense)
        wanted_spm = advice.wanted_spm.value if advice.wanted_spm else wanted_spm
        step_spm = sense.cadence_spm if controller.gait.is_running else None
        beat_spm = case.beat_spm(jukebox.song, told)
        ride.second(sense, (advice.speed_kmh or 0.0, advice.incline_pct or 0.0), beat_spm)
        moving += ride.belt.speed_kmh > _MOVING_KMH
        on_beat += _on_beat(ride.plant.cadence_spm, beat_spm)
    return on_beat / moving, jukebox.played


def _mistold(song: Song) -> Song:
    return replace(song, tempo_bpm=(song.tempo_bpm or 0.0) * _FALSE_TEMPO)


def _on_beat(cadence_spm: float, beat_spm: float | None) -> bool:
    return beat_spm is not None and abs(cadence_spm / beat_spm - 1.0) <= _ON_BEAT


def _oracle(case: Case, played: list[Song]) -> float:
    """Knows the runner, sees the next song and every step, and has a belt without lag or steps."""
    lines = cache(partial(_true_kmh, case.parameters.gait))
    off_spm = 0.0

    def kmh_of(cadence_spm: float) -> float:
        return lines(round(cadence_spm, 1))

    def wish(now: Moment) -> float:
        nonlocal off_spm
        here_kmh = kmh_of(now.beat_spm + off_spm)
        if abs(now.speed_kmh - here_kmh) < _SETTLED_KMH:
            off_spm += (now.beat_spm - now.cadence_spm) / _CORRECTS_S
            off_spm = min(max(off_spm, -_MOST_OFF_SPM), _MOST_OFF_SPM)
        if now.next_spm is not None and now.next_spm > now.beat_spm:
            edge_spm = min(now.beat_spm * (1 + _LEEWAY), now.next_spm)
            edge_kmh = kmh_of(edge_spm + off_spm)
            if now.left_s <= max(edge_kmh - now.speed_kmh, 0.0) / _RISE_KMH_S:
                return edge_kmh
        return here_kmh

    return _on_perfect_belt(case, played, wish)


def _true_kmh(gait: GaitParameters, beat_spm: float) -> float:
    """The running speed at which this runner steps so by themself."""
    speeds_mps = np.linspace(gait.transition_mps + 0.06, _BELT.max_speed_kmh / 3.6, 600)
    off_spm = [abs(gait.own_spm(float(each), is_running=True) - beat_spm) for each in speeds_mps]
    return float(speeds_mps[int(np.argmin(off_spm))]) * 3.6


def _fixed_stride(case: Case, played: list[Song]) -> float:
    """Beat times the step length that people of this pace have on average."""
    average_spm = population_gait().cadence_spm(case.pace_kmh / 3.6).value
    kmh_per_spm = case.pace_kmh / average_spm
    return _on_perfect_belt(case, played, lambda now: now.beat_spm * kmh_per_spm)


def _on_perfect_belt(
    case: Case,
    played: list[Song],
    wish: Callable[[Moment], float],
) -> float:
    """The share of a lead that is obeyed at once, within the governor's limits of ramp."""
    runner, jukebox = case.runner(), Jukebox(played=played)
    speed_kmh, on_beat = _BELT.min_speed_kmh, 0
    for at in range(case.seconds):
        music = jukebox.at(float(at), 0.0, None)
        beat_spm = case.beat_spm(jukebox.song)
        next_spm = case.beat_spm(music.queue[0]) if music.queue else None
        left_s = (jukebox.song.duration_s or 0.0) - music.song_elapsed_s
        wanted_kmh = case.pace_kmh
        if beat_spm is not None:
            now = Moment(beat_spm, next_spm, left_s, speed_kmh, runner.cadence_spm)
            wanted_kmh = wish(now)
        speed_kmh = min(max(wanted_kmh, speed_kmh - _FALL_KMH_S), speed_kmh + _RISE_KMH_S)
        speed_kmh = min(max(speed_kmh, _BELT.min_speed_kmh), _BELT.max_speed_kmh)
        runner.step(1.0, speed_kmh / 3.6, 0.0, beat_spm)
        on_beat += _on_beat(runner.cadence_spm, beat_spm)
    return on_beat / case.seconds
