"""Stored runs, as the statistics take them."""

from __future__ import annotations

from collections.abc import Sequence

from beatrunner.db.types import AnyRow
from beatrunner.insights.fitting import KnownRun
from beatrunner.insights.plays import METHOD, PlayRow
from beatrunner.insights.recognising import as_due, experiment_of
from beatrunner.insights.store import Experiment


def known_runs(measured: Sequence[AnyRow], experiments: Sequence[Experiment]) -> list[KnownRun]:
    """Those of the measured runs that tell something, with what chance decided in them."""
    return [
        _known(row, experiments)
        for row in measured
        if row.left_out is None and row.method == METHOD
    ]


def _known(run: AnyRow, experiments: Sequence[Experiment]) -> KnownRun:
    heard = run.plays["heard"]
    due = {place: heard[place] for place in run.plays["shuffled"]}
    for experiment in experiments:
        due |= experiment_of(run, experiment)
    rows = [PlayRow.from_json(values) for values in run.plays["rows"]]
    return KnownRun(
        run.activity_id,
        run.cadence_spm,
        run.moving_s,
        as_due(rows, due, run.plays["cut"]),
        frozenset(due),
    )
