from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from beatrunner.db.engine import Database
from tests.workouts.gym import Gym, open_gym


@pytest.fixture
async def gym(database: Database, database_address: str, tmp_path: Path) -> AsyncIterator[Gym]:
    """A server with a runner and a bridge, on both databases in turn."""
    async with open_gym(database, database_address, tmp_path) as found:
        yield found


@pytest.fixture
async def sqlite_gym(sqlite_address: str, tmp_path: Path) -> AsyncIterator[Gym]:
    """The same on SQLite alone, for what no database decides."""
    database = Database(sqlite_address)
    async with open_gym(database, sqlite_address, tmp_path) as found:
        yield found
    await database.close()
