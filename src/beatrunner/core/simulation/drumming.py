"""Music of known tempo, for measuring who finds it: drums, bass and chords, made from a seed.

What makes real music hard is in it: hits that are off the beat, beats without a hit, swing,
triplets, bars of three, a drummer who wanders, chords that begin elsewhere, noise, silence at the
head. Everything is a pure function of `Drumming`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from beatrunner.core.recording import Samples

_HIT_S = 0.25


class Pattern(StrEnum):
    CLICK = "click"
    FOUR_ON_THE_FLOOR = "four_on_the_floor"
    ROCK = "rock"
    SWING = "swing"
    HALF_TIME = "half_time"
    BREAKBEAT = "breakbeat"
    WALTZ = "waltz"
    TRIPLETS = "triplets"


#: Per bar: its beats, and the hits of kick, snare and hat, in beats.
_BARS: dict[Pattern, tuple[int, tuple[float, ...], tuple[float, ...], tuple[float, ...]]] = {
    Pattern.CLICK: (1, (), (), (0,)),
    Pattern.FOUR_ON_THE_FLOOR: (4, (0, 1, 2, 3), (1, 3), (0.5, 1.5, 2.5, 3.5)),
    Pattern.ROCK: (4, (0, 2, 2.5), (1, 3), (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5)),
    Pattern.SWING: (4, (0, 2), (1, 3), (0, 1, 1.5, 2, 3, 3.5)),
    Pattern.HALF_TIME: (4, (0, 0.75, 3.5), (2,), (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5)),
    Pattern.BREAKBEAT: (4, (0, 0.5, 2.5, 2.75), (1, 1.75, 3), (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5)),
    Pattern.WALTZ: (3, (0,), (1, 2), (0, 1, 2)),
    Pattern.TRIPLETS: (
        4,
        (0, 2),
        (1, 3),
        (*(beat + third / 3 for beat in range(4) for third in range(3)),),
    ),
}


@dataclass(frozen=True, slots=True)
class Drumming:
    """`swing`: where the second eighth of a beat comes, 0.5 straight, 2/3 a triplet.

    `wander`: how far the tempo strays from its mean, as a share, over half a minute and back.
    `noise` and `music` are the loudness of hiss and of bass and chords beside the drums'.
    """

    tempo_bpm: float
    pattern: Pattern
    seed: int
    length_s: float = 45.0
    rate_hz: int = 11_025
    swing: float = 0.5
    wander: float = 0.0
    noise: float = 0.0
    music: float = 0.0
    silence_s: float = 0.0
    #: Seconds that a hit may be early or late, one SD.
    looseness_s: float = 0.0


def beat_times_s(made: Drumming) -> Samples:
    """When each beat is, silence at the head included."""
    beats = np.arange(int(made.length_s * made.tempo_bpm / 60.0 * 1.1) + 2, dtype=np.float64)
    return made.silence_s + _second_of(made, beats)


def _second_of(made: Drumming, beats: Samples) -> Samples:
    even_s = beats * 60.0 / made.tempo_bpm
    period_s = 30.0
    swing_s = made.wander * period_s / (2.0 * np.pi)
    return np.asarray(even_s + swing_s * (1.0 - np.cos(2.0 * np.pi * even_s / period_s)))


def drum(made: Drumming) -> Samples:
    """Samples within -1 and 1, one channel."""
    rng = np.random.default_rng(made.seed)
    sound = np.zeros(int(made.length_s * made.rate_hz))
    per_bar, *parts = _BARS[made.pattern]
    bars = int(made.length_s * made.tempo_bpm / 60.0 / per_bar) + 2
    for part, (hits, voice) in enumerate(zip(parts, _voices(made, rng), strict=True)):
        for hit in hits:
            beat, eighth = divmod(hit, 1.0)
            place = beat + (made.swing if eighth == 0.5 else eighth)
            beats = np.arange(bars, dtype=np.float64) * per_bar + place
            times_s = made.silence_s + _second_of(made, beats)
            times_s = times_s + rng.normal(0.0, made.looseness_s, bars)
            loud = (1.0, 0.8, 0.4)[part] * rng.uniform(0.8, 1.0, bars)
            _strike(sound, times_s, voice, loud, made.rate_hz)
    if made.music > 0.0:
        _accompany(sound, made, rng, per_bar, bars)
    sound += made.noise * rng.normal(0.0, 0.2, len(sound))
    sound[: int(made.silence_s * made.rate_hz)] = 0.0
    return np.asarray(sound / max(1.0, np.abs(sound).max()))


def _voices(made: Drumming, rng: np.random.Generator) -> list[Samples]:
    """A kick that falls in pitch, a snare of noise and tone, a hat of bright noise."""
    time_s = np.arange(int(_HIT_S * made.rate_hz)) / made.rate_hz
    hiss = rng.normal(0.0, 0.5, len(time_s))
    kick = np.sin(2.0 * np.pi * (50.0 * time_s + 6.0 * (1.0 - np.exp(-time_s * 30.0))))
    snare = 0.6 * hiss + 0.4 * np.sin(2.0 * np.pi * 190.0 * time_s)
    hat = np.diff(hiss, prepend=0.0)
    return [
        kick * np.exp(-time_s * 14.0),
        snare * np.exp(-time_s * 22.0),
        hat * np.exp(-time_s * 60.0),
    ]


def _strike(sound: Samples, times_s: Samples, voice: Samples, loud: Samples, rate_hz: int) -> None:
    for start, loudness in zip((times_s * rate_hz).astype(int).tolist(), loud, strict=True):
        if 0 <= start < len(sound) - len(voice):
            sound[start : start + len(voice)] += loudness * voice


def _accompany(
    sound: Samples, made: Drumming, rng: np.random.Generator, per_bar: int, bars: int
) -> None:
    """A chord a bar, swelling, with a bass that plays where it likes on the eighths."""
    starts_s = made.silence_s + _second_of(made, np.arange(bars + 1, dtype=np.float64) * per_bar)
    for first_s, last_s in pairwise(starts_s.tolist()):
        first, last = int(first_s * made.rate_hz), int(last_s * made.rate_hz)
        if last > len(sound):
            return
        time_s = np.arange(last - first) / made.rate_hz
        root_hz = 110.0 * 2.0 ** (rng.integers(0, 12) / 12.0)
        for ratio in (1.0, 1.25, 1.5):
            sound[first:last] += 0.12 * made.music * np.sin(2.0 * np.pi * root_hz * ratio * time_s)
        eighths = rng.choice(2 * per_bar, size=per_bar, replace=False)
        length = min(int(0.3 * made.rate_hz), last - first)
        tone = np.sin(np.pi * root_hz * time_s[:length]) * np.exp(-time_s[:length] * 6.0)
        for eighth in eighths.tolist():
            start = first + eighth * (last - first) // (2 * per_bar)
            stop = min(start + length, len(sound))
            sound[start:stop] += 0.5 * made.music * tone[: stop - start]
