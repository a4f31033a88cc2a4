"""A real server on a port of its own, and clients on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx2
import uvicorn
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.codecs import live
from beatrunner.db.engine import Database
from beatrunner.db.live_tables import workout_metrics
from beatrunner.devices.bridges import add_bridge
from beatrunner.kit.clock import system_clock
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from beatrunner.wiring import ServerParts, build_server, build_worker
from tests.browser.serving import free_port
from tests.conftest import make_account

T = TypeVar("T")
STARTED_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
PATIENCE_S = 20.0


class Line:
    """One socket. What comes besides what is waited for is kept in `heard`."""

    def __init__(self, socket: ClientConnection, reader: live.Reader[Any]) -> None:
        self._socket = socket
        self._reader = reader
        self.heard: list[Any] = []

    async def say(self, *messages: live.Message) -> None:
        for message in messages:
            await self._socket.send(live.encode(message))

    async def say_text(self, text: str | bytes) -> None:
        await self._socket.send(text)

    async def hear(self, kind: type[T]) -> T:
        """The next message of this kind."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = self._reader.read(await self._socket.recv())
                self.heard.append(message)
                if isinstance(message, live.Pulse):
                    await self.say(live.PulseBack(message.sent_ms))
                if isinstance(message, kind):
                    return message

    async def hear_ack(self, number: int) -> None:
        while (await self.hear(live.Ack)).number < number:
            pass

    async def closed(self) -> int:
        """The code with which the server closes; before that `heard` goes on."""
        try:
            await self.hear(ConnectionClosed)
        except ConnectionClosed as error:
            return error.rcvd.code if error.rcvd else 0
        raise AssertionError("nothing is of this kind")


@dataclass
class Gym:
    """A runner with a bridge."""

    address: str
    parts: ServerParts
    account_id: UUID
    access_token: str
    bridge_id: UUID
    bridge_token: str
    client: httpx2.AsyncClient
    settings: Settings

    async def begin(self, **settings: Any) -> UUID:
        answer = await self.client.post(
            "/v1/workouts",
            json={"bridge_id": str(self.bridge_id), "settings": {"mode": "manual"} | settings},
        )
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def workout(self, workout_id: UUID) -> Any:
        return (await self.client.get(f"/v1/workouts/{workout_id}")).json()

    async def numbers(self, workout_id: UUID) -> list[int]:
        """Of the samples that are kept."""
        number = workout_metrics.c.number
        wanted = select(number).where(workout_metrics.c.workout_id == workout_id).order_by(number)
        async with self.parts.database.read() as tx:
            return list((await tx.execute(wanted)).scalars())

    @asynccontextmanager
    async def line(self, path: str, reader: live.Reader[Any]) -> AsyncIterator[Line]:
        async with connect(self.address.replace("http", "ws") + path, proxy=None) as socket:
            yield Line(socket, reader)

    @asynccontextmanager
    async def bridge(self, workout_id: UUID) -> AsyncIterator[Line]:
        async with self.line(f"/ws/workout/{workout_id}", live.TO_BRIDGE) as line:
            await line.say(live.Hello(live.PROTOCOL, "bridge", self.bridge_token))
            yield line

    @asynccontextmanager
    async def page(self, workout_id: UUID, role: live.Role = "runner") -> AsyncIterator[Line]:
        async with self.line(f"/ws/workout/{workout_id}", live.TO_RUNNER) as line:
            await line.say(live.Hello(live.PROTOCOL, role, self.access_token))
            yield line

    async def work(self, later: timedelta = timedelta(0)) -> None:
        """Run every job that waits."""
        worker = build_worker(self.settings, lambda: system_clock() + later)
        await worker.runner.run_until_idle()
        worker.pool.close()
        await worker.database.close()


@asynccontextmanager
async def open_gym(database: Database, address: str, folder: Path) -> AsyncIterator[Gym]:
    settings = Settings(data_dir=folder, database_url=address, port=free_port(), parser_processes=1)
    parts = build_server(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(parts.routers, parts.provided, settings),
            port=settings.port,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
        )
    )
    url = f"http://127.0.0.1:{settings.port}"
    async with parts.live.running(), parts.standing.running():
        serving = asyncio.create_task(server.serve())
        await _until_well(url)
        try:
            async with httpx2.AsyncClient(base_url=url) as client:
                yield await _gym(database, parts, client, settings)
        finally:
            server.should_exit = True
            await serving
    await parts.database.close()


async def _until_well(url: str) -> None:
    async with asyncio.timeout(PATIENCE_S), httpx2.AsyncClient() as client:
        while True:
            try:
                await client.get(f"{url}/health")
            except httpx2.ConnectError:
                await asyncio.sleep(0.01)
            else:
                return


async def _gym(
    database: Database, parts: ServerParts, client: httpx2.AsyncClient, settings: Settings
) -> Gym:
    account_id = await make_account(database)
    token = await access_token(parts, account_id)
    client.headers["Authorization"] = f"Bearer {token}"
    async with database.write() as tx:
        bridge_id, bridge_token = await add_bridge(
            tx, account_id, "Cellar", is_virtual=True, now=system_clock()
        )
    address = str(client.base_url).rstrip("/")
    return Gym(address, parts, account_id, token, bridge_id, bridge_token, client, settings)


async def access_token(parts: ServerParts, account_id: UUID) -> str:
    sign_ins = next(found for found in parts.provided if isinstance(found, SignIns))
    async with parts.database.write() as tx:
        account = await accounts_store.get_account(tx, account_id)
        return (await sign_ins.open_session(tx, account)).access_token


def samples(first: int, last: int, **values: Any) -> live.Samples:
    """Seconds at 9 km/h."""
    told: dict[str, Any] = {
        "speed_kmh": 9.0,
        "incline_pct": 1.0,
        "heart_rate_bpm": 140.0,
        "cadence_spm": 164.0,
    }
    return live.Samples(
        [
            live.Sample(
                number=number,
                at=STARTED_AT + timedelta(seconds=number),
                elapsed_s=float(number),
                distance_m=number * 2.5,
                **(told | values),
            )
            for number in range(first, last + 1)
        ]
    )


def status(**values: Any) -> live.Status:
    return live.Status(
        **{
            "shown": "automatic",
            "control": "automation",
            "treadmill": "connected",
            "heart": "connected",
            "pod": "none",
            "heart_fit": True,
            "is_calibrated": False,
            "page_url": "http://127.0.0.1:8010",
            **values,
        }
    )


def song(title: str = "Blue", **values: Any) -> live.Song:
    told: dict[str, Any] = {"artist": "A", "position_s": 0.0, "playing": True, "tempo_bpm": 165.0}
    return live.Song(title=title, **(told | values))
