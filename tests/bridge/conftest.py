from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from beatrunner.db.engine import Database
from tests.workouts.gym import Gym, open_gym


@pytest.fixture
async def sqlite_gym(sqlite_address: str, tmp_path: Path) -> AsyncIterator[Gym]:
    """A real server with a runner and a bridge."""
    database = Database(sqlite_address)
    async with open_gym(database, sqlite_address, tmp_path) as found:
        yield found
    await database.close()
