"""A worker process that is killed while it asks for tempi: nothing is lost, nothing told twice."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, func, select, update

from beatrunner.db.engine import Database
from beatrunner.db.live_tables import tempo_evidence
from beatrunner.db.tables import jobs, tracks
from beatrunner.kit.clock import system_clock
from beatrunner.music.tempo_sources import TempoSources
from beatrunner.providers.reccobeats import ReccoBeats
from tests.music.test_listens import add, at
from tests.providers.outside_fakes import SILENCE, Known, OutsideFake, Raw, reccobeats, standing
from tests.providers.test_reccobeats import key, spotify_id

SONGS = 40
#: The worker asks for thirty at a time.
FIRST_BATCH = 30
_PATIENCE_S = 60.0


def silent_once(fake: OutsideFake, at_request: int) -> OutsideFake:
    """Says nothing at one request, so that whoever asks can be killed while waiting."""
    usual = fake.reply

    def reply(path: str, query: dict[str, str]) -> Raw:
        return SILENCE if len(fake.asked) == at_request else usual(path, query)

    fake.reply = reply
    return fake


async def start_worker(
    folder: Path, database: str, fake: OutsideFake
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "beatrunner", "worker"),
        env={
            **os.environ,
            "BEATRUNNER_DATA_DIR": str(folder),
            "BEATRUNNER_DATABASE_URL": database,
            "BEATRUNNER_RECCOBEATS_ADDRESS": fake.address,
            "BEATRUNNER_LOG_LEVEL": "ERROR",
        },
    )


@dataclass
class Ledger:
    """What the database says of the account's tempi."""

    database: Database

    async def stored(self) -> tuple[int, int]:
        """Answers kept, and songs with a tempo."""
        evidence = select(func.count()).select_from(tempo_evidence)
        known = select(func.count()).where(tracks.c.tempo_bpm.is_not(None))
        async with self.database.read() as tx:
            return await tx.scalar(evidence) or 0, await tx.scalar(known) or 0

    async def unfinished(self) -> int:
        is_open = jobs.c.state.in_(("waiting", "running"))
        statement = select(func.count()).where(jobs.c.kind == "tempo.resolve", is_open)
        async with self.database.read() as tx:
            return await tx.scalar(statement) or 0

    async def end_claims(self) -> None:
        """As a minute does."""
        past = system_clock() - timedelta(seconds=1)
        async with self.database.write() as tx:
            await tx.execute(
                update(jobs).where(jobs.c.state == "running").values(claimed_until=past)
            )

    async def told(self) -> Counter[str]:
        """How often others were told of each track."""
        statement = select(jobs.c.payload).where(jobs.c.kind == "track.tempo_changed")
        async with self.database.read() as tx:
            rows = (await tx.execute(statement)).all()
        return Counter(track_id for row in rows for track_id in row.payload["track_ids"])


async def eventually(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while not await is_so():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)


async def ask_for(database: Database, account_id: UUID, fake: OutsideFake) -> None:
    """Give the account songs, and let them be asked for; that music came in is forgotten."""
    plays = [at(n, title=f"Song {n}", source_id=key(n)) for n in range(SONGS)]
    await add(database, account_id, *plays)
    source = ReccoBeats(fake.address, system_clock)
    async with database.write() as tx:
        await tx.execute(delete(jobs))
        await TempoSources([source], system_clock).turn(tx, account_id, source.name, True)


async def test_a_killed_worker_loses_and_doubles_nothing(
    database: Database, database_address: str, account_id: UUID, tmp_path: Path
) -> None:
    catalogue = [Known(spotify_id(n), None, 100.0 + n) for n in range(SONGS)]
    fake = silent_once(reccobeats(*catalogue), 2)
    ledger = Ledger(database)

    async def is_waiting() -> bool:
        return len(fake.asked) == 2

    async def is_done() -> bool:
        return await ledger.unfinished() == 0

    async with standing(fake):
        await ask_for(database, account_id, fake)
        worker = await start_worker(tmp_path, database_address, fake)
        await eventually(is_waiting)
        worker.kill()
        await worker.wait()
        # It was in the middle: what had been answered is there, and the rest is not.
        assert await ledger.stored() == (FIRST_BATCH, FIRST_BATCH)
        assert await ledger.unfinished() == 1
        await ledger.end_claims()
        worker = await start_worker(tmp_path, database_address, fake)
        try:
            await eventually(is_done)
        finally:
            worker.terminate()
            await worker.wait()

    assert await ledger.stored() == (SONGS, SONGS)
    asked = Counter(name for _, query in fake.asked for name in query["ids"].split(","))
    # Only what nobody answered was asked for again.
    assert sorted(asked.values()) == [1] * FIRST_BATCH + [2] * (SONGS - FIRST_BATCH)
    assert sorted((await ledger.told()).values()) == [1] * SONGS
