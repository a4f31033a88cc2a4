"""Which of a runner's songs to play, one after the other, so that each meets the steps they want.

A playlist is made for stretches: a run at one cadence is one, a plan of intervals has many. Songs
cannot be cut, so a song belongs to the stretch in which its middle falls.

Everything that speaks for or against a song is counted in one currency, the share of cadence that
it may be off. People follow a beat within about 2.5 % of the cadence they would choose and notice
changes of tempo from about 4 %, hence the bounds. What may outweigh what follows from the figures:
a song known to help is worth being 1.5 % further off, one heard yesterday costs 2 %. Two songs of
one artist in a row cost more than all else together, and happen only where nothing else is left.
The cheapest song is taken, and then the next, so the same songs give the same playlist.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from beatrunner.core.controller.goal import Song
from beatrunner.core.controller.songs import STEP
from beatrunner.core.gait import Beat, fold

FITS_WITHIN = 0.04
"""Of the wanted cadence: a beat further off is noticed, and not followed."""
USUAL_SONG_S = 210.0
"""The length of a song, where nobody knows it."""

_BEYOND = 4.0
"""How much worse a large step is than a song that is off by as much."""
_RECENT, _FORGOTTEN_AFTER_DAYS = 0.02, 14.0
_LIKED = 0.015
_DOUBTFUL = 0.02
_ARTIST_AGAIN, _ARTIST_LATELY = 1.0, 0.01
_LATELY = 4
"""Songs in which an artist is preferably not heard twice."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A song that may be taken. `artist`: empty where nobody knows.

    `liking` is 1 where the song is known to do this runner good, -1 where harm, 0 where nobody can
    tell. `is_doubtful`: sources contradict each other on its tempo.
    """

    song: Song
    artist: str = ""
    heard_days_ago: float | None = None
    liking: float = 0.0
    is_doubtful: bool = False

    @property
    def length_s(self) -> float:
        return self.song.duration_s or USUAL_SONG_S


@dataclass(frozen=True, slots=True)
class Stretch:
    """`is_hard`: it is here that songs known to help are wanted."""

    cadence_spm: float
    length_s: float
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """`keys` of the songs in order; `missing_s`: for how long of each stretch there was none."""

    keys: tuple[str, ...]
    missing_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A song in a stretch. `cost` is the part of it that no song before changes."""

    cost: float
    candidate: Candidate
    spm: float


def choose_songs(candidates: Sequence[Candidate], stretches: Sequence[Stretch]) -> Choice:
    """Songs until the stretches are over, none twice; the last one may go on after that.

    Raises ValueError without a stretch, and for a cadence of NaN.
    """
    if not stretches:
        raise ValueError("A playlist is made for something.")
    plan = _Plan(candidates, stretches)
    missing_s = [0.0] * len(stretches)
    now_s = 0.0
    while now_s < plan.ends_s[-1]:
        song = plan.take(now_s)
        if song is None:
            at = stretch_at(plan.ends_s, now_s)
            missing_s[at] += plan.ends_s[at] - now_s
            now_s = plan.ends_s[at]
        else:
            now_s += song.length_s
    return Choice(tuple(candidate.song.key for candidate in plan.taken), tuple(missing_s))


def beat_of(tempo_bpm: float | None, cadence_spm: float) -> Beat | None:
    """The beat as steps, where they are near enough to this cadence to be followed."""
    return None if tempo_bpm is None else fold(tempo_bpm, cadence_spm, FITS_WITHIN)


def stretch_at(ends_s: Sequence[float], at_s: float) -> int:
    """The place of the stretch at this time, by when each ends; the last one goes on."""
    return min(bisect_right(ends_s, at_s), len(ends_s) - 1)


class _Plan:
    """What is taken so far, and what is left for each stretch, the cheapest first."""

    def __init__(self, candidates: Sequence[Candidate], stretches: Sequence[Stretch]) -> None:
        self.ends_s = list(accumulate(stretch.length_s for stretch in stretches))
        self.taken: list[Candidate] = []
        self._keys: set[str] = set()
        self._last: tuple[int, float] | None = None
        self._longest_s = max((candidate.length_s for candidate in candidates), default=0.0)
        kinds = [replace(stretch, length_s=0.0) for stretch in stretches]
        # The same work and recovery may come many times.
        left = {stretch: _fitting(candidates, stretch) for stretch in set(kinds)}
        self._left = [left[kind] for kind in kinds]

    def take(self, now_s: float) -> Candidate | None:
        """The cheapest song that may begin now."""
        found: tuple[float, int, _Fitting] | None = None
        last = stretch_at(self.ends_s, now_s + self._longest_s / 2.0)
        for at in range(stretch_at(self.ends_s, now_s), last + 1):
            for each in self._left[at]:
                if found is not None and each.cost >= found[0]:
                    break
                middle_s = now_s + each.candidate.length_s / 2.0
                if each.candidate.song.key in self._keys or stretch_at(self.ends_s, middle_s) != at:
                    continue
                cost = each.cost + self._cost_after(each, at)
                if found is None or cost < found[0]:
                    found = cost, at, each
        if found is None:
            return None
        _, at, taken = found
        self._last = at, taken.spm
        self._keys.add(taken.candidate.song.key)
        self.taken.append(taken.candidate)
        return taken.candidate

    def _cost_after(self, each: _Fitting, at: int) -> float:
        """What the songs before it add."""
        cost = 0.0
        if self._last is not None and self._last[0] == at:
            last_spm = self._last[1]
            cost += _BEYOND * max(abs(each.spm - last_spm) / last_spm - STEP, 0.0)
        artist = each.candidate.artist
        before = [earlier.artist for earlier in self.taken[-_LATELY:]]
        if artist and artist in before:
            cost += _ARTIST_AGAIN if artist == before[-1] else _ARTIST_LATELY
        return cost


def _fitting(candidates: Sequence[Candidate], stretch: Stretch) -> list[_Fitting]:
    """The cheapest first."""
    wanted_spm = stretch.cadence_spm
    found = []
    for candidate in candidates:
        beat = beat_of(candidate.song.tempo_bpm, wanted_spm)
        if beat is None:
            continue
        cost = abs(beat.cadence_spm - wanted_spm) / wanted_spm
        if stretch.is_hard:
            cost -= _LIKED * candidate.liking
        if candidate.heard_days_ago is not None:
            cost += _RECENT * max(1.0 - candidate.heard_days_ago / _FORGOTTEN_AFTER_DAYS, 0.0)
        if candidate.is_doubtful:
            cost += _DOUBTFUL
        found.append(_Fitting(cost, candidate, beat.cadence_spm))
    return sorted(found, key=lambda each: (each.cost, each.candidate.song.key))
