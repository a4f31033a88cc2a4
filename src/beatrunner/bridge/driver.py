"""The tick: everything that is known goes to the governor, its command to the belt.

The driver decides nothing about speed. It has two duties of its own: that a tick happens whatever
breaks (what raises becomes the fault that the governor falls from, I20), and that a stop reaches
the governor even in the tick in which everything else raises.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from beatrunner.bridge.calibrator import Around, Calibrator
from beatrunner.bridge.controls import Controls, Pressed
from beatrunner.bridge.conversation import Conversation, Heard
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.ports import (
    UNCALIBRATED,
    Belt,
    BeltReading,
    Machine,
    Monotonic,
    Sensor,
    SensorReading,
)
from beatrunner.core.governor import (
    Bounds,
    Governor,
    HeartRate,
    Limits,
    Nudge,
    Reason,
    Stop,
    Telemetry,
    Tick,
    Verdict,
)
from beatrunner.kit.log import logger

TICK_S = 0.25
#: Older than this is not shown as if it were so.
FRESH_S = 3.0
HEART_FRESH_S = 5.0
REFUSAL_SHOWN_S = 4.0
#: Nothing is driven by these: they stand in until a treadmill and a workout say theirs.
_NARROW = Bounds(6.0, 0.0, 0.0)
_UNKNOWN = Machine("", _NARROW, min_speed_kmh=1.0)
_NO_LIMITS = Limits(_NARROW, _NARROW, _NARROW, 1.0)
#: Between conductor and governor; they come and go with every wish.
_PASSING = {Reason.WISH_REFUSED, Reason.TARGET_STALE, Reason.WAITING}
#: Told in one tick only.
_REFUSALS = {Reason.CONFIRM_REFUSED, Reason.NUDGE_REFUSED, Reason.START_UNCONFIRMED}

log = logger(__name__)


@dataclass(slots=True)
class Ports:
    """Everything the driver hears."""

    belt: Belt
    heart: Sensor
    pod: Sensor
    conversation: Conversation
    controls: Controls
    calibrator: Calibrator | None = None


class Driver:
    """One belt, one governor, for the life of the process."""

    def __init__(self, ports: Ports, clock: Monotonic) -> None:
        self._ports = ports
        self._clock = clock
        self._governor = Governor()
        self._limits = _NO_LIMITS
        self._barred = False
        self._pressed_here = True
        self._nudges: list[tuple[Nudge, bool]] = []
        self._fault = False
        self._stop = False
        self._refused: dict[Reason, float] = {}

    @property
    def is_driving(self) -> bool:
        """Whether the belt moves, or is about to, by our commands, or is being stopped."""
        state, calibrator = self._governor.state, self._ports.calibrator
        calibrating = calibrator is not None and calibrator.is_moving
        return state.driven or state.phase == "stopping" or calibrating

    def fail(self) -> None:
        """Something else in this process raised: the belt falls from the next tick on."""
        self._fault = True

    def stop(self) -> None:
        """From anyone who has no page: the end of the workout, the end of the process."""
        self._stop = self._stop or self.is_driving

    def tick(self) -> Picture:
        """Decide, command, and tell what there is to see. Only the last of these can raise."""
        now_s = self._clock()
        pressed, heard = self._listen()
        stop = self._stop or pressed.stop or heard.stop
        self._stop = False
        try:
            tick = self._gather(now_s, pressed, heard, stop)
        except Exception:
            log.exception("bridge.tick_failed")
            tick = self._blind(now_s, stop)
        verdict = self._calibrate(tick, self._governor.tick(tick), pressed)
        self._command(verdict)
        return self._picture(tick, verdict)

    def _listen(self) -> tuple[Pressed, Heard]:
        pressed, heard = Pressed(), Heard()
        try:
            pressed = self._ports.controls.take()
            heard = self._ports.conversation.take()
        except Exception:
            log.exception("bridge.listening_failed")
            self._fault = self._stop = True
        return pressed, heard

    def _gather(self, now_s: float, pressed: Pressed, heard: Heard, stop: bool) -> Tick:
        belt, conversation = self._ports.belt, self._ports.conversation
        machine, reading = belt.machine or _UNKNOWN, belt.reading
        contradiction = self._see_limits(machine)
        nudge = self._next_nudge(pressed, heard)
        controls = self._ports.controls
        page_heard_s = controls.heard_s if self._pressed_here else conversation.page_heard_s
        fault, self._fault = self._fault, False
        return Tick(
            now_s,
            self._limits,
            machine.calibration,
            bluetooth_up=belt.state == "connected" and belt.machine is not None,
            server_up=conversation.is_up,
            telemetry=_telemetry(reading, now_s),
            cadence_spm=_cadence_spm(self._ports.pod.reading, reading, now_s),
            heart=self._heart(reading, now_s),
            page_heard_s=page_heard_s,
            lease=conversation.lease,
            wish=heard.wish,
            stop=stop or contradiction,
            unlock=pressed.unlock,
            confirm=pressed.confirm if self._may_start(machine) else None,
            held=controls.is_held,
            nudge=nudge,
            events=belt.drain_events(),
            outcomes=belt.drain_outcomes(),
            fault=fault,
        )

    def _next_nudge(self, pressed: Pressed, heard: Heard) -> Nudge | None:
        """One press a tick, the oldest first: those made here and elsewhere add up."""
        for made, is_here in ((pressed.nudge, True), (heard.nudge, False)):
            if made is not None:
                self._nudges.append((made, is_here))
        if pressed.stop or heard.stop:
            self._nudges.clear()
        if not self._nudges:
            return None
        self._nudges.sort(key=lambda each: each[0].at_s)
        nudge, self._pressed_here = self._nudges.pop(0)
        return nudge

    def _may_start(self, machine: Machine) -> bool:
        """Whether a hold means a start: while the automation leads it only hurries it, and an
        open calibration has it for itself.
        """
        leads = self._governor.state.control == "automation"
        calibrator = self._ports.calibrator
        calibrates = calibrator is not None and calibrator.is_open
        return not (self._barred or machine.refusal or leads or calibrates)

    def _see_limits(self, machine: Machine) -> bool:
        """Take in what is allowed; whether that has just become nothing at all."""
        setup = self._ports.conversation.setup
        profile, workout, ceiling_bpm = _NARROW, _NARROW, None
        if setup is not None:
            profile, workout, ceiling_bpm = setup.profile, setup.workout, setup.ceiling_bpm
        was_barred = self._barred
        try:
            self._limits = Limits(
                machine.bounds, profile, workout, machine.min_speed_kmh, ceiling_bpm
            )
            self._barred = False
        except ValueError:
            self._barred = True
        return self._barred and not was_barred and self.is_driving

    def _heart(self, reading: BeltReading | None, now_s: float) -> HeartRate | None:
        """The strap's; the treadmill's own only where there is no strap."""
        worn = self._ports.heart.reading
        if worn is not None:
            return HeartRate(worn.value, worn.contact, now_s - worn.at_s)
        if self._ports.heart.state == "none" and reading and reading.heart_rate_bpm is not None:
            return HeartRate(reading.heart_rate_bpm, None, now_s - reading.at_s)
        return None

    def _blind(self, now_s: float, stop: bool) -> Tick:
        """The tick of one who knows nothing but that something is wrong."""
        return Tick(
            now_s,
            self._limits,
            UNCALIBRATED,
            bluetooth_up=True,
            server_up=False,
            stop=stop,
            fault=True,
        )

    def _calibrate(self, tick: Tick, verdict: Verdict, pressed: Pressed) -> Verdict:
        """The governor's command, or else that of a calibration.

        When that stops the belt, or breaks, the governor is told to stop it too: it goes on until
        the belt is proved still, and has the alarm for one that is not.
        """
        calibrator, state = self._ports.calibrator, self._governor.state
        if calibrator is None:
            return verdict
        around = Around(pressed.confirm, self._ports.controls.heard_s, state.bluetooth_since_s)
        try:
            command = calibrator.tick(tick, verdict, around)
        except Exception:
            log.exception("bridge.calibration_failed")
            calibrator.drop()
            self._fault = self._stop = True
            return verdict
        self._stop = self._stop or (isinstance(command, Stop) and state.phase != "stopping")
        return verdict if verdict.command or command is None else replace(verdict, command=command)

    def _command(self, verdict: Verdict) -> None:
        if verdict.command is None:
            return
        try:
            self._ports.belt.submit(verdict.command)
        except Exception:
            log.exception("bridge.command_failed")
            self._fault = True

    def _concerning(self, tick: Tick, verdict: Verdict) -> tuple[Reason, ...]:
        """The reasons that are a runner's business."""
        for each in verdict.reasons:
            if each in _REFUSALS:
                self._refused[each] = tick.now_s
        refused = (
            each for each, at_s in self._refused.items() if tick.now_s - at_s < REFUSAL_SHOWN_S
        )
        lasting = (each for each in verdict.reasons if each not in _PASSING)
        return tuple(dict.fromkeys((*lasting, *refused)))

    def _picture(self, tick: Tick, verdict: Verdict) -> Picture:
        ports, state = self._ports, self._governor.state
        machine = ports.belt.machine
        seen = tick.telemetry if tick.telemetry and tick.telemetry.age_s <= FRESH_S else None
        present = tick.heart if tick.heart and 0 <= tick.heart.age_s <= HEART_FRESH_S else None
        return Picture(
            now_s=tick.now_s,
            shown=verdict.shown,
            alarm=verdict.alarm,
            lock=verdict.lock,
            reasons=self._concerning(tick, verdict),
            control=state.control.value,
            server_up=tick.server_up,
            treadmill=ports.belt.state,
            heart=ports.heart.state,
            pod=ports.pod.state,
            treadmill_name=machine.name if machine else None,
            is_calibrated=machine is not None and machine.is_calibrated,
            refusal=machine.refusal if machine else None,
            barred=self._barred,
            speed_kmh=seen.speed_kmh if seen else None,
            incline_pct=seen.incline_pct if seen else None,
            heart_rate_bpm=present.heart_rate_bpm if present else None,
            heart_fit=present is not None and state.heart.unfit_since_s is None,
            cadence_spm=tick.cadence_spm,
            asked_kmh=state.asked_kmh if state.driven else None,
            asked_incline_pct=state.asked_incline_pct if state.driven else None,
            command=verdict.command,
            calibration=ports.calibrator.progress if ports.calibrator else None,
        )


def _telemetry(reading: BeltReading | None, now_s: float) -> Telemetry | None:
    """As old as it will be at the next tick: until then the decision stands."""
    if reading is None:
        return None
    return Telemetry(reading.speed_kmh, reading.incline_pct, now_s - reading.at_s + TICK_S)


def _cadence_spm(pod: SensorReading | None, belt: BeltReading | None, now_s: float) -> float | None:
    """The pod's, else the steps that the treadmill counts."""
    if pod is not None and now_s - pod.at_s <= FRESH_S:
        return pod.value
    if belt is not None and belt.cadence_spm is not None and now_s - belt.at_s <= FRESH_S:
        return belt.cadence_spm
    return None
