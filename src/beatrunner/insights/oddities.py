"""What is odd about a run's data, where it would mislead whoever reads the figures.

Cadence lock: an optical sensor on the wrist may count steps for heart beats. Heart rate then is the
cadence, and goes up and down with it second by second, as no heart does: hearts lag by a minute.

Clock offset: a watch or a player whose time zone is wrong is off by whole hours. There is then
next to no music in the run, and elsewhere a session of music that begins and ends as the run did,
to some minutes, whole hours away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import Samples, Streams
from beatrunner.music.store import ListedListen

_WINDOW_S = 60
_BLOCK_S = 5
_ALIKE_BPM = 3.0
#: Minutes, share of the moving minutes, and correlation from which heart rate is called cadence.
_LEAST_LOCKED, _LEAST_SHARE, _LEAST_CORRELATION = 5, 0.3, 0.6

_PAUSE = timedelta(minutes=3)
_NEAR = timedelta(minutes=6)
_SHORTEST = timedelta(minutes=15)
_MOST_MUSIC = 0.1
_HOURS = 14
#: Songs slower or faster than that are mostly named at half or double their tempo.
_USUAL_BPM = (70.0, 200.0)


def is_cadence_locked(streams: Streams) -> bool:
    columns = streams.columns
    if "heart_rate_bpm" not in columns or "cadence_spm" not in columns:
        return False
    heart = _windows(columns["heart_rate_bpm"])
    cadence = _windows(columns["cadence_spm"])
    is_moving = _windows(streams.is_moving.astype(float)).all(axis=(1, 2))
    is_known = is_moving & np.isfinite(heart + cadence).all(axis=(1, 2))
    heart, cadence = heart[is_known].mean(axis=2), cadence[is_known].mean(axis=2)
    is_alike = np.abs(heart - cadence).mean(axis=1) <= _ALIKE_BPM
    if is_alike.sum() < max(_LEAST_LOCKED, _LEAST_SHARE * len(is_alike)):
        return False
    return _correlation(heart[is_alike], cadence[is_alike]) >= _LEAST_CORRELATION


def _windows(column: npt.NDArray[np.float64]) -> Samples:
    """Minutes of blocks of seconds."""
    whole_s = len(column) // _WINDOW_S * _WINDOW_S
    return column[:whole_s].reshape(-1, _WINDOW_S // _BLOCK_S, _BLOCK_S)


def _correlation(heart: Samples, cadence: Samples) -> float:
    """Within minutes: that both rise over the run would say nothing."""
    heart = heart - heart.mean(axis=1, keepdims=True)
    cadence = cadence - cadence.mean(axis=1, keepdims=True)
    scale = float(np.sqrt((heart**2).sum() * (cadence**2).sum()))
    return float((heart * cadence).sum()) / scale if scale else 0.0


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
