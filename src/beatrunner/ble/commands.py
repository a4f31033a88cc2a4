"""The one command that waits for the radio.

A later command takes the place of one that waits: a belt never works off a backlog. Stop takes
every place, gives its own to nothing but another stop, and whoever holds the radio can wait for
it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from beatrunner.core.governor import Command, Result, Stop


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command, and why in words; the words of an accepted one are empty."""

    result: Result
    words: str = ""
    code: int | None = None
    """The machine's own result code, where it gave one."""
    for_now: bool = False
    """Whether the machine may take the same command in a moment."""


class CommandSlot:
    def __init__(self) -> None:
        self._waiting: Command | None = None
        self._arrived = asyncio.Event()
        self._stop = asyncio.Event()

    @property
    def stop_waits(self) -> bool:
        return self._stop.is_set()

    def put(self, command: Command) -> Command | None:
        """Returns the command that will now not be sent, be it the one before or this one."""
        if self.stop_waits and not isinstance(command, Stop):
            return command
        before, self._waiting = self._waiting, command
        self._arrived.set()
        if isinstance(command, Stop):
            self._stop.set()
        return before

    async def take(self) -> Command:
        """The command that waits, as soon as there is one."""
        while self._waiting is None:
            await self._arrived.wait()
        command = self._waiting
        self.clear()
        return command

    async def stop_arrives(self) -> None:
        """Returns when a stop waits."""
        await self._stop.wait()

    def clear(self) -> Command | None:
        """Forget what waits, and return it."""
        command, self._waiting = self._waiting, None
        self._arrived.clear()
        self._stop.clear()
        return command
