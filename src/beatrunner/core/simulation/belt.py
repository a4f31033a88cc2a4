"""A motor, a belt and a console: the virtual treadmill without its radio.

A command takes effect after a lag; then the speed moves to its target at a fixed rate, up or down,
may pass it, and settles. Start counts down and begins at the slowest speed; every start from a
stop begins a new session of distance and time. The console and the safety key work at once, and
whatever they do is an event, as what was commanded is: the machine tells others about both.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from beatrunner.core.simulation.quirks import NO_QUIRKS, BeltQuirks

_KMH_PER_MPS = 3.6
_GRAIN = 1e-9


@dataclass(frozen=True, slots=True)
class BeltCharacteristics:
    """What the maker built: limits and steps, and how quickly the belt follows."""

    min_speed_kmh: float = 1.0
    max_speed_kmh: float = 20.0
    speed_step_kmh: float = 0.1
    min_incline_pct: float = 0.0
    max_incline_pct: float = 15.0
    incline_step_pct: float = 0.5
    lag_s: float = 0.5
    """From command to first reaction."""
    ramp_up_kmh_s: float = 0.8
    ramp_down_kmh_s: float = 1.2
    incline_ramp_pct_s: float = 0.5
    settle_s: float = 5.0
    """How long an overshoot lasts."""
    countdown_s: float = 3.0
    """From start to the first movement."""
    key_stop_kmh_s: float = 4.0
    """How fast the belt comes to rest without its motor."""


class BeltState(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    PAUSED = "paused"


class Key(StrEnum):
    """The keys of the console; each press of the last four is one step of the machine."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    FASTER = "faster"
    SLOWER = "slower"
    STEEPER = "steeper"
    FLATTER = "flatter"


class Answer(StrEnum):
    """What the machine says to a command; with some quirks, not what it does."""

    SUCCESS = "success"
    NOT_SUPPORTED = "not_supported"
    INVALID = "invalid"
    FAILED = "failed"


class Happening(StrEnum):
    STARTED = "started"
    STOPPED = "stopped"
    PAUSED = "paused"
    SAFETY_KEY = "safety_key"
    SPEED_CHANGED = "speed_changed"
    INCLINE_CHANGED = "incline_changed"


@dataclass(frozen=True, slots=True)
class BeltEvent:
    """Something changed; `value` is the new target in km/h or percent where there is one."""

    happening: Happening
    value: float = 0.0
    by_console: bool = False


class Belt:
    """One treadmill, moved by `step`. Speeds in km/h, inclines in percent, of the belt itself."""

    def __init__(
        self,
        characteristics: BeltCharacteristics = BeltCharacteristics(),
        quirks: BeltQuirks = NO_QUIRKS,
    ) -> None:
        self.characteristics = characteristics
        self.quirks = quirks
        self.state = BeltState.STOPPED
        self.is_key_in = True
        self.speed_kmh = 0.0
        self.incline_pct = 0.0
        self.target_speed_kmh = 0.0
        self.target_incline_pct = 0.0
        self.distance_m = 0.0
        self.elapsed_s = 0.0
        """Time of this session in which the belt was wanted to move."""
        self._now_s = 0.0
        self._goal_kmh = 0.0
        self._overshoot_kmh = 0.0
        self._settled_s = 0.0
        self._moves_from_s = 0.0
        self._started_s = 0.0
        self._is_on_its_own = False
        self._waiting: deque[tuple[float, float]] = deque()
        self._events: list[BeltEvent] = []

    @property
    def is_wanted_to_move(self) -> bool:
        return self.state in (BeltState.STARTING, BeltState.RUNNING)

    @property
    def reported_speed_kmh(self) -> float:
        """What the console shows, and sends."""
        return self.target_speed_kmh if self.quirks.reports_target_speed else self.speed_kmh

    def command_speed(self, speed_kmh: float) -> Answer:
        """Ask for a speed, as a client does. The belt must have been started."""
        slowest_kmh = max(self.characteristics.min_speed_kmh, self.quirks.refuses_below_kmh)
        if self.quirks.refuses_speed:
            return Answer.NOT_SUPPORTED
        if not slowest_kmh - _GRAIN <= speed_kmh <= self.characteristics.max_speed_kmh + _GRAIN:
            return Answer.INVALID
        if not self.is_wanted_to_move:
            ignored = self.quirks.must_be_started_by_hand or self.quirks.ignores_speed
            return Answer.SUCCESS if ignored else Answer.FAILED
        if not self.quirks.ignores_speed:
            self._aim(speed_kmh, by_console=False)
        return Answer.SUCCESS

    def command_incline(self, incline_pct: float) -> Answer:
        """Ask for an incline, as a client does; it is taken at rest as well."""
        low, high = self.characteristics.min_incline_pct, self.characteristics.max_incline_pct
        if self.quirks.refuses_incline:
            return Answer.NOT_SUPPORTED
        if not low - _GRAIN <= incline_pct <= high + _GRAIN:
            return Answer.INVALID
        if not self.is_key_in:
            return Answer.FAILED
        if not self.quirks.ignores_speed:
            self._tilt(incline_pct, by_console=False)
        return Answer.SUCCESS

    def start(self) -> Answer:
        """Start or go on, as a client asks. Fails while the belt moves, or without its key."""
        if self.quirks.falls_back_on_repeat:
            self.fall_back()
        if self.is_wanted_to_move and self.quirks.wants_start_every_s:
            self._started_s = self._now_s
            return Answer.SUCCESS
        if not self._may_start:
            return Answer.FAILED
        if not self.quirks.must_be_started_by_hand:
            self._begin(by_console=False)
        return Answer.SUCCESS

    def stop(self) -> Answer:
        """Stop for good, as a client asks. Fails where nothing moves."""
        if not self.is_wanted_to_move and self.state is not BeltState.PAUSED:
            return Answer.FAILED
        if not self.quirks.ignores_stop:
            self._end(Happening.STOPPED, by_console=False)
        return Answer.SUCCESS

    def pause(self) -> Answer:
        """Stop for now, as a client asks: the session goes on at the next start."""
        if not self.is_wanted_to_move:
            return Answer.FAILED
        if not self.quirks.ignores_stop:
            self._end(Happening.PAUSED, by_console=False)
        return Answer.SUCCESS

    def reset(self) -> None:
        """Targets and totals to where they were before the first start; a moving belt stops."""
        if self.is_wanted_to_move:
            self._end(Happening.STOPPED, by_console=False)
        self._tilt(self.characteristics.min_incline_pct, by_console=False)
        self.distance_m = self.elapsed_s = 0.0

    def fall_back(self) -> None:
        """Go on at the slowest speed, as some machines do when control is asked for again."""
        if self.state is BeltState.RUNNING:
            self._aim(self.characteristics.min_speed_kmh, by_console=False)

    def key(self, key: Key) -> None:
        """Press a key of the console. What makes no sense just now does nothing."""
        belt = self.characteristics
        if key is Key.START and self._may_start:
            self._begin(by_console=True)
        elif key is Key.STOP and (self.is_wanted_to_move or self.state is BeltState.PAUSED):
            self._end(Happening.STOPPED, by_console=True)
        elif key is Key.PAUSE and self.is_wanted_to_move:
            self._end(Happening.PAUSED, by_console=True)
        elif key in (Key.FASTER, Key.SLOWER) and self.state is BeltState.RUNNING:
            step_kmh = belt.speed_step_kmh if key is Key.FASTER else -belt.speed_step_kmh
            self._aim(self.target_speed_kmh + step_kmh, by_console=True)
        elif key in (Key.STEEPER, Key.FLATTER) and self.is_key_in:
            step_pct = belt.incline_step_pct if key is Key.STEEPER else -belt.incline_step_pct
            self._tilt(self.target_incline_pct + step_pct, by_console=True)

    def pull_safety_key(self) -> None:
        """Cut the motor. Nothing starts until the key is back in."""
        self.is_key_in = False
        self._halt()
        self._goal_kmh = self._overshoot_kmh = 0.0
        self._waiting.clear()
        self.target_incline_pct = self.incline_pct
        self._events.append(BeltEvent(Happening.SAFETY_KEY, by_console=True))

    def insert_safety_key(self) -> None:
        self.is_key_in = True

    def drain_events(self) -> tuple[BeltEvent, ...]:
        """What happened since the last time somebody asked, in order."""
        events, self._events = tuple(self._events), []
        return events

    def step(self, dt_s: float) -> None:
        """Let time pass. In steps of much more than lag or settling time these are blurred."""
        self._now_s += dt_s
        if self.state is BeltState.STARTING and self._now_s >= self._moves_from_s - _GRAIN:
            self.state = BeltState.RUNNING
        every_s = self.quirks.wants_start_every_s
        is_kept_up = self._is_on_its_own or self._now_s - self._started_s <= every_s
        if every_s and self.is_wanted_to_move and not is_kept_up:
            self._end(Happening.STOPPED, by_console=False)
        while self._waiting and self._waiting[0][0] <= self._now_s + _GRAIN:
            self._head_for(self._waiting.popleft()[1])
        before_kmh = self.speed_kmh
        self._move(dt_s)
        self.distance_m += (before_kmh + self.speed_kmh) / 2 / _KMH_PER_MPS * dt_s
        if self.is_wanted_to_move:
            self.elapsed_s += dt_s
        if self.state is BeltState.STOPPING and self.speed_kmh <= 0 and not self._waiting:
            self.state = BeltState.STOPPED

    @property
    def _may_start(self) -> bool:
        is_at_rest = self.state in (BeltState.STOPPED, BeltState.PAUSED) and self.speed_kmh <= 0
        return is_at_rest and self.is_key_in

    def _begin(self, *, by_console: bool) -> None:
        if self.state is BeltState.STOPPED:
            self.distance_m = self.elapsed_s = 0.0
        self.state = BeltState.STARTING
        self._is_on_its_own = by_console
        self._started_s = self._now_s
        self._moves_from_s = self._now_s + self.characteristics.countdown_s
        self.target_speed_kmh = self.characteristics.min_speed_kmh
        self._waiting.clear()
        self._waiting.append((self._moves_from_s, self.target_speed_kmh))
        self._events.append(BeltEvent(Happening.STARTED, by_console=by_console))

    def _end(self, happening: Happening, *, by_console: bool) -> None:
        self._halt(paused=happening is Happening.PAUSED)
        lag_s = 0.0 if by_console else self.characteristics.lag_s
        self._waiting.clear()
        self._waiting.append((self._now_s + lag_s, 0.0))
        self._events.append(BeltEvent(happening, by_console=by_console))

    def _halt(self, *, paused: bool = False) -> None:
        self.state = BeltState.PAUSED if paused else BeltState.STOPPING
        self.target_speed_kmh = 0.0

    def _aim(self, speed_kmh: float, *, by_console: bool) -> None:
        belt = self.characteristics
        step_kmh = max(belt.speed_step_kmh, self.quirks.rounds_speed_to_kmh)
        wanted_kmh = _clamp(_nearest(speed_kmh, step_kmh), belt.min_speed_kmh, belt.max_speed_kmh)
        goal_kmh = wanted_kmh
        if self.quirks.reverses and not by_console:
            heading_kmh = self._waiting[-1][1] if self._waiting else self._goal_kmh
            goal_kmh = heading_kmh - (wanted_kmh - self.target_speed_kmh)
            goal_kmh = _clamp(goal_kmh, 0.0, belt.max_speed_kmh)
        goal_kmh += self.quirks.runs_faster_by_kmh
        self.target_speed_kmh = wanted_kmh
        due_s = self._now_s + (0.0 if by_console else belt.lag_s)
        self._waiting.append((max(due_s, self._moves_from_s), goal_kmh))
        self._events.append(BeltEvent(Happening.SPEED_CHANGED, wanted_kmh, by_console))

    def _tilt(self, incline_pct: float, *, by_console: bool) -> None:
        belt = self.characteristics
        step_pct = max(belt.incline_step_pct, self.quirks.rounds_incline_to_pct)
        wanted_pct = _clamp(
            _nearest(incline_pct, step_pct), belt.min_incline_pct, belt.max_incline_pct
        )
        self.target_incline_pct = wanted_pct
        self._events.append(BeltEvent(Happening.INCLINE_CHANGED, wanted_pct, by_console))

    def _head_for(self, goal_kmh: float) -> None:
        change_kmh = goal_kmh - self.speed_kmh
        self._goal_kmh = goal_kmh
        self._overshoot_kmh = 0.0
        if goal_kmh > 0 and abs(change_kmh) > _GRAIN:
            extra_kmh = self.quirks.overshoot_kmh
            self._overshoot_kmh = extra_kmh if change_kmh > 0 else -extra_kmh
            self._settled_s = self._now_s + self.characteristics.settle_s

    def _move(self, dt_s: float) -> None:
        belt = self.characteristics
        goal_kmh = self._goal_kmh
        if self._now_s < self._settled_s:
            goal_kmh = max(0.0, goal_kmh + self._overshoot_kmh)
        fall_kmh_s = belt.ramp_down_kmh_s if self.is_key_in else belt.key_stop_kmh_s
        self.speed_kmh = _clamp(
            goal_kmh, self.speed_kmh - fall_kmh_s * dt_s, self.speed_kmh + belt.ramp_up_kmh_s * dt_s
        )
        if self.is_key_in:
            tilt_pct = belt.incline_ramp_pct_s * dt_s
            self.incline_pct = _clamp(
                self.target_incline_pct, self.incline_pct - tilt_pct, self.incline_pct + tilt_pct
            )


def _nearest(value: float, step: float) -> float:
    return round(round(value / step) * step, 3)


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
