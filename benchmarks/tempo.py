"""Who finds the tempo of music that was made with a known one.

Half, same and double count, as they are stepped to alike; a third, three, and everything else are
wrong. The negative controls: the same answers times three, and the answers for other songs, must
both be taken for wrong, and hiss must have no tempo.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from beatrunner.core.beat import Beat, find_beat
from beatrunner.core.simulation.drumming import Drumming, Pattern, beat_times_s, drum
from beatrunner.core.tempo import agree
from benchmarks.figures import Report, at_least, at_most, plain

_SLOWEST_BPM, _FASTEST_BPM = 70.0, 190.0


def songs(per_pattern: int, seed: int = 99) -> Iterator[Drumming]:
    """Of each pattern so many, as unlike each other as music is."""
    rng = np.random.default_rng(seed)
    for pattern in Pattern:
        for _ in range(per_pattern):
            tempo_bpm = np.exp(rng.uniform(np.log(_SLOWEST_BPM), np.log(_FASTEST_BPM)))
            yield Drumming(
                tempo_bpm=float(tempo_bpm),
                pattern=pattern,
                seed=int(rng.integers(2**30)),
                length_s=40.0,
                swing=float(rng.uniform(0.60, 0.68)) if pattern is Pattern.SWING else 0.5,
                wander=float(rng.choice([0.0, 0.0, 0.015, 0.025])),
                noise=float(rng.choice([0.0, 0.1, 0.4])),
                music=float(rng.choice([0.0, 0.5, 1.0])),
                silence_s=float(rng.choice([0.0, 0.0, 3.0])),
                looseness_s=float(rng.choice([0.0, 0.005, 0.012])),
            )


def share_found(
    made: Sequence[Drumming], found: Sequence[Beat | None], times: float = 1.0
) -> float:
    right = sum(
        beat is not None and agree(beat.tempo_bpm * times, song.tempo_bpm)
        for song, beat in zip(made, found, strict=True)
    )
    return right / len(made)


def phase_errors_s(made: Sequence[Drumming], found: Sequence[Beat | None]) -> list[float]:
    """How far the first beat is from one of the song's, where the tempo is steady and was found."""
    errors = []
    for song, beat in zip(made, found, strict=True):
        if beat is None or beat.first_beat_s is None or song.wander > 0.0:
            continue
        if abs(beat.tempo_bpm / song.tempo_bpm - 1.0) > 0.01:
            continue
        period_s = 60.0 / song.tempo_bpm
        off_s = (beat.first_beat_s - float(beat_times_s(song)[0])) % period_s
        errors.append(min(off_s, period_s - off_s))
    return errors


def hiss(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).normal(0.0, 0.2, 40 * 11_025)


def main(per_pattern: int = 30) -> Report:
    made = list(songs(per_pattern))
    found = []
    spent_s = 0.0
    for song in made:
        sound = drum(song)
        started = time.process_time()
        found.append(find_beat(sound, song.rate_hz))
        spent_s += time.process_time() - started
    length_s = sum(song.length_s for song in made)
    errors = phase_errors_s(made, found)
    others = found[per_pattern // 2 :] + found[: per_pattern // 2]
    in_hiss = sum(find_beat(hiss(seed), 11_025) is not None for seed in range(10))
    return {
        "bench": "tempo",
        "figures": [
            at_least("songs whose tempo is found", 100.0 * share_found(made, found), "%", 97.0),
            *(
                plain(f"  {pattern}", 100.0 * _share_of(pattern, made, found), "%")
                for pattern in Pattern
            ),
            at_most("control: answers times three", 100.0 * share_found(made, found, 3.0), "%", 2),
            at_most("control: answers for other songs", 100.0 * share_found(made, others), "%", 40),
            at_most("control: tempi found in hiss", in_hiss, "of 10", 0),
            at_most("first beat off, median", 1e3 * float(np.median(errors)), "ms", 20),
            plain("  songs with a first beat", len(errors), "songs"),
            plain("CPU for a song of four minutes", 240.0 * spent_s / length_s, "s"),
        ],
    }


def _share_of(pattern: Pattern, made: Sequence[Drumming], found: Sequence[Beat | None]) -> float:
    of_it = [pair for pair in zip(made, found, strict=True) if pair[0].pattern is pattern]
    return share_found([song for song, _ in of_it], [beat for _, beat in of_it])
