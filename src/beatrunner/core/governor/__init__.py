"""The treadmill governor: what stands between a program and a runner's feet. Its safety case.

It runs in the bridge beside the belt, not in the cloud, and is pure: seconds, readings and wishes
come in with each tick (some four a second), at most one command goes out. Software over Bluetooth
is never an emergency stop: when the radio is gone nothing here can stop a belt. What is promised
then is an alarm, no "stopped" that is not proved, and no start or repetition afterwards.

The safe direction is slower. Falling is always allowed, rising only while everything is fresh and
agrees; whoever stops wins; what cannot be judged falls. A belt that only its console moves is
left to it: the governor drives only what a hold of three seconds beside the belt gave to it.

Hazard -> rule -> tests (in tests/core/governor, found by the name of the invariant):

The belt starts under somebody, or by itself
    I1 only a fresh, local hold of 3 s starts, once, at the slowest speed: `test_i1_*`
    I13 no reconnect, restart or repeated status starts or replays anything: `test_i13_*`
    I19 idle for 45 s is locked: `test_i19_*`
    I15 a start that telemetry does not confirm is stopped: `test_i15_a_belt_runs_when_*`
The belt is faster or steeper than the runner can follow
    I2 limits of machine, profile and workout; no NaN: `test_i2_*`
    I3 rise at most 0.5 km/h a second, in 15 s unless the runner holds the button: `test_i3_*`
    I5 incline at most 1 % in 2 s, 2 s apart from any rise: `test_i5_*`
    I18 time that leaps or stands moves nothing: `test_i18_*`
The belt slows so hard that the runner falls
    I4 controlled fall at most 1 km/h a second; Stop at once: `test_i4_*`
The heart is driven too high, or by a strap that lies
    I6 at the ceiling speed falls in every tick: `test_i6_*`
    I7 unfit readings let nothing rise; after 30 s no automation: `test_i7_*`
The program does not see the belt, the belt not the program
    I8 telemetry older than 3 s is a fall to a stop; alarm from 2 s: `test_i8_*`, `test_the_alarm_*`
    I9 no rise without the server, fall within 10 s of its last word; leases: `test_i9_*`
    I13 a loss of Bluetooth beyond 3 s ends the run on return: `test_i13_a_long_loss_*`
    I15 "stopped" is shown after 3 s of fresh stillness only: `test_i15_stopped_is_shown_*`
Old, doubled or foreign commands move the belt
    I10 lease, generation, sequence, age: `test_i10_*`; I17 one controller: `test_i17_*`
    I14 what failed or is unknown is not repeated, but Stop is: `test_i14_*`
The runner's will is overridden
    I11 stop, console and safety key win and suspend the automation: `test_i11_*`
    I12 after a stop nothing but Stop until a new start: `test_i12_*`
The machine lies
    I16 apart from the calibrated band for 2 s, or the wrong way: stop, lock-out: `test_i16_*`
    I16 a belt that may go where its console sent it is gone with, not judged, until it runs
        evenly or was told something; meanwhile nothing rises: `test_i16_*`
The program is wrong
    I20 any exception is a fall to a stop and a lock: `test_i20_*`
    All of the above over random histories: `test_guided_machine`; and tests that are blind:
    `./dev bench governor-mutants`
"""

from beatrunner.core.governor.bounds import Bounds, Calibration, Limits
from beatrunner.core.governor.guard import Governor
from beatrunner.core.governor.tick import (
    Confirm,
    EventKind,
    HeartRate,
    Lease,
    MachineEvent,
    Nudge,
    Outcome,
    Result,
    Telemetry,
    Tick,
    Wish,
)
from beatrunner.core.governor.verdict import (
    Alarm,
    Command,
    Lock,
    Reason,
    SetIncline,
    SetSpeed,
    Shown,
    Start,
    Stop,
    Verdict,
)

__all__ = [
    "Alarm",
    "Bounds",
    "Calibration",
    "Command",
    "Confirm",
    "EventKind",
    "Governor",
    "HeartRate",
    "Lease",
    "Limits",
    "Lock",
    "MachineEvent",
    "Nudge",
    "Outcome",
    "Reason",
    "Result",
    "SetIncline",
    "SetSpeed",
    "Shown",
    "Start",
    "Stop",
    "Telemetry",
    "Tick",
    "Verdict",
    "Wish",
]
