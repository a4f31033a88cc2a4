"""Whether who follows something that goes on may go on following it.

A request is over before anybody could be sent away in the middle of it; a stream of events is
not. It asks here each time before it looks.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import store, token_store
from beatrunner.accounts.sign_ins import Asker, Identity, TokenHolder
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotSignedInError


class Welcome:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def require(self, tx: AsyncConnection, asker: Asker) -> None:
        """Raises NotSignedInError once the sign-in has ended or the token is no longer good."""
        now = self._clock()
        if isinstance(asker, Identity):
            is_welcome = bool(await store.list_alive_sign_ins(tx, [asker.sign_in_id], now))
        elif isinstance(asker, TokenHolder):
            is_welcome = await token_store.has_token(tx, asker.token_id, now)
        else:
            is_welcome = False
        if not is_welcome:
            raise NotSignedInError
