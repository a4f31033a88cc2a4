"""The conductor's mind for one workout: a look at belt, runner and music in, a wish out."""

from __future__ import annotations

from dataclasses import replace

from beatrunner.core.controller.advice import Advice, LockState, Reason, Sense
from beatrunner.core.controller.beat_lead import lead_by_beat
from beatrunner.core.controller.goal import Goal, Machine, Mode
from beatrunner.core.controller.heart_lead import lead_by_heart
from beatrunner.core.controller.heart_observer import exertion_mps, observing
from beatrunner.core.controller.plan_lead import lead_by_plan
from beatrunner.core.controller.situation import Situation
from beatrunner.core.controller.state import ControllerState
from beatrunner.core.gait import GaitModel
from beatrunner.core.heart import HeartModel

_LONGEST_STEP_S = 5.0
"""A longer gap between looks is not lived through: nothing is known of it."""
_MOVING_KMH = 0.5
_STEADY_KMH = 0.3
_LEARNT_S = 60.0
"""Of own steps, before the gait counts as learnt."""
_LEADS = {
    Mode.BEAT: lead_by_beat,
    Mode.HEART: lead_by_heart,
    Mode.PLAN: lead_by_plan,
}


class Controller:
    """One runner, one workout. The whole of its memory is `state`, a frozen value.

    A wish is no command: the governor beside the belt lets speed rise by 0.5 km/h in 15 s at
    most, and only while everything is fresh. So the wish may be far ahead of the belt, and
    everything learnt here is learnt from what the belt really did.
    """

    def __init__(
        self,
        goal: Goal,
        machine: Machine,
        gait: GaitModel,
        heart: HeartModel,
        state: ControllerState | None = None,
    ) -> None:
        self.goal = goal
        self.machine = machine
        self.heart = heart
        self.state = state or ControllerState(gait, observing(heart))

    @property
    def gait(self) -> GaitModel:
        """The gait as learnt so far."""
        return self.state.gait

    def with_goal(self, goal: Goal) -> Controller:
        """For another goal, with all that was learnt. A plan begins at its first block."""
        state = self.state
        if goal != self.goal:
            state = replace(state, broken=False, arrived=False)
        if goal.blocks != self.goal.blocks:
            state = replace(state, moving_s=0.0)
        return Controller(goal, self.machine, state.gait, self.heart, state)

    def step(self, sense: Sense) -> Advice:
        """Once a second or so. Never raises: what is no plausible number counts as unknown."""
        sense = sense.plausible()
        before_s = self.state.elapsed_s
        now_s = sense.elapsed_s
        if not -1e9 < now_s < 1e9:
            now_s = before_s or 0.0
        dt_s = 0.0 if before_s is None else min(max(now_s - before_s, 0.0), _LONGEST_STEP_S)
        learnt = _learning(replace(self.state, elapsed_s=now_s), sense, dt_s)
        lead = _LEADS.get(self.goal.mode)
        if lead is None:
            self.state = replace(learnt, speed_kmh=None, incline_pct=None)
            return _watching(learnt)
        now = Situation(self.goal, self.machine, sense, learnt, dt_s)
        self.state, advice = lead(now)
        if learnt.gait.own_s < _LEARNT_S:
            advice = replace(advice, reasons=(*advice.reasons, Reason.LEARNING_GAIT))
        return advice


def _watching(state: ControllerState) -> Advice:
    """The runner leads: no wish, only which songs would suit."""
    moving = state.belt_kmh >= _MOVING_KMH
    wanted_spm = state.gait.cadence_spm(state.belt_kmh / 3.6) if moving else None
    return Advice(None, None, None, LockState.NOT_WANTED, wanted_spm)


def _learning(state: ControllerState, sense: Sense, dt_s: float) -> ControllerState:
    """What this second teaches about gait and heart, and where belt and song are."""
    belt_kmh = state.belt_kmh if sense.speed_kmh is None else sense.speed_kmh
    belt_pct = state.belt_pct if sense.incline_pct is None else sense.incline_pct
    gait = state.gait
    steady = abs(belt_kmh - state.belt_kmh) <= _STEADY_KMH
    if steady and dt_s > 0 and None not in (sense.speed_kmh, sense.cadence_spm):
        gait = gait.seeing(belt_kmh / 3.6, sense.cadence_spm or 0.0, dt_s)
    observer = state.observer.seeing(dt_s, exertion_mps(belt_kmh, belt_pct), sense.heart_rate_bpm)
    song_key = None if sense.song is None else sense.song.key
    return replace(
        state,
        gait=gait,
        observer=observer,
        belt_kmh=belt_kmh,
        belt_pct=belt_pct,
        moving_s=state.moving_s + (dt_s if belt_kmh >= _MOVING_KMH else 0.0),
        song_key=song_key,
        on_song_s=state.on_song_s + dt_s if song_key == state.song_key else 0.0,
    )
