"""`./dev bench move`, small: every table arrives as it was, and the bench would see one that did
not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.move import measure
from tests.conftest import PostgresServer


async def test_every_table_arrives_as_it_was(
    tmp_path: Path, postgres: PostgresServer, postgres_address: str
) -> None:
    postgres.run("CREATE DATABASE bare_of_move;")
    bare = postgres.address_of("bare_of_move")
    found = await asyncio.to_thread(measure, tmp_path, postgres_address, bare, 3, 100)
    postgres.run("DROP DATABASE bare_of_move WITH (FORCE);")
    assert found.different == []
    assert found.control == ["music_events"]
    assert found.rows > 100
