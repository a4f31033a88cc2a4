"""Which songs, and in which order, so that the runner's steps hardly notice the change.

People follow a beat that is within about 2.5 % of the cadence they would choose, and notice
changes of tempo from about 4 %. So the order walks through the tempi in small steps towards the
cadence that is wanted, and only then around it; within that freedom it prefers what was not
heard lately.
"""

from __future__ import annotations

from collections.abc import Sequence

from beatrunner.core.controller.goal import Song
from beatrunner.core.gait import fold

STEP = 0.025
"""Of cadence, between songs."""
_WITHIN = 0.08
"""Of the wanted cadence: a song further off does not go with it."""
_RECENT = 0.02
"""How much of cadence it is worth not to hear the last song again."""


def order_songs(
    songs: Sequence[Song], wanted_spm: float, last_spm: float | None, recent: Sequence[str]
) -> list[Song]:
    """The songs in the order to play them, those that do not fit at the end.

    `last_spm` is the cadence of the song before (None: there was none); `recent` holds the keys
    of what was heard lately, newest last. Songs without a tempo, or whose beat is too far from
    `wanted_spm` for any fold, come last in the order given. The same input gives the same order.
    """
    fitting = {at: spm for at, song in enumerate(songs) if (spm := step_spm(song, wanted_spm))}
    ordered: list[int] = []
    now_spm = wanted_spm if last_spm is None else last_spm
    while len(ordered) < len(fitting):
        left = [at for at in fitting if at not in ordered]
        best = min(left, key=lambda at: (_cost(fitting[at], now_spm, wanted_spm, songs[at].key,
                                               recent), at))  # fmt: skip
        ordered.append(best)
        now_spm = fitting[best]
    rest = [at for at in range(len(songs)) if at not in fitting]
    return [songs[at] for at in (*ordered, *rest)]


def step_spm(song: Song, wanted_spm: float) -> float | None:
    """The cadence that falls on the beat of this song near `wanted_spm`, or None."""
    if song.tempo_bpm is None:
        return None
    beat = fold(song.tempo_bpm, wanted_spm, _WITHIN)
    return None if beat is None else beat.cadence_spm


def _cost(
    song_spm: float, now_spm: float, wanted_spm: float, key: str, recent: Sequence[str]
) -> float:
    """How far off a song is: from what is wanted, beyond a small step, and by being stale."""
    beyond = max(abs(song_spm - now_spm) / now_spm - STEP, 0.0)
    off = abs(song_spm - wanted_spm) / wanted_spm
    heard = next((ago for ago, each in enumerate(reversed(recent)) if each == key), None)
    return 4 * beyond + off + (0.0 if heard is None else _RECENT / (1 + 0.1 * heard))
