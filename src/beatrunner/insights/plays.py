"""One run measured: its plays as the rows that the statistics are fitted to.

Rows are kept without the tempo: which octave of it the runner steps to is a matter of all runs, and
is settled when everything is fitted. Everything else of a run stays as it is until its soundtrack
is another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

import numpy as np

from beatrunner.core.align import Span
from beatrunner.core.cadence_lock import is_cadence_locked
from beatrunner.core.effects import (
    CADENCE,
    HEART_RATE,
    IN_STEP,
    SPEED,
    MeasuredPlay,
    Response,
    folded_tempo_bpm,
    is_interval_workout,
    measured_spans,
)
from beatrunner.core.effects.of_run import LEAD_S, LEAST_USABLE_S
from beatrunner.core.pace import level_speed_mps
from beatrunner.core.recording import Streams
from beatrunner.music.store import ListedListen

#: Counts the ways in which runs were measured; runs measured in another way are measured again.
METHOD = 5
RESPONSES = (SPEED, HEART_RATE, CADENCE, IN_STEP)
#: Cadence where no run has one: the middle of the population's line.
USUAL_CADENCE_SPM = 168.0


class LeftOut(StrEnum):
    """Why a run tells nothing of its music."""

    NO_MUSIC = "no_music"
    POOR_TIMES = "poor_times"
    INTERVAL_WORKOUT = "interval_workout"
    #: BeatRunner set the speed, by the very song as often as not.
    DRIVEN = "driven"
    NOTHING_MEASURED = "nothing_measured"


@dataclass(frozen=True, slots=True)
class PlayRow:
    """One play. `place` counts the run's listens from 0; `responses` has what was measured, by
    name, `lagged_speed_pct` the speed that the heart rate answers to."""

    track_id: str
    place: int
    position: float
    usable_s: float
    grade_pct: float
    stopped_share: float
    responses: dict[str, float]
    lagged_speed_pct: float | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        return cls(**values)


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """`heard`: the tracks of all listens in order, measured or not. Of their places, `shuffled` are
    those whose track the player's shuffle chose, and `cut` those that were too short to be
    measured. `cadence_spm` is the run's median, None where no steps were counted. Without heart
    rates where those are steps."""

    left_out: LeftOut | None
    cadence_spm: float | None
    moving_s: float
    is_cadence_locked: bool = False
    heard: tuple[str, ...] = ()
    shuffled: tuple[int, ...] = ()
    cut: tuple[int, ...] = ()
    plays: tuple[PlayRow, ...] = ()


def measure_run(
    listens: Sequence[ListedListen],
    spans: Sequence[Span],
    streams: Streams,
    confidence: str,
    *,
    is_driven: bool = False,
) -> MeasuredRun:
    """`spans` align `listens`; `confidence` is the level of the soundtrack made of them.
    `is_driven`: BeatRunner set the belt's speed."""
    is_locked = is_cadence_locked(streams)
    if is_locked:
        columns = {k: v for k, v in streams.columns.items() if k != "heart_rate_bpm"}
        streams = replace(streams, columns=columns)
    run = MeasuredRun(None, _median_cadence(streams), float(streams.is_moving.sum()), is_locked)
    is_song = [listen.kind == "music" for listen in listens]
    songs = [s for s in spans if s.play_index is not None and is_song[s.play_index]]
    if not songs:
        return replace(run, left_out=LeftOut.NO_MUSIC)
    if confidence == "poor":
        return replace(run, left_out=LeftOut.POOR_TIMES)
    level_mps = level_speed_mps(streams)
    if level_mps is not None and is_interval_workout(level_mps, streams.is_moving):
        return replace(run, left_out=LeftOut.INTERVAL_WORKOUT)
    if is_driven:
        return replace(run, left_out=LeftOut.DRIVEN)
    plays = _rows(listens, songs, streams)
    if not plays:
        return replace(run, left_out=LeftOut.NOTHING_MEASURED)
    return replace(
        run,
        heard=tuple(str(listen.track_id) for listen in listens),
        shuffled=tuple(place for place, each in enumerate(listens) if each.is_shuffled),
        cut=tuple(place for place, each in enumerate(listens) if _is_cut(each)),
        plays=plays,
    )


def measured_play(
    run: str,
    row: PlayRow,
    response: Response,
    tempo_bpm: float | None,
    cadence_spm: float,
    chance: Collection[int] = (),
) -> MeasuredPlay | None:
    """The row as one of `response`; None where that, or a speed it is told at, was not measured.

    `cadence_spm` is the runner's over all runs, to fold the tempo to. `chance` are the places of
    the run whose track chance decided.
    """
    value = row.responses.get(response.name)
    speed_pct = row.lagged_speed_pct if response.at_given_speed else None
    if value is None or (response.at_given_speed and speed_pct is None):
        return None
    return MeasuredPlay(
        run,
        row.track_id,
        value,
        usable_s=row.usable_s,
        position=row.position,
        tempo_bpm=folded_tempo_bpm(tempo_bpm, cadence_spm) if tempo_bpm else None,
        grade_pct=row.grade_pct,
        stopped_share=row.stopped_share,
        speed_pct=speed_pct,
        is_randomised=row.place in chance,
    )


def _rows(
    listens: Sequence[ListedListen], songs: Sequence[Span], streams: Streams
) -> tuple[PlayRow, ...]:
    tempi = {str(x.track_id): x.tempo_bpm for x in listens if x.tempo_bpm is not None}
    return tuple(
        PlayRow(
            str(listens[found.play_index].track_id),
            found.play_index,
            found.position,
            found.usable_s,
            found.grade_pct,
            found.stopped_share,
            found.responses,
            found.lagged_speed_pct,
        )
        for found in measured_spans(songs, streams, tempi)
    )


def _is_cut(listen: ListedListen) -> bool:
    return (listen.ended_at - listen.started_at).total_seconds() < LEAD_S + LEAST_USABLE_S


def _median_cadence(streams: Streams) -> float | None:
    cadence_spm = streams.columns.get("cadence_spm")
    if cadence_spm is None:
        return None
    stepped = cadence_spm[streams.is_moving & (cadence_spm > 0.0)]
    return float(np.median(stepped)) if len(stepped) else None
