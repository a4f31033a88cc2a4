"""The sockets: `/ws/workout/{workout_id}` of a workout, `/ws/bridge` of a bridge that stands by.

Where a socket may come from is checked by `web.guard` before it gets here; who it is, it says in
its first message, because a token in an address ends up in logs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from beatrunner.accounts.sign_ins import SignIns
from beatrunner.codecs.live import (
    BRIDGE_HELLO,
    FROM_BRIDGE,
    FROM_RUNNER,
    FROM_STANDING,
    FROM_WATCHER,
    HELLO,
    MAX_MESSAGE_BYTES,
    PROTOCOL,
    Finish,
    Hello,
    LiveMessageError,
    Problem,
    encode,
)
from beatrunner.db.api import ProvidedDatabase
from beatrunner.db.engine import Database
from beatrunner.devices import bridges
from beatrunner.kit.errors import ConflictError, ForbiddenError, NotFoundError, NotSignedInError
from beatrunner.kit.http import provided
from beatrunner.workouts.live import ElsewhereError, LiveWorkouts, OverError
from beatrunner.workouts.live_workout import LiveWorkout
from beatrunner.workouts.peers import CloseCode, GoneError, MalformedError, Peer
from beatrunner.workouts.standing import StandingBridges

router = APIRouter()

FIRST_MESSAGE_S = 5.0

ProvidedLive = Annotated[LiveWorkouts, Depends(provided(LiveWorkouts))]
ProvidedStanding = Annotated[StandingBridges, Depends(provided(StandingBridges))]
ProvidedSignIns = Annotated[SignIns, Depends(provided(SignIns))]

_REFUSALS: dict[type[Exception], tuple[CloseCode, str, str]] = {
    TimeoutError: (CloseCode.SILENT, "silent", "Say hello within five seconds."),
    LiveMessageError: (CloseCode.MALFORMED, "malformed", "This is no message."),
    MalformedError: (CloseCode.MALFORMED, "malformed", "This is no message."),
    NotSignedInError: (CloseCode.UNAUTHENTICATED, "not_signed_in", "Sign in first."),
    ForbiddenError: (CloseCode.FORBIDDEN, "forbidden", "This is not open to you."),
    NotFoundError: (CloseCode.NOT_FOUND, "not_found", "There is no such workout."),
    OverError: (CloseCode.OVER, "over", "This workout is over."),
    ElsewhereError: (CloseCode.ELSEWHERE, "elsewhere", "Another process has it: come again."),
    ConflictError: (CloseCode.TOO_SLOW, "full", "Too many are watching this workout."),
}


class _Socket:
    """`peers.Wire` on the framework's socket."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def receive(self) -> str:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise GoneError
        text: str | None = message.get("text")
        if text is None:
            raise MalformedError("messages are text")
        if len(text) > MAX_MESSAGE_BYTES:
            raise MalformedError("a message has at most 64 kB")
        return text

    async def send(self, text: str) -> None:
        try:
            await self._websocket.send_text(text)
        except (RuntimeError, WebSocketDisconnect) as error:
            raise GoneError from error

    async def close(self, code: int, reason: str) -> None:
        if self._websocket.client_state is WebSocketState.CONNECTED:
            await self._websocket.close(code, reason)


@router.websocket("/ws/workout/{workout_id}")
async def workout_socket(
    websocket: WebSocket,
    workout_id: UUID,
    live: ProvidedLive,
    sign_ins: ProvidedSignIns,
    database: ProvidedDatabase,
) -> None:
    await websocket.accept()
    socket = _Socket(websocket)
    try:
        async with asyncio.timeout(FIRST_MESSAGE_S):
            hello = HELLO.read(await socket.receive())
        check_protocol(hello.protocol)
        peer = Peer(socket, hello.role)
        workout = await _join(peer, workout_id, hello, live, sign_ins, database)
    except GoneError:
        return
    except tuple(_REFUSALS) as error:
        await refuse(socket, error)
        return
    try:
        await peer.attend(_reader(peer, workout, live))
    finally:
        live.leave(workout, peer)


@router.websocket("/ws/bridge")
async def standing_socket(websocket: WebSocket, standing: ProvidedStanding) -> None:
    await websocket.accept()
    socket = _Socket(websocket)
    peer = Peer(socket, "bridge")
    try:
        async with asyncio.timeout(FIRST_MESSAGE_S):
            hello = BRIDGE_HELLO.read(await socket.receive())
        check_protocol(hello.protocol)
        bridge = await standing.join(hello, peer)
    except GoneError:
        return
    except tuple(_REFUSALS) as error:
        await refuse(socket, error)
        return

    def hear(text: str) -> None:
        standing.hear(bridge, peer, FROM_STANDING.read(text))

    try:
        await peer.attend(_or_end(peer, hear))
    finally:
        standing.leave(bridge, peer)


async def _join(
    peer: Peer,
    workout_id: UUID,
    hello: Hello,
    live: LiveWorkouts,
    sign_ins: SignIns,
    database: Database,
) -> LiveWorkout:
    if hello.role == "bridge":
        async with database.read() as tx:
            bridge = await bridges.identify(tx, hello.token)
        return await live.join_bridge(workout_id, bridge, peer)
    identity = await sign_ins.identify(hello.token)
    peer.sign_in_id = identity.sign_in_id
    return await live.join_runner(workout_id, identity.account_id, peer)


def _reader(peer: Peer, workout: LiveWorkout, live: LiveWorkouts) -> Callable[[str], None]:
    """What is done with each message of this role."""

    def hear_bridge(text: str) -> None:
        workout.hear_bridge(peer, FROM_BRIDGE.read(text))

    def hear_runner(text: str) -> None:
        message = FROM_RUNNER.read(text)
        if isinstance(message, Finish):
            live.finish_soon(workout)
        workout.hear_runner(peer, message)

    def hear_watcher(text: str) -> None:
        workout.hear_runner(peer, FROM_WATCHER.read(text))

    hear = {"bridge": hear_bridge, "runner": hear_runner, "watcher": hear_watcher}[peer.role]
    return _or_end(peer, hear)


def _or_end(peer: Peer, hear: Callable[[str], None]) -> Callable[[str], None]:
    def hear_or_end(text: str) -> None:
        try:
            hear(text)
        except LiveMessageError as error:
            peer.close(CloseCode.MALFORMED, str(error), "malformed")

    return hear_or_end


def check_protocol(protocol: int) -> None:
    """Raises LiveMessageError."""
    if protocol != PROTOCOL:
        raise LiveMessageError(f"this server speaks protocol {PROTOCOL}")


async def refuse(socket: _Socket, error: Exception) -> None:
    """Say why, and close."""
    code, kind, words = next(found for of, found in _REFUSALS.items() if isinstance(error, of))
    detail = str(error) or words
    with suppress(GoneError):
        await socket.send(encode(Problem(kind, detail)))
        await socket.close(code, detail[:100])
