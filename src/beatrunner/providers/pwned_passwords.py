"""Have I Been Pwned's list of stolen passwords, asked without telling the password.

`GET /range/{first five hex digits of its SHA-1}` answers the rest of each hash that begins so, and
how often it was seen: `0018A45C4D1DEF81644B54AB7F969B88D65:10`, one a line, some hundreds of them.
Which one is meant stays here. With `Add-Padding` lines with a count of 0 make all answers about as
long, so that who watches the line does not learn the five digits from that.
"""

from __future__ import annotations

import asyncio
import hashlib

from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger
from beatrunner.kit.outside import OutsideService, RefusedCallError, RestsError

#: Somebody waits for it, who has just chosen a password.
_PATIENCE_S = 2.0
_TOLD_DIGITS = 5

log = logger(__name__)


class PwnedPasswords:
    def __init__(self, address: str, clock: Clock, *, patience_s: float = _PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._service = OutsideService(
            "pwned passwords",
            address,
            clock,
            least_interval_s=0.0,
            patience_s=patience_s,
            headers={"Accept": "text/plain", "Add-Padding": "true"},
        )

    async def holds(self, password: str) -> bool:
        """False as well where it does not answer soon: nobody is kept waiting, or sent away, by
        somebody else's trouble.
        """
        digits = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        told, kept = digits[:_TOLD_DIGITS], digits[_TOLD_DIGITS:]
        try:
            # Those who come at once are asked about one after the other.
            async with asyncio.timeout(self._patience_s):
                lines = (await self._service.get_text(f"/range/{told}")).splitlines()
        except (TimeoutError, RestsError, RefusedCallError) as error:
            log.warning("pwned_passwords.unasked", error=type(error).__name__)
            return False
        counts = dict(line.partition(":")[::2] for line in lines)
        return counts.get(kept, "0") != "0"

    async def close(self) -> None:
        await self._service.close()
