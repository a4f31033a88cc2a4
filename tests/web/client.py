"""Applications and clients for tests: everything real but the network and the clock."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import httpx2
from fastapi import APIRouter, FastAPI

from beatrunner.accounts import api as accounts_api
from beatrunner.accounts import store
from beatrunner.accounts.access import api as access_api
from beatrunner.accounts.build import build_accounts
from beatrunner.accounts.passwords import StolenPasswords
from beatrunner.accounts.runner_profile import RunnerProfiles
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.db.engine import Database
from beatrunner.identity import api as identity_api
from beatrunner.identity.build import build_identity
from beatrunner.identity.factors import api as factors_api
from beatrunner.identity.ways import api as ways_api
from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.clock import Clock
from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.post import Outbox, Post
from beatrunner.kit.settings import Settings
from beatrunner.limits.gate import Gate, Policies
from beatrunner.limits.ledger import Ledger
from beatrunner.limits.limiter import RequestLimiter
from beatrunner.limits.local import LocalCounts
from beatrunner.web.app import create_app
from beatrunner.web.pages import Pages
from tests.limits.stop_watch import StopWatch

BASE_URL = "http://127.0.0.1:8000"
RING = Keyring([ServerSecret(b"a secret that only tests know of")])


def make_app(
    database: Database,
    clock: Clock,
    *,
    settings: Settings | None = None,
    routers: Sequence[APIRouter] = (),
    provided: Sequence[object] = (),
    pages: Pages | None = None,
    stolen: StolenPasswords | None = None,
) -> FastAPI:
    """The accounts' routes and what a test adds to them."""
    settings = settings or Settings()
    accounts = build_accounts(settings, database, clock, RING, stolen)
    policies = Policies(settings)
    local = LocalCounts(policies.all, ticks_s=StopWatch())
    limiter = RequestLimiter(local, Ledger(database, clock))
    gate = Gate(policies, limiter, b"a key", accounts)
    outbox = Outbox(clock, is_used=True)
    post = Post(outbox, Afterwards())
    return create_app(
        [
            accounts_api.router,
            access_api.router,
            identity_api.router,
            factors_api.router,
            ways_api.router,
            *routers,
        ],
        [
            database,
            *accounts.provided,
            *build_identity(settings, database, clock, accounts, RING, post),
            post,
            outbox,
            RunnerProfiles(clock),
            *provided,
        ],
        settings,
        pages=pages,
        gate=gate,
    )


def make_client(
    app: FastAPI, *, peer: str = "127.0.0.1", base_url: str = BASE_URL
) -> httpx2.AsyncClient:
    """A client of nobody in particular, on this computer unless told otherwise."""
    transport = httpx2.ASGITransport(app=app, client=(peer, 50_000))
    return httpx2.AsyncClient(transport=transport, base_url=base_url)


async def signed_in_client(app: FastAPI, account_id: UUID) -> httpx2.AsyncClient:
    """A client with an access token of this account, made without any door."""
    found = app.state.provided
    sign_ins: SignIns = found[SignIns]
    database: Database = found[Database]
    async with database.write() as tx:
        account = await store.get_account(tx, account_id)
        session = await sign_ins.open_session(tx, account)
    client = make_client(app)
    client.headers["Authorization"] = f"Bearer {session.access_token}"
    return client
