"""Mails, and how they leave.

They hold codes that open accounts, so they are kept in memory alone, never in the database (not
even as a job): a backup or a dump of it must not be a bunch of keys. What that costs is a mail that
is lost when the process ends before it went, and whoever waits for it asks for another.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger

#: A code is good for longer than these together.
_WAITS_S = (5.0, 30.0, 120.0)
_AT_ONCE = 4
_MOST_KEPT = 50

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str = field(repr=False)


class RefusedMailError(Exception):
    """The server will not have this mail, now or later."""


class Carrier(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises OSError when it may go later, RefusedMailError when it never will."""


@dataclass(frozen=True, slots=True)
class KeptMail:
    at: datetime
    mail: Mail


class Outbox:
    """A carrier that keeps the last mails in memory, for who tries BeatRunner at their computer."""

    def __init__(self, clock: Clock, *, is_used: bool) -> None:
        self._clock = clock
        self._kept: deque[KeptMail] = deque(maxlen=_MOST_KEPT)
        self.is_used = is_used

    async def send(self, mail: Mail) -> None:
        self._kept.appendleft(KeptMail(self._clock(), mail))

    @property
    def mails(self) -> Sequence[KeptMail]:
        """The newest first."""
        return tuple(self._kept)


class Post:
    def __init__(
        self,
        carrier: Carrier | None,
        afterwards: Afterwards,
        *,
        waits_s: Sequence[float] = _WAITS_S,
    ) -> None:
        """Without a carrier no mail can be sent, and nothing that needs one is offered."""
        self._carrier = carrier
        self.afterwards = afterwards
        self._waits_s = waits_s
        self._turn = asyncio.Semaphore(_AT_ONCE)

    @property
    def is_open(self) -> bool:
        return self._carrier is not None

    def send(self, mail: Mail) -> None:
        """Returns at once; a slow server delays nobody."""
        self.afterwards.do("mail", lambda: self._deliver(mail))

    async def _deliver(self, mail: Mail) -> None:
        if self._carrier is None:
            return
        for wait_s in (*self._waits_s, None):
            try:
                async with self._turn:
                    await self._carrier.send(mail)
                return
            except RefusedMailError as error:
                log.warning("mail.refused", reason=str(error))
                return
            except OSError as error:
                log.warning("mail.failed", error=type(error).__name__, again_in_s=wait_s)
                if wait_s is not None:
                    await asyncio.sleep(wait_s)
