"""How long a belt waits for its answer: from a sample's way in to the command's way out.

A thousand workouts led by the heart, each with one socket that sends what a bridge sends: a
sample and a status each second, and an answer to each pulse. A real server process on SQLite;
measured at the client, from before the sample is written to after its wish is read. The samples
of the fleet are spread over the second, as those of real bridges are.

The same messages then go to a server of the same library that sends each of them back, which says
what share of the processor time is the library's. The negative control is a server that wishes
only after it has committed. Load and server share the machine.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from beatrunner.codecs import live
from benchmarks.figures import Report, at_least, at_most, plain
from benchmarks.fleet import Booking, book
from benchmarks.live_server import LiveServer
from benchmarks.processes import in_fresh_process

WORKOUTS = 1000
MOST_P99_MS = 50.0
_SECONDS = 40
_CONTROL_SECONDS = 15
#: A workout's first sample writes more than the next ones.
_WARM_UP_S = 5
_SETTLE_S = 0.5
_JOINING_AT_ONCE = 20
SETTINGS: dict[str, object] = {"mode": "heart", "target_low_bpm": 130, "target_high_bpm": 145}


@dataclass(slots=True)
class Findings:
    """`late_ms` is how late the load itself was."""

    answers_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    sent: int = 0
    server_cpu_s: float = 0.0
    elapsed_s: float = 0.0

    @property
    def p99_ms(self) -> float:
        return _percentile(self.answers_ms, 0.99)

    @property
    def cpu_share(self) -> float:
        """Of one core."""
        return self.server_cpu_s / self.elapsed_s


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name:
        found, echo, control = (
            in_fresh_process(measured, Path(name) / module, module, WORKOUTS, seconds)
            for module, seconds in (
                ("beatrunner", _SECONDS),
                ("benchmarks.echo_server", _CONTROL_SECONDS),
                ("benchmarks.patient_server", _CONTROL_SECONDS),
            )
        )
    return {
        "bench": "live-latency",
        "figures": [
            plain("sample in to command out, 1,000 workouts", len(found.answers_ms), "wishes"),
            at_least("  share of samples answered", _answered(found), "x", 0.999),
            plain("  p50", _percentile(found.answers_ms, 0.5), "ms"),
            at_most("  p99", found.p99_ms, "ms", MOST_P99_MS),
            plain("  slowest", max(found.answers_ms), "ms"),
            plain("  load late by, p99", _percentile(found.late_ms, 0.99), "ms"),
            plain("  server's share of a core", found.cpu_share, "x"),
            plain("bare echo server: p99", echo.p99_ms, "ms"),
            plain("  its share of a core", echo.cpu_share, "x"),
            plain("  ratio of processor times", found.cpu_share / echo.cpu_share, "x"),
            at_least(
                "control that commits before it wishes: p99", control.p99_ms, "ms", MOST_P99_MS
            ),
        ],
    }


def _answered(found: Findings) -> float:
    return len(found.answers_ms) / found.sent


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def measured(
    folder: Path, module: str, workouts: int, seconds: int, warm_up_s: int = _WARM_UP_S
) -> Findings:
    folder.mkdir(exist_ok=True)
    return uvloop.run(_measure(folder, module, workouts, seconds, warm_up_s))


async def _measure(
    folder: Path, module: str, workouts: int, seconds: int, warm_up_s: int
) -> Findings:
    database = f"sqlite:///{folder}/beatrunner.db"
    booked = await book(database, workouts, SETTINGS)
    is_echo = module == "benchmarks.echo_server"
    with LiveServer(folder, database, module).running() as server:
        found = Findings()
        kind = _EchoedBridge if is_echo else _Bridge
        bridges = [kind(server.address, each, found) for each in booked]
        hearing: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group:
            for first in range(0, len(bridges), _JOINING_AT_ONCE):
                some = bridges[first : first + _JOINING_AT_ONCE]
                await asyncio.gather(*(bridge.join() for bridge in some))
                hearing += [group.create_task(bridge.hear()) for bridge in some]
            await _ride(bridges, warm_up_s, Findings())
            await asyncio.sleep(_SETTLE_S)
            found.answers_ms.clear()
            began_s, began_cpu_s = time.monotonic(), server.cpu_s()
            await _ride(bridges, seconds, found)
            await asyncio.sleep(_SETTLE_S)
            found.elapsed_s = time.monotonic() - began_s
            found.server_cpu_s = server.cpu_s() - began_cpu_s
            for task in hearing:
                task.cancel()
            for bridge in bridges:
                await bridge.leave()
    return found


async def _ride(bridges: Sequence[_Bridge], seconds: int, found: Findings) -> None:
    """Let each bridge send once a second, one after the other."""
    start_s = time.monotonic()
    for second in range(seconds):
        for index, bridge in enumerate(bridges):
            due_s = start_s + second + index / len(bridges)
            if (early_s := due_s - time.monotonic()) > 0:
                await asyncio.sleep(early_s)
            found.late_ms.append(1000.0 * (time.monotonic() - due_s))
            await bridge.send()
            found.sent += 1


class _Bridge:
    """The socket of a bridge, without a belt."""

    def __init__(self, server: str, booking: Booking, found: Findings) -> None:
        self._url = f"{server.replace('http', 'ws')}/ws/workout/{booking.workout_id}"
        self._hello = live.encode(live.Hello(live.PROTOCOL, "bridge", booking.token))
        self._found = found
        self._number = 0
        #: When each sample was sent that has no answer yet.
        self._sent_s: deque[float] = deque()

    async def join(self) -> None:
        self._socket: ClientConnection = await connect(
            self._url, compression=None, ping_interval=None, proxy=None
        )
        await self._socket.send(self._hello)
        await self._socket.recv()

    async def leave(self) -> None:
        await self._socket.close()

    async def send(self) -> None:
        self._number += 1
        sample = _sample(self._number)
        status = msgspec.structs.replace(_STATUS, elapsed_s=sample.elapsed_s)
        await self._socket.send(live.encode(status))
        self._sent_s.append(time.monotonic())
        await self._socket.send(live.encode(live.Samples([sample])))

    async def hear(self) -> None:
        try:
            while True:
                text = await self._socket.recv(decode=False)
                if text.startswith(_WISH):
                    self._note()
                elif text.startswith(_PULSE):
                    await self._answer_pulse(text)
        except ConnectionClosed as error:
            raise RuntimeError("the server has closed a socket") from error

    def _note(self) -> None:
        self._found.answers_ms.append(1000.0 * (time.monotonic() - self._sent_s.popleft()))

    async def _answer_pulse(self, text: bytes) -> None:
        pulse = live.TO_BRIDGE.read(text)
        assert isinstance(pulse, live.Pulse)
        await self._socket.send(live.encode(live.PulseBack(pulse.sent_ms)))


class _EchoedBridge(_Bridge):
    """The same messages; its sample comes back."""

    async def hear(self) -> None:
        while True:
            text = await self._socket.recv(decode=False)
            if text.startswith(_SAMPLES):
                self._note()


_WISH = b'{"type":"wish"'
_PULSE = b'{"type":"pulse"'
_SAMPLES = b'{"type":"samples"'
_STARTED_AT = datetime.now(UTC)
_STATUS = live.Status(
    shown="automatic",
    control="automation",
    treadmill="connected",
    heart="connected",
    pod="connected",
    heart_fit=True,
    is_calibrated=True,
    page_url="http://127.0.0.1:8010",
    speed_kmh=9.0,
    incline_pct=1.0,
    heart_rate_bpm=140.0,
    cadence_spm=162.0,
    treadmill_name="Belt",
)


def _sample(number: int) -> live.Sample:
    return live.Sample(
        number=number,
        at=datetime.fromtimestamp(_STARTED_AT.timestamp() + number, UTC),
        elapsed_s=float(number),
        speed_kmh=9.0,
        incline_pct=1.0,
        heart_rate_bpm=135.0 + number % 5,
        cadence_spm=162.0,
        distance_m=2.5 * number,
        asked_kmh=9.0,
    )
