"""What is done afterwards is done before the database goes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from beatrunner.db.engine import Database
from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.post import Post
from tests.conftest import HeldClock
from tests.web.client import make_app


@pytest.fixture
async def afterwards(database: Database) -> AsyncIterator[Afterwards]:
    found = Afterwards()
    yield found
    await found.close()


@pytest.fixture
async def app(database: Database, clock: HeldClock) -> AsyncIterator[FastAPI]:
    made = make_app(database, clock)
    yield made
    await made.state.provided[Post].afterwards.close()
