"""Random histories of a belt, judged by the witness.

Random walks seldom stay armed with fresh telemetry and so find little. These begin armed, all is
well unless a rule says otherwise, values sit on both sides of each bound, a refused command has
its oracle, and every so often all is well long enough for whatever was queued to come out.
"""

from __future__ import annotations

import math
import os
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from beatrunner.core.governor import (
    EventKind,
    Governor,
    HeartRate,
    Lease,
    MachineEvent,
    Outcome,
    Result,
    SetSpeed,
    Start,
    Tick,
    Verdict,
)
from tests.core.governor.belts import stopped
from tests.core.governor.witness import WatchedRide, commands_of

SPEEDS = st.sampled_from([0.0, 1.0, 3.0, 6.0, 8.1, 9.0, 12.0, 12.1, 25.0, float("nan")])
INCLINES = st.sampled_from([-5.0, -1.0, 0.0, 0.5, 3.0, 10.0, 20.0, float("inf")])
AGES = st.sampled_from([0.0, 2.0, 2.25, 3.0, 3.25, 5.0, 5.25, 15.0, 15.25])
HEARTS = st.sampled_from([0, 29, 30, 120, 169, 170, 171, 200, 230, 231, 255])
TIMES = st.sampled_from([0.25, 1.0, 2.0, 3.25, 5.25, 6.75, 15.25])


class GuidedBelt(RuleBasedStateMachine):
    governed_by: type[Governor] = Governor
    ticks = 0

    @initialize(speed_kmh=st.sampled_from([None, 2.0, 8.0, 11.8]))
    def armed(self, speed_kmh: float | None) -> None:
        self.ride = WatchedRide(self.governed_by())
        if speed_kmh is None:
            self.ride.start()
        else:
            self.ride.at(speed_kmh)

    @rule(seconds=TIMES, speed_kmh=SPEEDS, incline_pct=INCLINES, held=st.booleans())
    def wish(self, seconds: float, speed_kmh: float, incline_pct: float, held: bool) -> None:
        self.ride.follow(seconds, speed_kmh, incline_pct, held=held)

    @rule(age_s=AGES, generation=st.sampled_from([0, 1, 2]), sequence=st.sampled_from([-1, 0, 1]))
    def doubtful_wish(self, age_s: float, generation: int, sequence: int) -> None:
        ride = self.ride
        wish = ride.wish(12.0, 1.0, issued_s=ride.now_s + 0.25 - age_s)
        number = ride.governor.state.sequence + 1 + sequence * 5
        doubtful = replace(wish, generation=generation, sequence=number)
        asked_kmh = ride.governor.state.asked_kmh
        verdict = ride.tick(wish=doubtful)
        if age_s > 5 or generation != 1 or sequence < 0:
            command = verdict.command
            assert not isinstance(command, SetSpeed) or command.speed_kmh <= max(asked_kmh, 12.0)
            assert "wish_refused" in verdict.reasons or ride.verdict.shown == "stopping" or command
        ride.sequence += 10

    @rule(kmh=st.sampled_from([-1.0, -0.1, 0.1, 0.5, 3.0]), pct=st.sampled_from([-1.0, 0.0, 1.0]))
    def press(self, kmh: float, pct: float) -> None:
        self.ride.press(kmh, pct)

    @rule(rate_bpm=HEARTS, contact=st.sampled_from([True, None, False]), age_s=AGES, seconds=TIMES)
    def heart(self, rate_bpm: int, contact: bool | None, age_s: float, seconds: float) -> None:
        self.ride.follow(seconds, 12.0, 2.0, heart=HeartRate(rate_bpm, contact, age_s))

    @rule(age_s=AGES, seconds=TIMES)
    def stale(self, age_s: float, seconds: float) -> None:
        self.ride.follow(seconds, 12.0, 2.0, telemetry=self.ride.stale(age_s))

    @rule(seconds=TIMES, pressing=st.booleans())
    def lose_belt(self, seconds: float, pressing: bool) -> None:
        self.lose(seconds, pressing, bluetooth_up=False)

    @rule(seconds=TIMES, pressing=st.booleans())
    def lose_server(self, seconds: float, pressing: bool) -> None:
        self.lose(seconds, pressing, server_up=False)

    def lose(self, seconds: float, pressing: bool, **change: bool) -> None:
        if pressing:
            self.ride.press(1.0, **change)
        self.ride.follow(seconds, 12.0, 2.0, **change)

    @rule(age_s=AGES)
    def lapse(self, age_s: float) -> None:
        lease = Lease("conductor", 1, self.ride.now_s + 0.25 - age_s)
        self.ride.follow(0.25, 12.0, 2.0, lease=lease)
        self.ride.press(0.5, page_heard_s=self.ride.now_s + 0.25 - age_s)

    @rule(kind=st.sampled_from(list(EventKind)[3:]), value=SPEEDS, obeys=st.booleans())
    def console(self, kind: EventKind, value: float, obeys: bool) -> None:
        """The runner's hand at the console, and a belt that obeys it: in its slope, not always.

        Nobody can be heard while machines may be repeating an old status, and a speed that was
        just commanded cannot be told from its echo.
        """
        state = self.ride.governor.state
        if self.ride.now_s - state.bluetooth_since_s < 3.0:
            return
        if any(abs(value - told_kmh) < 0.1 for _at_s, told_kmh in state.told_kmh):
            return
        if kind is EventKind.INCLINE_CHANGED and obeys and math.isfinite(value):
            self.ride.incline_pct = value
        if kind is EventKind.SPEED_CHANGED and value >= 1 and self.ride.belt_kmh > 0:
            self.ride.belt_kmh = value
            self.ride.witness.told_kmh = value
        self.ride.event(kind, value)

    @rule(
        result=st.sampled_from(list(Result)),
        kmh=st.sampled_from([-0.5, 0.5]),
        reaches=st.booleans(),
    )
    def outcome(self, result: Result, kmh: float, reaches: bool) -> None:
        """What is refused does not move the belt; what is unknown may."""
        ride = self.ride
        told_kmh, told_pct = ride.witness.told_kmh, ride.witness.told_pct
        ride.obeys = result is Result.ACCEPTED or (result is Result.UNKNOWN and reaches)
        ride.follow(0.25, ride.belt_kmh + kmh)
        ride.obeys = True
        number = ride.governor.state.number
        if result is Result.REFUSED:
            ride.witness.told_kmh, ride.witness.told_pct = told_kmh, told_pct
        ride.tick(outcomes=(Outcome(number, result),))

    @rule(held_s=st.sampled_from([2.75, 3.0]), local=st.booleans(), ago_s=AGES)
    def hold(self, held_s: float, local: bool, ago_s: float) -> None:
        self.ride.tick(confirm=self.ride.confirm(held_s, ago_s, local))

    @rule(seconds=st.sampled_from([0.25, 1.0, 2.0, 2.25, 60.0]))
    def sleep(self, seconds: float) -> None:
        self.ride.now_s += seconds
        self.ride.tick()

    @precondition(lambda self: self.ride.ticks > 200)
    @rule(broken=st.booleans())
    def fault(self, broken: bool) -> None:
        change: dict[str, Any] = {"heart": object()} if broken else {"fault": True}
        self.ride.tick(**change)

    @precondition(lambda self: self.ride.ticks > 100)
    @rule(kind=st.sampled_from([None, *list(EventKind)[:2]]))
    def stop(self, kind: EventKind | None) -> None:
        events = () if kind is None else (MachineEvent(kind),)
        driven = self.ride.governor.state.driven
        verdict = self.ride.tick(stop=kind is None, events=events)
        assert stopped(verdict) or not (driven or kind is None)

    @rule()
    def drain(self) -> None:
        """All is well again: what was kept back would come out now, and nothing old may."""
        ride = self.ride
        ride.wait(5.25)
        before, asked_kmh = len(ride.given), ride.governor.state.asked_kmh
        ride.wait(20)
        for command in commands_of(ride)[before:]:
            assert not isinstance(command, Start)
            assert not isinstance(command, SetSpeed) or command.speed_kmh < asked_kmh

    def teardown(self) -> None:
        type(self).ticks += self.ride.ticks


class Deaf(Governor):
    """The negative control: never hears that the server is gone."""

    def tick(self, tick: Tick) -> Verdict:
        return super().tick(replace(tick, server_up=True))


class DeafBelt(GuidedBelt):
    governed_by = Deaf


def run_histories(machine: type[GuidedBelt], examples: int, *, derandomize: bool) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            derandomize=derandomize,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_guided_machine() -> None:
    run_histories(GuidedBelt, int(os.environ.get("GOVERNOR_EXAMPLES", "15")), derandomize=True)
