"""A sign-in, from its first session to its end.

Its row holds a generation; only the refresh token of that generation gives the next session,
and moves the generation on. Networks lose answers, and two tabs ask at once, so for
`GRACE` after a rotation the token before and the new one both give the *same* new token, and
nothing moves. After that an old token can only be a copy: the sign-in ends, for the copy and
for its owner.

Every request asks whether its sign-in is still alive. The answer is remembered for a few
seconds, so an ended sign-in is refused everywhere soon after, and at once in this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import store
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.store import Account, SignIn
from beatrunner.accounts.this_computer import Caller
from beatrunner.accounts.tokens import AccessClaims, AccessTokens, RefreshClaims, RefreshTokens
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_ways_in
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import (
    ForbiddenError,
    NotFoundError,
    NotSignedInError,
    UnavailableError,
)
from beatrunner.kit.log import logger

GRACE = timedelta(seconds=10)
#: How long it is believed that who signed in, or was asked again, still sits there.
FRESH = timedelta(minutes=10)

_REMEMBER_S = 3.0
_MAX_REMEMBERED = 10_000

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    access_token: str
    expires_in_s: int
    refresh_token: str
    refresh_expires_in_s: int
    account: Account


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom something is asked: by themself, or by a script that has a token of theirs."""

    account_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class Identity(Asker):
    """Who asks, themself."""

    sign_in_id: UUID


@dataclass(frozen=True, slots=True)
class TokenHolder(Asker):
    """A script with a personal token."""

    token_id: UUID


async def require_alive(tx: AsyncConnection, identity: Identity, now: datetime) -> None:
    """Ask again, first in the transaction that changes how they sign in, or gives what outlives
    their sign-in: it may have ended while the request waited for its turn.

    Takes `lock_ways_in`. Whoever locks more than one sign-in has that lock, so none waits in a
    circle. Raises NotSignedInError.
    """
    await lock_ways_in(tx, identity.account_id)
    found = await store.find_sign_in(tx, identity.sign_in_id, lock=True)
    if found is None or not found.is_alive(now):
        raise NotSignedInError


class SignIns:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        access_tokens: AccessTokens,
        refresh_tokens: RefreshTokens,
        lifetime: timedelta,
        *,
        ticks_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._access_tokens = access_tokens
        self._refresh_tokens = refresh_tokens
        self._lifetime = lifetime
        # Not the clock, which may be set back while answers are remembered.
        self._ticks_s = ticks_s
        # In the order of asking, so that the oldest is the first to forget.
        self._alive: dict[UUID, tuple[float, Identity]] = {}

    async def open_session(
        self, tx: AsyncConnection, account: Account, caller: Caller | None = None
    ) -> Session:
        """A new sign-in, in the given transaction. Raises ForbiddenError."""
        if account.disabled_at is not None:
            raise ForbiddenError("This account has been closed.", kind="account-disabled")
        now = self._clock()
        await store.delete_spent_sign_ins(tx, account.id, now)
        device = caller.device_name if caller else None
        expires_at = now + self._lifetime
        sign_in_id = await store.insert_sign_in(tx, account.id, now, expires_at, device)
        # The demo runner is everybody's, and nobody is to read there who else came by.
        if account.kind != "demo":
            await record(tx, account.id, SecurityEvent.SIGNED_IN, caller=caller, now=now)
        return self._session(account, RefreshClaims(sign_in_id, 0), self._lifetime)

    async def open_single(
        self, kind: str, display_name: str, caller: Caller | None = None
    ) -> Session:
        """Sign in the only account of its kind ("owner", "demo"), made on first use."""
        async with self._database.write() as tx:
            account = await store.upsert_single_account(tx, kind, display_name, self._clock())
            return await self.open_session(tx, account, caller)

    async def refresh(self, token: str, caller: Caller | None = None) -> Session:
        """The next session of a sign-in. Raises NotSignedInError."""
        claims = self._refresh_tokens.read(token)
        try:
            async with self._database.write() as tx:
                session = await self._rotate(tx, claims, caller)
        except UnavailableError:
            # A full disk is no reason to send away who only wants to look.
            async with self._database.read() as tx:
                session = await self._stay(tx, claims)
        if session is None:
            # Only here, after the transaction, so that the end of a copied sign-in stays.
            self._alive.pop(claims.sign_in_id, None)
            raise NotSignedInError
        return session

    async def _rotate(
        self, tx: AsyncConnection, claims: RefreshClaims, caller: Caller | None
    ) -> Session | None:
        now = self._clock()
        found = await store.find_sign_in(tx, claims.sign_in_id, lock=True)
        if found is None or not found.is_alive(now):
            return None
        generation = found.generation
        is_lately = now - found.rotated_at < GRACE
        is_here = caller is None or caller.device_name == found.device_name
        if is_lately and is_here and claims.generation in (generation - 1, generation):
            pass
        elif claims.generation == generation:
            generation += 1
            await store.rotate_sign_in(tx, found.id, now)
        else:
            log.warning("sign_in.token_reused", sign_in=str(found.id))
            await store.end_sign_in(tx, found.id, now)
            await record(
                tx, found.account_id, SecurityEvent.REFRESH_TOKEN_REUSED, caller=caller, now=now
            )
            return None
        account = await store.get_account(tx, found.account_id)
        left = found.expires_at - now
        return self._session(account, RefreshClaims(found.id, generation), left)

    async def _stay(self, tx: AsyncConnection, claims: RefreshClaims) -> Session | None:
        """A session of the generation that there is, for whoever holds its token."""
        found = await store.find_sign_in(tx, claims.sign_in_id)
        now = self._clock()
        if found is None or not found.is_alive(now) or found.generation != claims.generation:
            return None
        account = await store.get_account(tx, found.account_id)
        return self._session(account, claims, found.expires_at - now)

    async def end(
        self, refresh_token: str | None, access_token: str | None, caller: Caller | None = None
    ) -> None:
        """Sign out whatever the tokens stand for; tokens that stand for nothing are ignored."""
        for token, read in (
            (refresh_token, self._refresh_tokens.read),
            (access_token, self._access_tokens.read),
        ):
            if token is None:
                continue
            try:
                claims = read(token)
            except NotSignedInError:
                continue
            async with self._database.write() as tx:
                found = await store.find_sign_in(tx, claims.sign_in_id, lock=True)
                if found is not None and found.is_alive(self._clock()):
                    await self._end(tx, found, SecurityEvent.SIGNED_OUT, caller)
            self._alive.pop(claims.sign_in_id, None)

    async def end_one(
        self, tx: AsyncConnection, account_id: UUID, sign_in_id: UUID, caller: Caller
    ) -> None:
        """Raises NotFoundError, also for somebody else's and for one that has ended."""
        found = await store.find_sign_in(tx, sign_in_id, lock=True)
        is_there = found is not None and found.is_alive(self._clock())
        if found is None or not is_there or found.account_id != account_id:
            raise NotFoundError("There is no such sign-in.")
        await self._end(tx, found, SecurityEvent.SIGN_IN_ENDED, caller)

    async def end_others(self, tx: AsyncConnection, identity: Identity, caller: Caller) -> None:
        """End every sign-in of the account but the one that asks. Call `require_alive` first."""
        ended = await self.end_all(tx, identity.account_id, but=identity.sign_in_id)
        if ended:
            await record(
                tx,
                identity.account_id,
                SecurityEvent.OTHER_SIGN_INS_ENDED,
                caller=caller,
                detail={"sign_ins": ended},
                now=self._clock(),
            )

    async def list_alive(self, tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
        """The last used first."""
        return await store.list_sign_ins(tx, account_id, self._clock())

    async def _end(
        self, tx: AsyncConnection, found: SignIn, kind: SecurityEvent, caller: Caller | None
    ) -> None:
        now = self._clock()
        await store.end_sign_in(tx, found.id, now)
        self._alive.pop(found.id, None)
        if found.account_kind != "demo":
            await record(tx, found.account_id, kind, caller=caller, now=now)

    async def identify(self, access_token: str) -> Identity:
        """Raises NotSignedInError."""
        claims = self._access_tokens.read(access_token)
        known = self._alive.get(claims.sign_in_id)
        if known is not None and self._ticks_s() - known[0] < _REMEMBER_S:
            identity = known[1]
        else:
            identity = await self._ask(claims)
        if identity.account_id != claims.account_id:
            raise NotSignedInError
        return identity

    async def require_fresh(self, identity: Identity) -> None:
        """Raises ForbiddenError unless they signed in, or were asked again, within `FRESH`."""
        if identity.kind == "demo":
            raise ForbiddenError("The demo runner is everybody's.", kind="demo")
        async with self._database.read() as tx:
            found = await store.find_sign_in(tx, identity.sign_in_id)
        if found is None or self._clock() - found.confirmed_at > FRESH:
            raise ForbiddenError("Show first that it is you.", kind="confirm-first")

    async def require_alive(self, tx: AsyncConnection, identity: Identity) -> None:
        """`require_alive`, by the clock of all sign-ins."""
        await require_alive(tx, identity, self._clock())

    async def confirm(self, tx: AsyncConnection, identity: Identity) -> None:
        """They have just shown that it is they."""
        await store.update_confirmed_at(tx, identity.sign_in_id, self._clock())

    async def end_all(
        self, tx: AsyncConnection, account_id: UUID, *, but: UUID | None = None
    ) -> int:
        """End every sign-in of the account, except `but`; returns how many there were.

        Call it under `lock_ways_in`.
        """
        ended = await store.end_sign_ins(tx, account_id, self._clock(), but=but)
        for sign_in_id in ended:
            self._alive.pop(sign_in_id, None)
        return len(ended)

    async def _ask(self, claims: AccessClaims) -> Identity:
        asked_at = self._ticks_s()
        self._alive.pop(claims.sign_in_id, None)
        async with self._database.read() as tx:
            found = await store.find_sign_in(tx, claims.sign_in_id)
        if found is None or not found.is_alive(self._clock()):
            raise NotSignedInError
        identity = Identity(found.account_id, found.account_kind, found.id)
        if len(self._alive) >= _MAX_REMEMBERED:
            del self._alive[next(iter(self._alive))]
        self._alive[found.id] = (asked_at, identity)
        return identity

    def _session(self, account: Account, claims: RefreshClaims, left: timedelta) -> Session:
        return Session(
            access_token=self._access_tokens.issue(AccessClaims(account.id, claims.sign_in_id)),
            expires_in_s=self._access_tokens.lifetime_s,
            refresh_token=self._refresh_tokens.issue(claims),
            refresh_expires_in_s=int(left.total_seconds()),
            account=account,
        )
