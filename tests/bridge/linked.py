"""A ride on a belt in memory whose server is at the other end of a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.recorder import Recorder
from beatrunner.bridge.sockets import SILENT_S
from beatrunner.bridge.workout_link import Riding, WorkoutLink
from beatrunner.codecs import live
from tests.bridge.ride import Ride
from tests.bridge.scripted import Caller, Script, Words, running, scripted

PAGE = "http://127.0.0.1:8010"
WORKOUT = uuid4()
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BOUNDS = live.Bounds(16.0, 0.0, 12.0)


def welcome(acknowledged: int = 0, **values: Any) -> live.Welcome:
    told: dict[str, Any] = {
        "protocol": live.PROTOCOL,
        "workout_id": WORKOUT,
        "role": "bridge",
        "state": "live",
        "settings": live.Settings(mode="manual"),
        "generation": 3,
        "lease_id": "lease",
        "acknowledged": acknowledged,
        "in_control": False,
        "server_ms": 1_000_000,
    }
    return live.Welcome(**(told | values))


def wish(speed_kmh: float, sequence: int, **values: Any) -> live.Wish:
    told: dict[str, Any] = {
        "lease_id": "lease",
        "generation": 3,
        "sent_ms": 1_000_000,
        "incline_pct": 0.0,
    }
    return live.Wish(speed_kmh=speed_kmh, sequence=sequence, **(told | values))


class Linked:
    """The ride, its recorder, and its link."""

    def __init__(
        self,
        server: ServerAddress,
        token: str = "token",  # noqa: S107 - of no server
        workout_id: UUID = WORKOUT,
        silent_s: float = SILENT_S,
        ride: Ride | None = None,
        kept: Mapping[str, Sequence[live.Sample]] = MappingProxyType({}),
    ) -> None:
        self.ride = ride or Ride()
        self.ride.silent = True  # what is heard comes over the socket
        self.ride.conversation.close()
        self.ride.conversation.setup = None
        self.recorder = Recorder(lambda: NOON, self.ride.clock, kept)
        self.words = Words()
        self.link = WorkoutLink(
            server,
            token,
            workout_id,
            Riding(self.ride.driver, self.ride.conversation, self.recorder),
            PAGE,
            self.words,
            self.ride.clock,
            silent_s,
        )

    def wait(self, seconds: float) -> None:
        """Time passes beside the belt, and none on the socket."""
        for _tick in range(round(seconds * 4)):
            picture = self.ride.tick()
            self.recorder.see(picture)
            self.link.show(picture)

    def move(self, speed_kmh: float) -> None:
        """The console sets the belt in motion."""
        self.ride.belt.speed_kmh = self.ride.belt.target_kmh = speed_kmh

    @property
    def is_up(self) -> bool:
        return self.ride.conversation.is_up


@asynccontextmanager
async def linked(*scripts: Script, silent_s: float = SILENT_S) -> AsyncIterator[Linked]:
    async with scripted(*scripts) as server:
        found = Linked(server, silent_s=silent_s)
        async with running(found.link.run()):
            yield found


async def greet(caller: Caller, acknowledged: int = 0, **values: Any) -> None:
    await caller.hear()
    await caller.say(welcome(acknowledged, **values), live.Setup(BOUNDS, BOUNDS, 180.0))
