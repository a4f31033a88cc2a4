"""How this runner steps by speed, on treadmills and outdoors apart, beside the population's line.

Indoors only runs that BeatRunner recorded itself count: there the belt says how fast it was, where
a watch guesses. Computed when asked for, from the latest runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import find_runner_profile
from beatrunner.activities.store import list_parts
from beatrunner.activities.streams import unseal_streams
from beatrunner.core.gait import GaitModel, population_gait
from beatrunner.core.own_gait import seeing_run
from beatrunner.core.recording import Samples
from beatrunner.imports.outcomes import Provenance
from beatrunner.insights import store
from beatrunner.insights.shapes import CadencePoint, Est, GaitLines, SharpenedBy, Surface

_RUNS = 12
_SPEEDS_MPS = np.arange(2.2, 4.61, 0.2)
#: Minutes of steady running, and the range of its speeds, with which a line is well known.
_ENOUGH_MIN = 30.0
_WIDE_MPS = 0.6

Sealed = Sequence[tuple[list[bytes], int]]


async def load_gait_lines(tx: AsyncConnection, account_id: UUID) -> GaitLines:
    profile = await find_runner_profile(tx, account_id)
    population = population_gait(None if profile is None else profile.height_cm)
    sealed: list[tuple[bool, Sealed]] = []
    for is_indoor in (True, False):
        runs = await store.list_stepped(tx, account_id, Provenance.LIVE, is_indoor, _RUNS)
        sealed.append(
            (is_indoor, [(await list_parts(tx, run.id), run.length_s) for run in reversed(runs)])
        )
    surfaces = await asyncio.to_thread(
        lambda: [_surface(is_indoor, population, runs) for is_indoor, runs in sealed]
    )
    return GaitLines(surfaces=surfaces)


def _surface(is_indoor: bool, population: GaitModel, sealed: Sealed) -> Surface:
    gait, speeds = population, []
    for parts, length_s in sealed:
        columns = unseal_streams(parts, length_s).columns
        if "speed_mps" in columns and "cadence_spm" in columns:
            speed_mps = columns["speed_mps"]
            gait = seeing_run(gait, speed_mps, columns["cadence_spm"], columns.get("grade_pct"))
            speeds.append(speed_mps[speed_mps > _SPEEDS_MPS[0]])
    minutes = gait.own_s / 60.0
    return Surface(
        surface="treadmill" if is_indoor else "outdoor",
        runs=len(speeds),
        minutes=round(minutes, 1),
        cadence_curve=_curve(gait) if minutes else [],
        population_curve=_curve(population),
        sharpened_by=_sharpened_by(minutes, speeds),
    )


def _curve(gait: GaitModel) -> list[CadencePoint]:
    running = replace(gait, is_running=True, walks_below_mps=0.0)
    return [
        CadencePoint(
            speed_mps=round(float(speed_mps), 1),
            cadence_spm=Est.of(running.cadence_spm(float(speed_mps)), digits=1),
        )
        for speed_mps in _SPEEDS_MPS
    ]


def _sharpened_by(minutes: float, speeds: Sequence[Samples]) -> SharpenedBy:
    if minutes < _ENOUGH_MIN:
        return "more_minutes"
    low, high = np.quantile(np.concatenate(speeds), [0.1, 0.9])
    return "other_speeds" if high - low < _WIDE_MPS else "nothing"
