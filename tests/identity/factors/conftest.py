from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from beatrunner.db.engine import Database
from tests.conftest import HeldClock
from tests.identity.factors.runner import Runner, make_runner
from tests.web.client import make_app


@pytest.fixture
def app(database: Database, clock: HeldClock) -> FastAPI:
    return make_app(database, clock)


@pytest.fixture
async def runner(app: FastAPI, database: Database, clock: HeldClock) -> AsyncIterator[Runner]:
    found = await make_runner(app, database, clock)
    yield found
    await found.client.aclose()
