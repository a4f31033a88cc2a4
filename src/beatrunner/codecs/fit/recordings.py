"""From the parts of a FIT file to recordings.

One session is one recording. A multisport file has several sessions in one part; its records,
laps and pauses go to the session that had begun last. A chained file has several parts: one with
a file_id of its own is an activity of its own, one without continues the part before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from beatrunner.codecs.fit import profile
from beatrunner.codecs.fit.columns import read_columns
from beatrunner.codecs.fit.profile import Kind
from beatrunner.codecs.fit.scanner import Part, scan
from beatrunner.codecs.fit.timeline import (
    Session,
    Stretch,
    first_number,
    read_device_name,
    read_laps,
    read_pauses,
    read_sessions,
    read_sport,
    read_utc_offset_s,
)
from beatrunner.core.recording import (
    DeviceTotals,
    Lap,
    RawRecording,
    Repair,
    RepairCode,
    Samples,
)
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.sample_times import first_believed_s

_EPOCH = datetime.fromtimestamp(profile.EPOCH_UNIX_S, UTC)
_DAY_S = 86_400


def read_fit(data: bytes) -> list[RawRecording]:
    """All recordings of a FIT file, in the order of the file.

    What was damaged is left out and named in the recordings' `repairs`. Raises
    `UnreadableFileError` if nothing is left, or if the file is of another kind than an activity
    (a course, a workout, settings).
    """
    if not data:
        raise UnreadableFileError(Refusal.EMPTY)
    parts = scan(data)
    if not parts:
        raise UnreadableFileError(Refusal.UNKNOWN_KIND, "no FIT header")
    if not any(part.tables for part in parts):
        raise UnreadableFileError(Refusal.DAMAGED, "no FIT message is whole")
    activities = _activities(parts)
    if not activities:
        raise UnreadableFileError(Refusal.NOT_AN_ACTIVITY)
    recordings = [recording for part in activities for recording in _recordings(part)]
    if not recordings:
        raise UnreadableFileError(Refusal.NO_SAMPLES)
    return recordings


def _activities(parts: Sequence[Part]) -> list[Part]:
    """The parts that are activities, with the parts that continue them."""
    activities: list[Part] = []
    is_activity = True
    for part in parts:
        file_id = part.messages(Kind.FILE_ID)
        begins = len(file_id) > 0 or not activities
        if len(file_id):
            file_type = first_number(file_id, profile.FileId.TYPE)
            is_activity = file_type in (None, profile.FILE_TYPE_ACTIVITY)
        if begins and is_activity:
            activities.append(part)
        elif is_activity:
            activities[-1].extend(part)
        elif activities:
            activities[-1].damage += part.damage
    return activities


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the sessions of one part share."""

    times: Samples
    columns: dict[str, Samples]
    damage: Counter[RepairCode]
    device_name: str | None
    utc_offset_s: int | None


def _recordings(part: Part) -> Iterator[RawRecording]:
    records = part.messages(Kind.RECORD)
    times = part.times(records)
    has_time = ~np.isnan(times)
    if not has_time.any():
        return
    damage = part.damage.copy()
    sessions = read_sessions(part)
    if not sessions:
        damage[RepairCode.NO_SUMMARY] += 1
        sessions = [Session(read_sport(part), None, DeviceTotals())]
    starts = np.array([session.start or 0.0 for session in sessions])
    laps = _by_session(read_laps(part), starts)
    all_pauses, backwards = read_pauses(part)
    pauses = _by_session(all_pauses, starts)
    damage[RepairCode.TIME_BACKWARDS] += backwards
    damage[RepairCode.TIME_MISSING] += int(np.count_nonzero(~has_time))
    shared = _Shared(
        times=times[has_time],
        columns={name: column[has_time] for name, column in read_columns(records).items()},
        damage=damage,
        device_name=read_device_name(part),
        utc_offset_s=read_utc_offset_s(part),
    )
    session_of_record = _session_of(shared.times, starts)
    for number, session in enumerate(sessions):
        rows = np.flatnonzero(session_of_record == number)
        if len(rows):
            yield _recording(shared, session, rows, laps[number], pauses[number])


def _session_of(times: npt.ArrayLike, starts: Samples) -> npt.NDArray[np.int64]:
    """For each time, which session had begun last; the first also has what came before it."""
    return np.maximum(np.searchsorted(starts, times, side="right") - 1, 0)


def _by_session(stretches: Sequence[Stretch], starts: Samples) -> list[list[Stretch]]:
    numbers = _session_of([stretch.start for stretch in stretches], starts)
    groups: list[list[Stretch]] = [[] for _session in starts]
    for number, stretch in zip(numbers.tolist(), stretches, strict=True):
        groups[number].append(stretch)
    return groups


def _recording(
    shared: _Shared,
    session: Session,
    rows: npt.NDArray[np.int64],
    laps: Sequence[Stretch],
    pauses: Sequence[Stretch],
) -> RawRecording:
    times = shared.times[rows]
    start = _start(session.start, first_believed_s(times))
    sport, is_indoor = session.sport
    damage = shared.damage.copy()
    columns = {name: column[rows] for name, column in shared.columns.items()}
    heart_rate_bpm = columns["heart_rate_bpm"]
    is_zero = heart_rate_bpm == 0
    damage[RepairCode.ZERO_HEART_RATE] += int(np.count_nonzero(is_zero))
    heart_rate_bpm[is_zero] = np.nan
    if sport in profile.ON_FOOT:
        columns["cadence_spm"] *= 2
    return RawRecording(
        sport=sport,
        started_at=_EPOCH + timedelta(seconds=start),
        sample_s=times - start,
        columns={name: column for name, column in columns.items() if not np.isnan(column).all()},
        is_sport_guessed=sport == "other",
        is_indoor=is_indoor,
        pauses=tuple((pause.start - start, pause.end - start) for pause in pauses),
        # Milliseconds are what FIT has; the rest is what floats lose so far from the epoch.
        laps=tuple(
            Lap(lap.start - start, round(lap.end - start, 3), lap.distance_m) for lap in laps
        ),
        totals=session.totals,
        device_name=shared.device_name,
        utc_offset_s=shared.utc_offset_s,
        repairs=tuple(Repair(code, count) for code, count in damage.items() if count),
    )


def _start(session_start: float | None, first_sample: float) -> float:
    """The session's start, unless the clock was set between it and the first sample."""
    if session_start is None or abs(session_start - first_sample) > _DAY_S:
        return first_sample
    return min(session_start, first_sample)
