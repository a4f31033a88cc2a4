"""A virtual treadmill on demand: a real process, joined to a real server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from beatrunner.accounts.store import find_single_account
from beatrunner.cli.processes import admit_owners_bridge
from beatrunner.db.engine import Database
from beatrunner.devices.bridges import identify
from beatrunner.kit.errors import UnavailableError
from beatrunner.kit.settings import Settings
from tests.workouts.gym import open_gym


async def test_one_is_started_and_taken_again_and_ends_with_the_server(
    sqlite_address: str, tmp_path: Path
) -> None:
    database = Database(sqlite_address)
    async with open_gym(database, sqlite_address, tmp_path) as gym:
        virtual = gym.parts.virtual_bridges
        first, second = await asyncio.gather(
            virtual.start(gym.account_id), virtual.start(gym.account_id)
        )
        assert first == second
        assert await virtual.start(gym.account_id) == first
        items = (await gym.client.get("/v1/devices")).json()["items"]
        (bridge,) = [each for each in items if each["id"] == str(first)]
        assert (bridge["name"], bridge["is_virtual"]) == ("Virtual treadmill", True)
        seen = {each["kind"] for each in items if each["bridge_id"] == str(first)}
        assert seen >= {"treadmill"}
        (child,) = virtual._children.values()
        assert child.returncode is None
        await virtual.close()
        assert child.returncode == 0
    await database.close()


async def test_one_that_serve_started_keeps_its_token(sqlite_address: str, tmp_path: Path) -> None:
    """Even while it has no treadmill yet: another is started beside it."""
    database = Database(sqlite_address)
    async with open_gym(database, sqlite_address, tmp_path) as gym:
        token = await admit_owners_bridge(Settings(database_url=sqlite_address), is_virtual=True)
        async with database.read() as tx:
            owner = await find_single_account(tx, "owner")
        assert owner is not None
        assert token is not None
        started = await gym.parts.virtual_bridges.start(owner.id)
        async with database.read() as tx:
            assert (await identify(tx, token)).id != started
    await database.close()


async def test_one_that_does_not_start_is_told(
    sqlite_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_address)
    async with open_gym(database, sqlite_address, tmp_path) as gym:
        monkeypatch.setenv("BEATRUNNER_LOG_LEVEL", "no such level")
        with pytest.raises(UnavailableError, match="did not start"):
            await gym.parts.virtual_bridges.start(gym.account_id)
    await database.close()
