"""Many bridges at once: the product's own link and recorder, beside belts made of numbers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.controls import Controls
from beatrunner.bridge.conversation import Conversation
from beatrunner.bridge.driver import Driver, Ports
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.ports import BeltReading, Machine, NoSensor
from beatrunner.bridge.recorder import Recorder
from beatrunner.bridge.workout_link import Riding, WorkoutLink
from beatrunner.codecs.live import Sample
from beatrunner.core.governor import Command, MachineEvent, Outcome, Shown, Start
from beatrunner.db.engine import Database
from beatrunner.db.live_tables import workouts
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import accounts
from beatrunner.devices.bridges import add_bridge
from beatrunner.kit.clock import system_clock
from beatrunner.kit.ids import new_id

_TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class Booking:
    """A workout, and the token of the bridge that it is for."""

    workout_id: UUID
    token: str


async def book(address: str, count: int, settings: dict[str, object]) -> list[Booking]:
    """A migrated database with one runner, and as many bridges and workouts."""
    database = Database(address)
    await upgrade(database)
    now = system_clock()
    account_id = new_id()
    booked = []
    async with database.write() as tx:
        await tx.execute(
            insert(accounts).values(
                id=account_id, kind="member", display_name="A runner", created_at=now
            )
        )
        for number in range(count):
            bridge_id, token = await add_bridge(
                tx, account_id, f"Bridge {number}", is_virtual=True, now=now
            )
            booked.append(Booking(new_id(), token))
            await tx.execute(
                insert(workouts).values(
                    id=booked[-1].workout_id,
                    account_id=account_id,
                    bridge_id=bridge_id,
                    state="ready",
                    settings=settings,
                    created_at=now,
                )
            )
    await database.close()
    return booked


class WatchedRecorder(Recorder):
    """Keeps everything that was recorded, and what of it the server promised to have."""

    def __init__(self) -> None:
        super().__init__(system_clock, time.monotonic)
        self.made: dict[int, Sample] = {}
        self.promised = 0
        self.promised_at_s: dict[int, float] = {}

    def see(self, picture: Picture) -> Sample | None:
        sample = super().see(picture)
        if sample is not None:
            self.made[sample.number] = sample
        return sample

    def acknowledge(self, number: int) -> None:
        super().acknowledge(number)
        self.promised = max(self.promised, number)
        self.promised_at_s.setdefault(number, time.monotonic())


class _NoBelt:
    state = "connected"
    reading: BeltReading | None = None
    machine: Machine | None = None

    def submit(self, command: Command) -> None: ...

    def drain_events(self) -> tuple[MachineEvent, ...]:
        return ()

    def drain_outcomes(self) -> tuple[Outcome, ...]:
        return ()


class Rider:
    """A runner on a belt at 9 km/h."""

    def __init__(self, server: str, booking: Booking) -> None:
        clock = time.monotonic
        conversation = Conversation(clock)
        sensor = NoSensor()
        driver = Driver(Ports(_NoBelt(), sensor, sensor, conversation, Controls(clock)), clock)
        self.workout_id = booking.workout_id
        self.recorder = WatchedRecorder()
        self.rests = False
        self._link = WorkoutLink(
            ServerAddress.parse(server),
            booking.token,
            booking.workout_id,
            Riding(driver, conversation, self.recorder),
            "http://127.0.0.1",
            _unheard,
            clock,
        )

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._link.run())
            group.create_task(self._move())

    async def _move(self) -> None:
        while True:
            if not self.rests:
                picture = _picture(time.monotonic())
                self.recorder.see(picture)
                self._link.show(picture)
            await asyncio.sleep(_TICK_S)


def _unheard(words: str, *, is_well: bool) -> None:
    """Nobody looks at these bridges' pages."""


def _picture(now_s: float) -> Picture:
    return Picture(
        now_s=now_s,
        shown=Shown.AUTOMATIC,
        alarm=None,
        lock=None,
        reasons=(),
        control="automation",
        server_up=True,
        treadmill="connected",
        heart="connected",
        pod="connected",
        treadmill_name="Belt",
        is_calibrated=True,
        refusal=None,
        barred=False,
        speed_kmh=9.0,
        incline_pct=1.0,
        heart_rate_bpm=140.0,
        heart_fit=True,
        cadence_spm=162.0,
        asked_kmh=9.0,
        asked_incline_pct=1.0,
        command=Start(1),
    )
