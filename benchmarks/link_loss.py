"""A thousand cuts of each link in the middle of a run, and belts that lie or run backwards.

The driver, the governor and everything that hears the server and the page are real; belt, radio
and time are made up, so that an hour of runs takes a minute. A cut of the server's link is a black
hole, which says nothing about itself, or a closed connection. A cut of Bluetooth leaves a belt that
goes on by itself, and ends after a while.

The negative controls are drivers that hold what they had when they hear nothing more.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

from beatrunner.bridge.controls import Pressed
from beatrunner.bridge.conversation import Heard
from beatrunner.bridge.driver import Driver
from beatrunner.core.governor import SetSpeed, Start, Stop, Tick
from beatrunner.core.governor.bounds import APART_KMH, WRONG_WAY_KMH
from benchmarks.figures import Report, at_least, at_most, plain
from tests.bridge.belt import CALIBRATION
from tests.bridge.ride import Ride

CUTS = 1_000
LIARS = 200
_TICK_S = 0.25
_NEVER_S = math.inf


class HoldingDriver(Driver):
    """Takes silence of the server for consent: the belt keeps its speed."""

    def _gather(self, now_s: float, pressed: Pressed, heard: Heard, stop: bool) -> Tick:
        return replace(super()._gather(now_s, pressed, heard, stop), server_up=True)


class BlindDriver(Driver):
    """Takes the last that was heard of the belt for true."""

    def _gather(self, now_s: float, pressed: Pressed, heard: Heard, stop: bool) -> Tick:
        tick = super()._gather(now_s, pressed, heard, stop)
        return replace(tick, telemetry=tick.telemetry and replace(tick.telemetry, age_s=0.0))


@dataclass(frozen=True, slots=True)
class ServerCut:
    """Seconds after the cut to the first fall, and to a belt that stands; `rises` since."""

    ramp_s: float
    still_s: float
    rises: int


@dataclass(frozen=True, slots=True)
class RadioCut:
    """Seconds after the cut to the alarm; what was said and done that should not have been."""

    alarm_s: float
    said_stopped: bool
    replayed: int


def main() -> Report:
    server = [cut_server(seed) for seed in range(CUTS)]
    radio = [cut_radio(seed) for seed in range(CUTS)]
    liars = [lie(seed, reverses=bool(seed % 2)) for seed in range(LIARS)]
    holding = [cut_server(seed, HoldingDriver) for seed in range(CUTS // 20)]
    blind = [cut_radio(2 * seed, BlindDriver) for seed in range(CUTS // 20)]
    return {
        "bench": "link-loss",
        "figures": [
            at_most(
                f"ramp begins after the server is cut off, worst of {CUTS:,} cuts",
                max(each.ramp_s for each in server),
                "s",
                10,
            ),
            plain("  and the belt stands", max(each.still_s for each in server), "s"),
            at_most("cuts after which it did not", sum(map(_never_stood, server)), "", 0),
            at_most("rises after a cut", sum(each.rises for each in server), "", 0),
            at_most(
                f"alarm after Bluetooth is lost, worst of {CUTS:,} cuts",
                max(each.alarm_s for each in radio),
                "s",
                2,
            ),
            at_most('"stopped" was said unseen', sum(e.said_stopped for e in radio), "", 0),
            at_most("commands but for falls and stops on return", _replayed(radio), "", 0),
            at_most(
                f"stop and lock-out of a belt that lies or reverses, worst of {LIARS:,}",
                max(liars),
                "s",
                2,
            ),
            at_least("negative control: belts that go on", sum(map(_never_stood, holding)), "", 1),
            at_least("negative control: no alarm", sum(e.alarm_s > 2 for e in blind), "", 1),
        ],
    }


def _never_stood(cut: ServerCut) -> bool:
    return math.isinf(cut.still_s)


def _replayed(cuts: list[RadioCut]) -> int:
    return sum(each.replayed for each in cuts)


def _under_way(chance: random.Random, driver_type: type[Driver]) -> Ride:
    ride = Ride(driver_type=driver_type).at(chance.choice([3.0, 5.0, 8.0, 10.0, 13.0]))
    ride.wished_kmh = 14.0
    ride.wait(chance.randrange(40) * _TICK_S)
    return ride


def cut_server(seed: int, driver_type: type[Driver] = Driver) -> ServerCut:
    chance = random.Random(seed)
    ride = _under_way(chance, driver_type)
    cut_s, asked_kmh = ride.clock(), ride.picture.asked_kmh or 0.0
    ride.silent = True
    if seed % 4 == 0:
        ride.conversation.close()
    ramp_s = still_s = _NEVER_S
    rises = 0
    while still_s == _NEVER_S and ride.clock() - cut_s < 60:
        picture = ride.tick()
        passed_s = ride.clock() - cut_s
        if isinstance(picture.command, SetSpeed):
            rises += picture.command.speed_kmh > asked_kmh and not picture.server_up
            asked_kmh, before_kmh = picture.command.speed_kmh, asked_kmh
            if asked_kmh < before_kmh:
                ramp_s = min(ramp_s, passed_s)
        if isinstance(picture.command, Stop):
            ramp_s = min(ramp_s, passed_s)
        if picture.shown == "stopped" and ride.belt.speed_kmh == 0:
            still_s = passed_s
    return ServerCut(ramp_s, still_s, rises)


def cut_radio(seed: int, driver_type: type[Driver] = Driver) -> RadioCut:
    chance = random.Random(seed)
    ride = _under_way(chance, driver_type)
    cut_s = ride.clock()
    belt_kmh = ride.belt.speed_kmh
    # Half of the losses are told by the radio, half are a silence.
    ride.belt.state = "lost" if seed % 2 else "connected"
    ride.belt.is_mute = True
    alarm_s, said_stopped = _NEVER_S, False
    away_s = chance.uniform(4.0, 20.0)
    while ride.clock() - cut_s < away_s:
        picture = ride.tick()
        if picture.alarm is not None:
            alarm_s = min(alarm_s, ride.clock() - cut_s)
        said_stopped |= picture.shown == "stopped"
    ride.belt.state, ride.belt.is_mute = "connected", False
    given = ride.wait(15)
    highest_kmh = belt_kmh
    replayed = 0
    for command in given:
        if isinstance(command, Start):
            replayed += 1
        elif isinstance(command, SetSpeed):
            replayed += command.speed_kmh > highest_kmh
            highest_kmh = command.speed_kmh
    return RadioCut(alarm_s, said_stopped, replayed)


def lie(seed: int, *, reverses: bool) -> float:
    """Seconds from where the belt can be seen to do otherwise, to the stop and the lock.

    It either runs away by itself, or gets faster when it is told to slow.
    """
    chance = random.Random(seed)
    ride = Ride().at(chance.choice([3.0, 5.0, 8.0, 10.0, 13.0]))
    ride.wait(chance.randrange(40) * _TICK_S)
    before_kmh = ride.belt.speed_kmh
    if reverses:
        ride.belt.reverses = True
        ride.controls.hear()
        ride.controls.nudge(-chance.choice([0.5, 1.0]), 0.0)
    else:
        ride.belt.obeys = False
        ride.belt.target_kmh = before_kmh + chance.choice([1.0, 2.0, 5.0])
    tolerance_kmh = WRONG_WAY_KMH if reverses else APART_KMH
    seen_s = _NEVER_S
    for _tick in range(240):
        picture = ride.tick()
        if ride.belt.speed_kmh - before_kmh > tolerance_kmh + CALIBRATION.overshoot_kmh:
            seen_s = min(seen_s, ride.clock())
        if picture.lock is not None and isinstance(picture.command, Stop):
            return ride.clock() - seen_s
    return _NEVER_S
