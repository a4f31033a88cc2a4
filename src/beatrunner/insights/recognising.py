"""Which plays of a run chance put where they are: a shuffle of the player, or an experiment.

Chance decides which song is due. Whether it is then heard is the runner's decision, and no matter
of chance: who skips slow songs when the legs are heavy would only be measured under slow songs on
good days, and slow songs would look good. So a skipped song is not left out, and the song that is
heard in its place is not taken for one that chance chose: what was measured then is counted to the
song that was due, as if it had been heard (intention to treat; Hollis & Campbell 1999, BMJ
319:670). Skipping so makes effects look smaller than they are, and makes up next to none: in the
simulation of the tests, the songs as heard differ by 1.4 SD where no song does anything, those not
after a skipped one by 1.0, and the songs as due by 0.0. Where a list of 12 is heard to its end,
0.06 of 1.2 are left, as chance has fewer songs to choose from the more were skipped.

A song counts as skipped when it sounded too briefly to be measured, or is missing between two songs
of an experiment. One that is broken off later was heard; the song after it is as due as any.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from beatrunner.core.effects import IN_STEP
from beatrunner.db.types import AnyRow
from beatrunner.insights.plays import PlayRow
from beatrunner.insights.store import Experiment

#: Songs of an experiment that have to follow each other; any four in order are so by chance once
#: in 24 times.
_FEWEST = 4
#: Songs of the experiment that may be missing between two of them: a player skips, a log forgets.
_MISSING = 1


def recognised(heard: Sequence[str], order: Sequence[str]) -> dict[int, str]:
    """The tracks due at the places in `heard` of the stretches that follow `order`.

    A track is due where it was heard, or where the one after it was when it is missing itself.
    """
    at = {track: position for position, track in enumerate(order)}
    found: dict[int, str] = {}
    chain: dict[int, str] = {}
    last = 0
    for place, track in enumerate(heard):
        position = at.get(track)
        if position is not None and chain and 0 <= position - last <= 1 + _MISSING:
            chain[place] = order[min(last + 1, position)]
        else:
            found |= _whole(chain, heard)
            chain = {} if position is None else {place: track}
        last = last if position is None else position
    return found | _whole(chain, heard)


def _whole(chain: dict[int, str], heard: Sequence[str]) -> dict[int, str]:
    return chain if len({heard[place] for place in chain}) >= _FEWEST else {}


def experiment_of(run: AnyRow, experiment: Experiment) -> dict[int, str]:
    """The tracks that were due in the measured run, by place; none in a run before it."""
    if run.left_out is not None or run.started_at < experiment.created_at:
        return {}
    return recognised(run.plays["heard"], experiment.track_ids)


def as_due(rows: Sequence[PlayRow], due: Mapping[int, str], cut: Collection[int]) -> list[PlayRow]:
    """The rows, those at places where chance decided under the track that was due.

    `cut` are places that were too short to be measured. Whether steps were in step with a song that
    was skipped is not known, so that is told of no row that changes its track.
    """
    return [_under(row, _track_due(row.place, due, cut)) for row in rows]


def _track_due(place: int, due: Mapping[int, str], cut: Collection[int]) -> str | None:
    """That of the first of the songs skipped right before; None where chance decided nothing."""
    if place not in due:
        return None
    while place - 1 in due and place - 1 in cut:
        place -= 1
    return due[place]


def _under(row: PlayRow, track_id: str | None) -> PlayRow:
    if track_id is None or track_id == row.track_id:
        return row
    told = {name: value for name, value in row.responses.items() if name != IN_STEP.name}
    return replace(row, track_id=track_id, responses=told)
