"""Which songs, and in which order, so that the runner's steps hardly notice the change.

People follow a beat that is within about 2.5 % of the cadence they would choose, and notice
changes of tempo from about 4 %. So the order walks through the tempi in small steps towards the
cadence that is wanted, and only then around it; within that freedom it prefers what was not
heard lately.

After each song comes the cheapest of those that are left. What was not heard lately, takes a
small step and leads no further off is cheaper than all else, so where tempi lead to the wanted
one without a gap, no step is large. The others cost what they are off the wanted cadence, and
four times what the step to them is beyond a small one. By cadence, costs fall towards one lowest
point and rise from there, so only the neighbours of that point are looked at, and a library of
any size is ordered in about the time it takes to sort it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from beatrunner.core.controller.goal import Song
from beatrunner.core.gait import fold

STEP = 0.025
"""Of cadence, between songs."""
_WITHIN = 0.08
"""Of the wanted cadence: a song further off does not go with it."""
_RECENT = 0.02
"""How much of cadence it is worth not to hear the last song again."""
_BEYOND = 4.0
"""How much worse a large step is than a song that is off by as much."""

_Placed = tuple[float, int]
"""Cadence of a song, and its place among the songs given."""


def order_songs(
    songs: Sequence[Song], wanted_spm: float, last_spm: float | None, recent: Sequence[str]
) -> list[Song]:
    """The songs in the order to play them, those that do not fit at the end.

    `last_spm` is the cadence of the song before (None: there was none); `recent` holds the keys
    of what was heard lately, newest last. Songs without a tempo, or whose beat is too far from
    `wanted_spm` for any fold, come last in the order given. The same input gives the same order.
    """
    fitting = sorted(
        (spm, at) for at, song in enumerate(songs) if (spm := step_spm(song, wanted_spm))
    )
    placed = {at for _spm, at in fitting}
    ordered = _walk(songs, fitting, wanted_spm, last_spm or wanted_spm, recent)
    return [songs[at] for at in ordered] + [
        song for at, song in enumerate(songs) if at not in placed
    ]


def step_spm(song: Song, wanted_spm: float) -> float | None:
    """The cadence that falls on the beat of this song near `wanted_spm`, or None."""
    if song.tempo_bpm is None:
        return None
    beat = fold(song.tempo_bpm, wanted_spm, _WITHIN)
    return None if beat is None else beat.cadence_spm


def _walk(
    songs: Sequence[Song],
    fitting: list[_Placed],
    wanted_spm: float,
    now_spm: float,
    recent: Sequence[str],
) -> Iterator[int]:
    """The places of the fitting songs, each the cheapest after the one before it."""
    ago = {key: len(recent) - at for at, key in enumerate(recent)}
    heard = [each for each in fitting if songs[each[1]].key in ago]
    fresh = [each for each in fitting if songs[each[1]].key not in ago]

    def cost(each: _Placed) -> tuple[bool, float, int]:
        spm, at = each
        heard_ago = ago.get(songs[at].key)
        beyond_spm = max(abs(spm - now_spm) - STEP * now_spm, 0.0)
        off_spm = abs(spm - wanted_spm)
        leads = heard_ago is None and not beyond_spm and off_spm <= abs(now_spm - wanted_spm)
        stale = 0.0 if heard_ago is None else _RECENT / (0.9 + 0.1 * heard_ago)
        return not leads, _BEYOND * beyond_spm + off_spm + stale * wanted_spm, at

    while fresh or heard:
        cheapest_spm = min(max(wanted_spm, (1 - STEP) * now_spm), (1 + STEP) * now_spm)
        best = min((*_beside(fresh, cheapest_spm), *heard), key=cost)
        left = heard if songs[best[1]].key in ago else fresh
        del left[bisect_left(left, best)]
        now_spm = best[0]
        yield best[1]


def _beside(placed: list[_Placed], spm: float) -> list[_Placed]:
    """Of the songs sorted by cadence the nearest from `spm` on, and the nearest below it."""
    above = bisect_left(placed, (spm, 0))
    if above == 0:
        return placed[:1]
    below = bisect_left(placed, (placed[above - 1][0], 0))
    return [placed[below], *placed[above : above + 1]]
