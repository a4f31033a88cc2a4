"""What there is to hear in the demo: invented songs by invented artists, and podcasts.

The library is the same for every seed, so that a song keeps its length, identifier and planted
effect. Song order is popularity: whoever picks by rank finds the songs with effects often enough
to be measured.
"""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from functools import cache

import numpy as np

from beatrunner.core.effects import folded_tempo_bpm
from beatrunner.demo.tracklist import ARTISTS, PODCASTS

#: Percent by which the demo runner is faster, at equal effort of will, while the song plays, beyond
#: what its tempo does. Larger than most runners' would be, so that half a year can show them, and
#: at tempi that balance each other out: few large effects, all at slow songs, would bend the curve
#: of tempo.
PACE_EFFECTS_PCT = {
    "Copper Wire Heart": 4.0,
    "Nineteen Staircases": 4.0,
    "Run the Lanterns": 4.0,
    "Slow Honey": -4.0,
}
#: Percent of pace per beat per minute of a song's tempo, as it is stepped to at `STEPPED_SPM`.
TEMPO_EFFECT_PCT_PER_BPM = 0.05
STEPPED_SPM = 170.0

#: Popularity ranks that the songs with effects hold in the library, from 0.
_EFFECT_RANKS = (1, 3, 6, 4)

_ALPHABET = string.digits + string.ascii_letters
_ID_LENGTH = 22


@dataclass(frozen=True, slots=True)
class Song:
    """`tempo_bpm` is 0 where there is no beat (podcasts). `source_id` is a Spotify-like URI."""

    title: str
    artist: str
    album: str
    tempo_bpm: float
    length_s: float
    source_id: str
    is_podcast: bool = False

    @property
    def pace_effect_pct(self) -> float:
        return PACE_EFFECTS_PCT.get(self.title, 0.0) + self.tempo_effect_pct

    @property
    def tempo_effect_pct(self) -> float:
        if not self.tempo_bpm:
            return 0.0
        stepped_bpm = folded_tempo_bpm(self.tempo_bpm, STEPPED_SPM)
        return TEMPO_EFFECT_PCT_PER_BPM * (stepped_bpm - STEPPED_SPM)


@cache
def songs() -> tuple[Song, ...]:
    """All songs, the most popular first."""
    rng = np.random.default_rng(0)
    listed = [
        Song(title, artist, album, tempo_bpm, _length_s(rng), _uri("track", artist + title))
        for artist, album, titles in ARTISTS
        for title, tempo_bpm in titles
    ]
    ranked = [
        listed[i] for i in rng.permutation(len(listed)) if listed[i].title not in PACE_EFFECTS_PCT
    ]
    with_effect = {song.title: song for song in listed if song.title in PACE_EFFECTS_PCT}
    for title, rank in sorted(
        zip(PACE_EFFECTS_PCT, _EFFECT_RANKS, strict=True), key=lambda pair: pair[1]
    ):
        ranked.insert(rank, with_effect[title])
    return tuple(ranked)


@cache
def episodes() -> tuple[Song, ...]:
    """All podcast episodes: `artist` is the show, `album` the show again."""
    rng = np.random.default_rng(1)
    return tuple(
        Song(
            title,
            show,
            show,
            0.0,
            float(rng.integers(1100, 3000)),
            _uri("episode", show + title),
            is_podcast=True,
        )
        for show, titles in PODCASTS
        for title in titles
    )


def _length_s(rng: np.random.Generator) -> float:
    return round(float(np.clip(rng.normal(222.0, 38.0), 140.0, 345.0)), 3)


def _uri(kind: str, name: str) -> str:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    digits = []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return f"spotify:{kind}:{''.join(digits)}"
