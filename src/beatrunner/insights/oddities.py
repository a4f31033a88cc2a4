"""What is odd about a run's data, where it would mislead whoever reads the figures.

Clock offset: a watch or a player whose time zone is wrong is off by whole hours. There is then
next to no music in the run, and elsewhere a session of music that begins and ends as the run did,
to some minutes, whole hours away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from beatrunner.music.store import ListedListen

_PAUSE = timedelta(minutes=3)
_NEAR = timedelta(minutes=6)
_SHORTEST = timedelta(minutes=15)
_MOST_MUSIC = 0.1
_HOURS = 14
#: Songs slower or faster than that are mostly named at half or double their tempo.
_USUAL_BPM = (70.0, 200.0)


def hours_off(
    started_at: datetime, ended_at: datetime, listens: Sequence[ListedListen]
) -> int | None:
    """By how many hours the music should be moved later to fall into the run; None where nothing
    speaks for it. `listens` are those of a day around the run, in order of their start."""
    if ended_at - started_at < _SHORTEST:
        return None
    heard = sum(
        (
            max(min(x.ended_at, ended_at) - max(x.started_at, started_at), timedelta())
            for x in listens
        ),
        timedelta(),
    )
    if heard > _MOST_MUSIC * (ended_at - started_at):
        return None
    found = {
        hours
        for first, last in _sessions(listens)
        for hours in range(-_HOURS, _HOURS + 1)
        if hours
        and abs(first + timedelta(hours=hours) - started_at) <= _NEAR
        and abs(last + timedelta(hours=hours) - ended_at) <= _NEAR
    }
    return found.pop() if len(found) == 1 else None


def _sessions(listens: Iterable[ListedListen]) -> list[tuple[datetime, datetime]]:
    """Listens without long pauses between them, from the first's start to the last's end."""
    sessions: list[tuple[datetime, datetime]] = []
    for listen in listens:
        if sessions and listen.started_at - sessions[-1][1] <= _PAUSE:
            sessions[-1] = (sessions[-1][0], max(sessions[-1][1], listen.ended_at))
        else:
            sessions.append((listen.started_at, listen.ended_at))
    return sessions


def may_be_octave_off(tempo_bpm: float | None) -> bool:
    return tempo_bpm is not None and not _USUAL_BPM[0] <= tempo_bpm <= _USUAL_BPM[1]
