"""Which plays of a run an experiment put where they are."""

from __future__ import annotations

from collections.abc import Sequence

from beatrunner.db.types import AnyRow

#: Songs of an experiment that have to follow each other; any four in order are so by chance once
#: in 24 times.
_FEWEST = 4
#: Songs of the experiment that may be missing between two of them: a player skips, a log forgets.
_MISSING = 1


def recognised(heard: Sequence[str], order: Sequence[str]) -> frozenset[int]:
    """Places in `heard` of the stretches that follow `order`; both are tracks."""
    at = {track: position for position, track in enumerate(order)}
    found: set[int] = set()
    chain: list[int] = []
    for place, track in enumerate(heard):
        position = at.get(track)
        if position is not None and chain:
            step = position - at[heard[chain[-1]]]
            if 0 <= step <= 1 + _MISSING:
                chain.append(place)
                continue
        found |= _whole(chain, heard)
        chain = [] if position is None else [place]
    return frozenset(found | _whole(chain, heard))


def _whole(chain: Sequence[int], heard: Sequence[str]) -> set[int]:
    return set(chain) if len({heard[place] for place in chain}) >= _FEWEST else set()


def experiment_of(run: AnyRow, experiment: AnyRow) -> frozenset[int]:
    """Places of the measured run that the experiment decided; none of a run before it."""
    if run.left_out is not None or run.started_at < experiment.created_at:
        return frozenset()
    return recognised(run.plays["heard"], experiment.track_ids)
