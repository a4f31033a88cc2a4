"""Who asks, and what of it is counted.

Who brings a good access token is counted as that account, whoever does not as their network, where
others may be behind the same router: ten times as much. The demo account is shared by whoever comes
by, and counts by network, too. Handing in files has a tighter budget besides.

Nothing is counted of who sits at this computer (a limit keeps strangers from each other, and it is
theirs), of pages, tiles and other files, and of health and metrics; nor of signing out, which
nobody may be kept from.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from beatrunner.accounts.build import Accounts
from beatrunner.accounts.personal_tokens import is_personal
from beatrunner.accounts.sign_ins import Asker
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ProductError
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.networks import network_of
from beatrunner.kit.settings import Settings
from beatrunner.limits.limiter import RequestLimiter
from beatrunner.limits.policy import Ask, Policy, Verdict

_COUNTED = "/v1/"
_SIGN_OUT = "/v1/auth/sign-out"
_IMPORTS = frozenset({"/v1/activities/imports", "/v1/music/imports"})
#: A club behind one router shares its address.
_NETWORK_SHARE = 10


class Policies:
    def __init__(self, settings: Settings) -> None:
        self.account = Policy("account", settings.requests_per_hour)
        self.network = Policy("network", settings.requests_per_hour * _NETWORK_SHARE)
        self.imports = Policy("imports", settings.imports_per_hour)

    @property
    def all(self) -> Sequence[Policy]:
        return self.account, self.network, self.imports


class Gate:
    """Who asks, and under which policies."""

    def __init__(
        self,
        policies: Policies,
        limiter: RequestLimiter,
        key: bytes,
        accounts: Accounts,
    ) -> None:
        self._policies = policies
        self._limiter = limiter
        self._sign_ins = accounts.sign_ins
        self._tokens = accounts.personal_tokens
        self._this_computer = accounts.this_computer
        self._key = key

    async def admit(self, method: str, path: str, caller: Caller) -> Verdict | None:
        """None for what is not counted."""
        if not path.startswith(_COUNTED) or path == _SIGN_OUT:
            return None
        if self._this_computer.is_open(caller):
            return None
        identity = await self._identify(caller.headers.get("authorization", ""))
        if identity is None or identity.kind == "demo":
            subject = self._subject("network", network_of(caller.peer))
            asks = [Ask(self._policies.network, subject)]
        else:
            subject = self._subject("account", identity.account_id.hex)
            asks = [Ask(self._policies.account, subject)]
        if method == "POST" and path in _IMPORTS:
            asks.append(Ask(self._policies.imports, subject))
        return await self._limiter.take(asks)

    async def _identify(self, authorization: str) -> Asker | None:
        # As the routes read it, spaces and all.
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer":
            return None
        try:
            if is_personal(token):
                return await self._tokens.find_holder(token)
            return await self._sign_ins.identify(token)
        except ProductError:
            # The route will say what is wrong.
            return None

    def _subject(self, kind: str, value: str) -> str:
        # What is written down lists neither accounts nor who came by.
        return hmac.digest(self._key, f"{kind}|{value}".encode(), "sha256").hex()


def build_gates(
    settings: Settings,
    database: Database,
    clock: Clock,
    ring: Keyring,
    doors: Sequence[Accounts],
) -> tuple[RequestLimiter, Sequence[Gate]]:
    """One for each of the applications of a process, which count together."""
    policies = Policies(settings)
    limiter = RequestLimiter.build(policies.all, database, clock, settings.redis_url)
    # The first secret: a newer one must not make everybody a stranger.
    key = ring.first.derive_key("request-limits")
    return limiter, [Gate(policies, limiter, key, accounts) for accounts in doors]
