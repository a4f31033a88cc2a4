"""Joining a server by a code that its page shows, and keeping the token that comes of it.

The token is this computer's alone: a file in the data folder that only its user can read.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import httpx2
import msgspec

from beatrunner.bridge.address import ServerAddress
from beatrunner.kit.whole_file import write_whole

_WAIT_S = 10.0


class PairingError(Exception):
    """Joining did not work; its text is for the user."""


class Membership(msgspec.Struct, frozen=True):
    """Which server this bridge belongs to, and by which token."""

    server: str
    token: str
    name: str


class _Paired(msgspec.Struct, frozen=True):
    token: str


class _Problem(msgspec.Struct, frozen=True):
    title: str = ""
    detail: str = ""


class MembershipFile:
    """What this computer's bridge called `name` belongs to."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.json"

    def find(self) -> Membership | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Membership)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def keep(self, membership: Membership) -> None:
        write_whole(self._path, msgspec.json.encode(membership))

    def forget(self) -> None:
        with suppress(FileNotFoundError):
            self._path.unlink()


async def pair(server: ServerAddress, code: str, name: str) -> Membership:
    """Raises PairingError."""
    async with httpx2.AsyncClient(timeout=_WAIT_S, trust_env=not server.is_near) as client:
        try:
            answer = await client.post(
                server.page("/v1/devices/bridges"), json={"code": code, "name": name}
            )
        except httpx2.HTTPError as error:
            raise PairingError(
                f"There is no answer from {server.origin} ({str(error) or type(error).__name__})."
            ) from None
    if answer.status_code != 201:
        raise PairingError(_why(server, answer))
    try:
        paired = msgspec.json.decode(answer.content, type=_Paired)
    except msgspec.MsgspecError:
        raise PairingError(_not_ours(server)) from None
    return Membership(server.origin, paired.token, name)


def _why(server: ServerAddress, answer: httpx2.Response) -> str:
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.MsgspecError:
        return _not_ours(server)
    if answer.status_code == 404 or not problem.title:
        return _not_ours(server)
    return f"{server.origin} says: {problem.title} {problem.detail}".strip()


def _not_ours(server: ServerAddress) -> str:
    return f"{server.origin} answers, but it is no BeatRunner that bridges can join."
