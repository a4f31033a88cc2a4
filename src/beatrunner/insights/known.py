"""Stored runs, as the statistics take them."""

from __future__ import annotations

from collections.abc import Sequence

from beatrunner.db.types import AnyRow
from beatrunner.insights.fitting import KnownRun
from beatrunner.insights.plays import PlayRow
from beatrunner.insights.recognising import experiment_of


def known_runs(measured: Sequence[AnyRow], experiments: Sequence[AnyRow]) -> list[KnownRun]:
    """Those of the measured runs that tell something, with what experiments decided in them."""
    return [
        KnownRun(
            row.activity_id,
            row.cadence_spm,
            row.moving_s,
            [PlayRow.from_json(values) for values in row.plays["rows"]],
            frozenset().union(*(experiment_of(row, each) for each in experiments)),
        )
        for row in measured
        if row.left_out is None
    ]
