"""Tells the tempi of the demo runner's songs, as the tags of somebody's own files would.

Exports carry no tempi, and nobody outside knows these songs.
"""

from __future__ import annotations

from beatrunner.accounts.store import get_account
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.demo.songs import songs
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.clock import Clock
from beatrunner.music.store import list_tracks_by_source_id
from beatrunner.music.tempo import OwnSource
from beatrunner.music.tempo_settling import Settling
from beatrunner.music.tempo_store import OwnReading, upsert_reading


class DemoTempi:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._settling = Settling(clock, ())

    @job("music.imported")
    async def on_music(self, claimed: ClaimedJob) -> None:
        tempi = {song.source_id: song.tempo_bpm for song in songs()}
        async with self._database.write() as tx:
            if (await get_account(tx, claimed.account_id)).kind != "demo":
                return
            await lock_imports(tx, claimed.account_id)
            known = await list_tracks_by_source_id(tx, claimed.account_id, tempi.keys())
            for source_id, track_id in known.items():
                reading = OwnReading(OwnSource.TAG, tempi[source_id], None, self._clock())
                await upsert_reading(tx, claimed.account_id, track_id, reading)
            await self._settling.settle(tx, claimed.account_id, list(known.values()))
