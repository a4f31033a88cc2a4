"""How far the music's clock is from the run's, told by the runner's steps.

Theory of operation. Who runs to music falls into step with some of its songs (Van Dyck et al. 2015,
Sports Med Open 1:15), so the steps carry the songs' tempi, in the order in which they were heard.
For an offset, each second under a song of known tempo is worth

    log(1 - w + w · N(c; b, s) / p(c)),

where c is where the cadence lies within its octave, b where the tempo does, and p how often this
run's cadence lies there whatever plays: a tempo at which the runner steps anyway says nothing. The
offset with the highest sum fits best.

Something always fits best. So the tempi are dealt to the plays anew, many times, and each deal may
search the same offsets: only a fit that hardly any deal reaches is told. The interval is that of a
likelihood, each of whose seconds counts as a fraction of one: steps keep their pace for a while.

First some minutes either way are searched, for a watch that is wrong; then, and more is asked of a
fit among so many, around every quarter of an hour up to 14 h, for a zone that is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from beatrunner.core.align import Play, align
from beatrunner.core.recording import Samples

NEAR_S = 600
FARTHEST_S = 14 * 3600
_ZONE_STEP_S, _ZONE_WIDTH_S = 900, 90
_COARSE_STEP_S = 3
#: How sharply steps keep to a beat, in octaves: 1.5 %.
_SPREAD = math.log2(1.015)
_SHARE_IN_STEP = 0.5
#: The octave in bins, for how often the cadence lies where.
_BINS = 240
#: Of that, evenly everywhere: no cadence is impossible.
_EVEN_SHARE = 0.05
_DEALS = 199
_DEAL_SEED = 20_260
#: Seconds in which the steps say one new thing.
_MEMORY_S = 15.0
#: How often chance may do as well, near and far: together one time in twenty.
_NEAR_BY_CHANCE, _ZONE_BY_CHANCE = 0.04, 0.01
#: Of twice the likelihood's logarithm: 95 % of a chi-square of one degree.
_INTERVAL = 3.84
_LEAST_TEMPI = 3
_LEAST_STEPS_S = 300
#: Wider than this it would not help to know which song played.
_WIDEST_S = 90


class Silence(StrEnum):
    """Why nothing is told."""

    NO_STEPS = "no_steps"
    FEW_TEMPI = "few_tempi"
    NOT_IN_STEP = "not_in_step"
    NOT_SHARP = "not_sharp"


@dataclass(frozen=True, slots=True)
class OffsetFit:
    """The offset at which the steps fit the music; 95 % interval [low_s, high_s].

    `by_chance` is the share of dealt tempi that fit as well somewhere (at least 1/200).
    """

    offset_s: int
    low_s: int
    high_s: int
    by_chance: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    start_s: int
    end_s: int
    #: An index into the tempi.
    tempo: int


def fit_offset(
    cadence_spm: Samples, plays: Sequence[Play], tempi: Sequence[float | None]
) -> OffsetFit | Silence:
    """`cadence_spm` is a row a second, NaN where nobody steps; a tempo (bpm) or None for each play.

    A positive offset moves the music later along the run, as in `align`.
    """
    length_s = len(cadence_spm)
    if np.isfinite(cadence_spm).sum() < _LEAST_STEPS_S:
        return Silence.NO_STEPS
    stretches, known = _stretches(plays, tempi, length_s)
    if len({round(_place(tempo) / _SPREAD) for tempo in known}) < _LEAST_TEMPI:
        return Silence.FEW_TEMPI
    worth = _worth(cadence_spm, known)
    for offsets_s, most_by_chance in _SEARCHED:
        fit = _best(_Search(stretches, length_s, offsets_s), worth, stretches)
        if fit is not None and fit[1] <= most_by_chance:
            return _interval(stretches, length_s, worth, *fit)
    return Silence.NOT_IN_STEP


def _best(
    search: _Search, worth: Samples, stretches: Sequence[_Stretch]
) -> tuple[int, float] | None:
    """The offset that fits best and the share of deals that do as well; None if silence is best."""
    dealt = np.array([stretch.tempo for stretch in stretches])
    scores = search.scores(worth, dealt)
    best = int(scores.argmax())
    if scores[best] <= 0.0:
        return None
    chance = np.random.default_rng(_DEAL_SEED)
    as_good = sum(
        search.scores(worth, chance.permutation(dealt)).max() >= scores[best] for _ in range(_DEALS)
    )
    return int(search.offsets_s[best]), (1 + as_good) / (1 + _DEALS)


def _around_zones() -> npt.NDArray[np.int64]:
    zones = np.arange(-FARTHEST_S, FARTHEST_S + 1, _ZONE_STEP_S)
    around = np.arange(-_ZONE_WIDTH_S, _ZONE_WIDTH_S + 1, _COARSE_STEP_S)
    return (zones[:, None] + around).ravel()


_SEARCHED = (
    (np.arange(-NEAR_S, NEAR_S + 1), _NEAR_BY_CHANCE),
    (_around_zones(), _ZONE_BY_CHANCE),
)


def _interval(
    stretches: Sequence[_Stretch], length_s: int, worth: Samples, near_s: int, by_chance: float
) -> OffsetFit | Silence:
    close = _Search(stretches, length_s, np.arange(near_s - _WIDEST_S, near_s + _WIDEST_S + 1))
    scores = close.scores(worth, [stretch.tempo for stretch in stretches])
    best = int(scores.argmax())
    is_likely = 2.0 * (scores[best] - scores) / _MEMORY_S <= _INTERVAL
    low_s, high_s = close.offsets_s[is_likely][[0, -1]].tolist()
    if high_s - low_s > _WIDEST_S:
        return Silence.NOT_SHARP
    return OffsetFit(int(close.offsets_s[best]), low_s, high_s, by_chance)


class _Search:
    """The worth of every offset, whatever tempi the stretches have."""

    def __init__(
        self, stretches: Sequence[_Stretch], length_s: int, offsets_s: npt.NDArray[np.int64]
    ) -> None:
        self.offsets_s = offsets_s
        self._inside: list[tuple[slice, npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
        for stretch in stretches:
            reached = slice(
                int(np.searchsorted(offsets_s, -stretch.end_s, side="right")),
                int(np.searchsorted(offsets_s, length_s - stretch.start_s)),
            )
            moved = offsets_s[reached]
            starts = np.clip(stretch.start_s + moved, 0, length_s)
            self._inside.append((reached, starts, np.clip(stretch.end_s + moved, 0, length_s)))

    def scores(self, worth: Samples, tempi: Iterable[int]) -> Samples:
        """`worth` by tempo: the sum up to each second; `tempi`: which of them each stretch has."""
        total = np.zeros(len(self.offsets_s))
        for tempo, (reached, starts, ends) in zip(tempi, self._inside, strict=True):
            total[reached] += worth[tempo, ends] - worth[tempo, starts]
        return total


def _stretches(
    plays: Sequence[Play], tempi: Sequence[float | None], length_s: int
) -> tuple[list[_Stretch], list[float]]:
    """Who owns which seconds of all that may be moved into the run, and the tempi that occur."""
    earlier_s = FARTHEST_S + _ZONE_WIDTH_S
    spans = align(plays, length_s + 2 * earlier_s, float(earlier_s))
    known = sorted({tempo for tempo in tempi if tempo is not None})
    index = {tempo: number for number, tempo in enumerate(known)}
    stretches = []
    for span in spans:
        tempo = None if span.play_index is None else tempi[span.play_index]
        if tempo is not None:
            start_s, end_s = span.start_s - earlier_s, span.end_s - earlier_s
            stretches.append(_Stretch(start_s, end_s, index[tempo]))
    return stretches, known


def _worth(cadence_spm: Samples, tempi: Sequence[float]) -> Samples:
    """By tempo, what the seconds up to each second are worth under it."""
    is_known = np.isfinite(cadence_spm) & (cadence_spm > 0.0)
    places = np.log2(cadence_spm[is_known]) % 1.0
    usual = _how_often(places)[(places * _BINS).astype(np.int64) % _BINS]
    worth = np.zeros((len(tempi), len(cadence_spm) + 1))
    for row, tempo in zip(worth, tempi, strict=True):
        off_beat = (places - _place(tempo) + 0.5) % 1.0 - 0.5
        in_step = np.exp(-0.5 * (off_beat / _SPREAD) ** 2) / (_SPREAD * math.sqrt(2.0 * math.pi))
        row[1:][is_known] = np.log1p(_SHARE_IN_STEP * (in_step / usual - 1.0))
        np.cumsum(row, out=row)
    return worth


def _how_often(places: Samples) -> Samples:
    """The density of places within the octave, a value a bin, as smooth as steps keep to a beat."""
    counts, _ = np.histogram(places, bins=_BINS, range=(0.0, 1.0))
    away = (np.arange(_BINS) / _BINS + 0.5) % 1.0 - 0.5
    kernel = np.exp(-0.5 * (away / _SPREAD) ** 2)
    smooth = np.fft.irfft(np.fft.rfft(counts) * np.fft.rfft(kernel / kernel.sum()), _BINS)
    density = np.maximum(smooth, 0.0) / len(places) * _BINS
    return (1.0 - _EVEN_SHARE) * density + _EVEN_SHARE


def _place(tempo_bpm: float) -> float:
    """Within its octave: steps on every beat, on every second and twice on each are one."""
    return math.log2(tempo_bpm) % 1.0
