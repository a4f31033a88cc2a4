"""Ten thousand devices renew their sessions, and some answers get lost on the way.

Each device renews time and again. One answer in a hundred is lost, and the device asks again with
the token that it has, as a browser does; nobody may be signed out by that. In the end somebody
shows a token that was replaced long ago: that sign-in, and none but that, is over, for the thief
and for the runner, at once.

Negative control: the same devices, when they ask again after the time of grace. Without one, as
rotation is often built, that would be every one of them.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from beatrunner.accounts import store
from beatrunner.accounts.sign_ins import GRACE, Session, SignIns
from beatrunner.accounts.tokens import AccessTokens, RefreshTokens
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.errors import NotSignedInError
from beatrunner.kit.keyring import Keyring
from benchmarks.figures import Report, at_least, at_most, plain

_DEVICES = 10_000
_LOST = 0.01
_ROUNDS = 2
_REPLAYED = 100
_AT_ONCE = 50
#: When a device asks again whose answer was lost.
_SOON_S = 5.0
_TOO_LATE_S = 2 * GRACE.total_seconds()


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-refresh-") as folder:
        return asyncio.run(measure(Path(folder), _DEVICES))


async def measure(folder: Path, devices: int) -> Report:
    clock = _Clock()
    database = Database(f"sqlite:///{folder / 'beatrunner.db'}")
    await upgrade(database)
    ring = Keyring([ServerSecret(bytes(32))])
    lifetime = timedelta(days=30)
    sign_ins = SignIns(
        database, clock, AccessTokens(ring, clock, 900), RefreshTokens(ring), lifetime
    )
    try:
        crowd = _Crowd(sign_ins, clock, random.Random(6))
        await crowd.sign_in(database, devices)
        signed_out = sum([await crowd.renew(_SOON_S) for _ in range(_ROUNDS)])
        lost = crowd.lost
        control = await crowd.renew(_TOO_LATE_S)
        late_s, survivors, bystanders = await crowd.replay(min(_REPLAYED, devices // 20))
    finally:
        await database.close()
    return {
        "bench": "refresh",
        "figures": [
            plain("devices", devices, "devices"),
            at_least("lost answers", lost, "answers", devices * _ROUNDS * _LOST / 2),
            at_most("signed out though they did nothing wrong", signed_out, "devices", 0),
            at_most("a replayed token leaves its sign-in alive", survivors, "sign-ins", 0),
            at_most("sign-ins that end with somebody else's", bystanders, "sign-ins", 0),
            at_most("from the replay to the end, at the longest", late_s, "s", 1),
            at_least("signed out when they ask too late (control)", control, "devices", 1),
        ],
    }


class _Crowd:
    """Devices, each with the session that it holds until it is signed out."""

    def __init__(self, sign_ins: SignIns, clock: _Clock, chance: random.Random) -> None:
        self._sign_ins = sign_ins
        self._clock = clock
        self._chance = chance
        self._held: dict[int, Session] = {}
        self._before: dict[int, Session] = {}
        self.lost = 0

    async def sign_in(self, database: Database, devices: int) -> None:
        async with database.write() as tx:
            account = await store.upsert_single_account(tx, "owner", "Owner", self._clock())
            for device in range(devices):
                self._held[device] = await self._sign_ins.open_session(tx, account)

    async def renew(self, wait_s: float) -> int:
        """Everybody, once, and again after `wait_s` whose answer was lost. Returns how many were
        signed out by that.
        """
        self._clock.now += timedelta(minutes=15)
        self._before = dict(self._held)
        lost = {one for one in self._held if self._chance.random() < _LOST}
        self.lost += len(lost)
        signed_out = await self._ask(list(self._held), lost)
        self._clock.now += timedelta(seconds=wait_s)
        return signed_out + await self._ask(sorted(lost), set())

    async def _ask(self, devices: list[int], lost: set[int]) -> int:
        """Renew these, but do not let them see the answers that are lost."""
        signed_out = 0
        for first in range(0, len(devices), _AT_ONCE):
            some = devices[first : first + _AT_ONCE]
            answers = await asyncio.gather(
                *(self._sign_ins.refresh(self._held[one].refresh_token) for one in some),
                return_exceptions=True,
            )
            for one, answer in zip(some, answers, strict=True):
                if isinstance(answer, NotSignedInError):
                    signed_out += 1
                    del self._held[one]
                elif isinstance(answer, BaseException):
                    raise answer
                elif one not in lost:
                    self._held[one] = answer
        return signed_out

    async def replay(self, thefts: int) -> tuple[float, int, int]:
        """Show the tokens before the last of some devices. Returns the longest time until such a
        sign-in was over, how many were not, and how many others are.
        """
        self._clock.now += 2 * GRACE
        robbed = self._chance.sample(sorted(self._held), thefts)
        longest_s, survivors = 0.0, 0
        for one in robbed:
            await self._sign_ins.identify(self._held[one].access_token)
            started_s = time.perf_counter()
            for use, token in (
                (self._sign_ins.refresh, self._before[one].refresh_token),
                (self._sign_ins.refresh, self._held[one].refresh_token),
                (self._sign_ins.identify, self._held[one].access_token),
            ):
                survivors += await self._works(use, token)
            longest_s = max(longest_s, time.perf_counter() - started_s)
            del self._held[one]
        others = [
            await self._works(self._sign_ins.identify, one.access_token)
            for one in self._held.values()
        ]
        return longest_s, survivors, others.count(False)

    async def _works(self, use: Callable[[str], Awaitable[object]], token: str) -> bool:
        try:
            await use(token)
        except NotSignedInError:
            return False
        return True
