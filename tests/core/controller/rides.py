"""A known runner on a belt that rises as slowly as the governor lets it, and one look at them."""

from __future__ import annotations

from collections.abc import Callable

from beatrunner.core.controller import Advice, Controller, ControllerState, Goal, Machine, Sense
from beatrunner.core.controller.heart_observer import observing
from beatrunner.core.controller.situation import Situation
from beatrunner.core.gait import population_gait
from beatrunner.core.heart import Runner, population_heart
from beatrunner.core.simulation.gait import GaitParameters
from beatrunner.core.simulation.heart import HeartParameters
from beatrunner.core.simulation.runner import RunnerParameters, VirtualRunner

MACHINE = Machine(1.0, 16.0, 0.1, 0.0, 10.0, 0.5, 1.0)
TOLD = Runner(40, "male", 181.0, 75.0, 45.0, 60.0, 185.0)
HEART = HeartParameters(60.0, 185.0, 2.6, 143.0, 24.0, 55.0, 6.0, 0.0, 0.0)
GAIT = GaitParameters(172.0, 6.0, 0.0, 115.0, 2.05, scatter_spm=0.0)
_RISE_KMH, _FALL_KMH, _TILT_PCT = 0.5 / 15.0, 1.0, 0.5


def fresh(goal: Goal, machine: Machine = MACHINE) -> Controller:
    return Controller(goal, machine, population_gait(TOLD.height_cm), population_heart(TOLD))


def situation(
    goal: Goal, sense: Sense, machine: Machine = MACHINE, state: ControllerState | None = None
) -> Situation:
    state = state or ControllerState(
        population_gait(TOLD.height_cm), observing(population_heart(TOLD))
    )
    return Situation(goal, machine, sense, state, 1.0)


def ride(
    controller: Controller,
    seconds: int,
    music: Callable[[Sense], Sense] = lambda sense: sense,
    heart: HeartParameters = HEART,
) -> list[tuple[Sense, Advice]]:
    """What was sensed and advised each second. `music` adds the song to what is sensed."""
    runner = VirtualRunner(RunnerParameters(heart, GAIT, TOLD, "off"), 1)
    speed_kmh = controller.machine.min_speed_kmh
    incline_pct = controller.machine.incline_pct(0.0)
    ridden = []
    for at in range(seconds):
        sense = music(
            Sense(float(at), speed_kmh, incline_pct, runner.heart_rate_bpm, runner.cadence_spm)
        )
        advice = controller.step(sense)
        ridden.append((sense, advice))
        wish_kmh = speed_kmh if advice.speed_kmh is None else advice.speed_kmh
        wish_pct = incline_pct if advice.incline_pct is None else advice.incline_pct
        speed_kmh = min(max(wish_kmh, speed_kmh - _FALL_KMH), speed_kmh + _RISE_KMH)
        incline_pct = min(max(wish_pct, incline_pct - _TILT_PCT), incline_pct + _TILT_PCT)
        runner.step(1.0, speed_kmh / 3.6, incline_pct)
    return ridden
