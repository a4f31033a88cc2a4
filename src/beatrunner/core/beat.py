"""The tempo of a recording, and where its beats are, from its samples.

The way is the classical one: how much new sound there is at each moment (spectral flux of
compressed magnitudes), how that repeats itself (autocorrelation, averaged over windows so that
a drummer may wander), and which period explains the repetitions best. A period is judged together
with its multiples, since music repeats itself after two, three and four beats at least as well as
after one; a mild preference for the tempi that people tap (around 120 a minute) chooses among
octaves, where any choice is as good as another for running (`core.gait`). The period is then
refined on the whole recording, which also tells the phase: where the first beat is.

`docs/decisions/0016-tempo-from-audio.md` has what was measured against libraries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.recording import Samples

#: Onsets a second; a hundredth is finer than drummers are.
_ONSETS_HZ = 100.0
_WINDOW_S = 0.046
#: An onset is noticed when half the window has reached it.
_ONSET_LATE_S = 0.6 * _WINDOW_S
_COMPRESSION = 100.0
#: Rise of the log levels of all bands below which nothing begins: a steady tone, a hum.
_LEAST_RISE = 1.0
_BANDS = 24
_LOWEST_HZ, _HIGHEST_HZ = 30.0, 5_000.0

#: A hit is an onset of some width, or two that are a little apart would have nothing in common.
_SOFT = np.hanning(9) / np.hanning(9).sum()

_LEAST_BPM, _MOST_BPM = 56.0, 216.0
_TAPPED_BPM, _TAPPED_OCTAVES = 120.0, 0.9
_MULTIPLES = (1.0, 2.0, 3.0, 4.0)
_BLOCK_S, _BLOCK_STEP_S = 12.0, 6.0
#: Shorter sounds than this hold too few beats to tell.
_SHORTEST_S = 6.0
#: Correlation at the best period below which there is no beat.
_LEAST_PULSE = 0.14
_REFINE_WITHIN = 0.03
#: How much of the onsets must keep to one even grid for its phase to mean anything.
_LEAST_COHERENCE = 0.3


@dataclass(frozen=True, slots=True)
class Beat:
    """`first_beat_s` None: the tempo wanders too much for an even grid of beats."""

    tempo_bpm: float
    first_beat_s: float | None
    #: Correlation of the music with itself one period later, 0 to 1.
    pulse: float


def find_beat(sound: Samples, rate_hz: int) -> Beat | None:
    """The beat of one channel of sound; None for silence, noise, speech and what is too short."""
    onsets = onset_strength(sound, rate_hz)
    if len(onsets) < _SHORTEST_S * _ONSETS_HZ or not onsets.any():
        return None
    repeats = _self_similarity(onsets)
    if repeats is None:
        return None
    period, pulse = _best_period(repeats)
    if pulse < _LEAST_PULSE:
        return None
    period, first, coherence = _refine(onsets, period)
    first_beat_s = (first / _ONSETS_HZ + _ONSET_LATE_S) % (period / _ONSETS_HZ)
    is_even = coherence >= _LEAST_COHERENCE
    return Beat(60.0 * _ONSETS_HZ / period, first_beat_s if is_even else None, pulse)


def onset_strength(sound: Samples, rate_hz: int) -> Samples:
    """How much new sound begins in each hundredth of a second."""
    size = 2 ** round(np.log2(_WINDOW_S * rate_hz))
    starts = np.arange(0.0, len(sound) - size, rate_hz / _ONSETS_HZ).astype(int)
    if len(starts) < 2:
        return np.zeros(0)
    bands = _band_edges(size, rate_hz)
    window = np.hanning(size)
    levels = []
    for part in np.array_split(starts, max(1, len(starts) // 2_000)):
        frames = np.lib.stride_tricks.sliding_window_view(sound, size)[part] * window
        power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
        levels.append(np.add.reduceat(power, bands, axis=1)[:, :-1])
    level = np.concatenate(levels)
    loudest = level.max()
    if not loudest > 0.0:
        return np.zeros(0)
    heard = np.log1p(_COMPRESSION**2 * level / loudest)
    risen = np.maximum(np.diff(heard, axis=0, prepend=heard[:1]), 0.0).sum(axis=1)
    if risen.max() < _LEAST_RISE:
        return np.zeros(0)
    # What is above the second around it, so that loud passages do not outweigh quiet ones.
    around = np.convolve(risen, np.ones(101) / 101.0, mode="same")
    return np.convolve(np.maximum(risen - around, 0.0), _SOFT, mode="same")


def _band_edges(size: int, rate_hz: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    highest = min(_HIGHEST_HZ, 0.45 * rate_hz)
    edges = np.geomspace(_LOWEST_HZ, highest, _BANDS + 1) * size / rate_hz
    return np.unique(np.round(edges).astype(np.int64).clip(1, size // 2))


def _self_similarity(onsets: Samples) -> Samples | None:
    """Correlation of the onsets with themselves, by lag; None where nothing repeats."""
    longest = int(max(_MULTIPLES) * 60.0 * _ONSETS_HZ / _LEAST_BPM) + 2
    size, step = int(_BLOCK_S * _ONSETS_HZ), int(_BLOCK_STEP_S * _ONSETS_HZ)
    found = []
    for start in range(0, max(1, len(onsets) - size + 1), step):
        block = onsets[start : start + size]
        block = block - block.mean()
        spectrum = np.fft.rfft(block, 2 * size)
        lagged = np.fft.irfft(np.abs(spectrum) ** 2)[:longest]
        if lagged[0] > 0.0:
            # A later lag has fewer pairs.
            pairs = len(block) - np.arange(min(longest, len(block)))
            found.append(
                np.pad(
                    lagged[: len(pairs)] / lagged[0] * len(block) / pairs, (0, longest - len(pairs))
                )
            )
    return np.mean(found, axis=0) if found else None


def _best_period(repeats: Samples) -> tuple[float, float]:
    """In onsets, with the correlation at that lag."""
    tempi = np.geomspace(_LEAST_BPM, _MOST_BPM, 600)
    periods = 60.0 * _ONSETS_HZ / tempi
    lags = np.arange(len(repeats))
    at = np.array([np.interp(periods * multiple, lags, repeats) for multiple in _MULTIPLES])
    liked = np.exp(-0.5 * (np.log2(tempi / _TAPPED_BPM) / _TAPPED_OCTAVES) ** 2)
    best = int(np.argmax(at.mean(axis=0) * liked))
    return float(periods[best]), float(at[:, best].max())


def _refine(onsets: Samples, period: float) -> tuple[float, float, float]:
    """The period and first beat, in onsets, of the even grid that fits best, and how well.

    A period of two beats has nothing at its own frequency where both are alike, and off-beats have
    much at the double one. So both are looked at, and what is stronger tells the phase; of the two
    places that the double frequency leaves open, the one nearer to what the other says.
    """
    place = np.arange(len(onsets), dtype=np.float64)
    periods = period * np.linspace(1.0 - _REFINE_WITHIN, 1.0 + _REFINE_WITHIN, 241)
    turns = np.array(
        [
            (_turn(onsets, place, found), _turn(onsets, place, 0.5 * found))
            for found in periods.tolist()
        ]
    )
    strengths = np.abs(turns)
    best = int(np.argmax(strengths.max(axis=1)))
    found = float(periods[best])
    once, twice = (np.angle(turns[best]) / (2.0 * np.pi)).tolist()
    if strengths[best, 1] > strengths[best, 0]:
        once = 0.5 * (twice + round(2.0 * once - twice))
    return found, once % 1.0 * found, float(strengths[best].max() / onsets.sum())


def _turn(onsets: Samples, place: Samples, period: float) -> complex:
    return complex(np.exp(2j * np.pi * place / period) @ onsets)
