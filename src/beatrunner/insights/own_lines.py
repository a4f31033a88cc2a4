"""How this runner steps by speed, on treadmills and outdoors apart, beside the population's line.

Either ground teaches a little of the other, but a line is shown only where the runner has run.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.accounts.store import find_runner_profile
from beatrunner.activities.own_gait import load_own_gait
from beatrunner.core.gait import GaitModel, population_gait
from beatrunner.core.own_gait import OwnGait
from beatrunner.insights.shapes import CadencePoint, GaitLines, Surface

_SPEEDS_MPS = np.arange(2.2, 4.61, 0.2)


async def load_gait_lines(tx: AsyncConnection, account_id: UUID) -> GaitLines:
    profile = await find_runner_profile(tx, account_id)
    height_cm = None if profile is None else profile.height_cm
    own = await load_own_gait(tx, account_id, height_cm)
    population = _curve(population_gait(height_cm))
    return GaitLines(surfaces=[_surface(own, treadmill, population) for treadmill in (True, False)])


def _surface(own: OwnGait, treadmill: bool, population: list[CadencePoint]) -> Surface:
    ground = own.treadmill if treadmill else own.outdoor
    return Surface(
        surface="treadmill" if treadmill else "outdoor",
        runs=ground.runs,
        minutes=round(ground.own_s / 60.0, 1),
        cadence_curve=_curve(own.on(treadmill=treadmill)) if ground.own_s else [],
        population_curve=population,
        sharpened_by=own.sharpened_by(treadmill=treadmill),
    )


def _curve(gait: GaitModel) -> list[CadencePoint]:
    running = replace(gait, is_running=True, walks_below_mps=0.0)
    return [
        CadencePoint(
            speed_mps=round(float(speed_mps), 1),
            cadence_spm=EstimateAnswer.model_validate(
                running.cadence_spm(float(speed_mps)).rounded(1)
            ),
        )
        for speed_mps in _SPEEDS_MPS
    ]
