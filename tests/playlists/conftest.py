from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import insert

from beatrunner.db.engine import Database
from beatrunner.db.insight_tables import insight_effects
from beatrunner.db.tables import music_events, track_source_ids, tracks
from beatrunner.kit.ids import new_id
from beatrunner.playlists import api as playlists_api
from beatrunner.playlists.playlists import Playlists
from tests.conftest import HeldClock
from tests.web.client import make_app, signed_in_client

ROUTE = "/v1/playlists"
CADENCE = {"kind": "cadence", "cadence_spm": 170}


class Songs:
    """One account's songs."""

    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        self._database = database
        self._clock = clock
        self.account_id = account_id

    async def add(
        self,
        title: str,
        tempo_bpm: float | None,
        *,
        artist: str | None = None,
        length_s: float | None = None,
        heard_days_ago: float = 100.0,
        is_skipped: bool = False,
        verdict: str = "single",
        spotify: str | None = None,
    ) -> UUID:
        track_id = new_id()
        owned = {"account_id": self.account_id}
        async with self._database.write() as tx:
            await tx.execute(
                insert(tracks).values(
                    id=track_id,
                    match_key=title,
                    kind="music",
                    title=title,
                    artist=artist or f"{title} Band",
                    tempo_bpm=tempo_bpm,
                    tempo_source=tempo_bpm and "manual",
                    tempo_verdict=tempo_bpm and verdict,
                    created_at=self._clock(),
                    **owned,
                )
            )
            if spotify is not None:
                await tx.execute(
                    insert(track_source_ids).values(track_id=track_id, source_id=spotify, **owned)
                )
            if length_s is not None:
                started_at = self._clock() - timedelta(days=heard_days_ago)
                await tx.execute(
                    insert(music_events).values(
                        track_id=track_id,
                        name_id=track_id,
                        started_at=started_at,
                        ended_at=started_at + timedelta(seconds=length_s),
                        provenance="spotify_export",
                        uncertainty_s=1.0,
                        is_skipped=is_skipped,
                        is_offline=False,
                        **owned,
                    )
                )
        return track_id

    async def add_effects(self, **verdicts: str) -> None:
        """`verdicts` by response; each with one track: `speed={track_id}:raises`."""
        async with self._database.write() as tx:
            for response, told in verdicts.items():
                track_id, verdict = told.split(":")
                await tx.execute(
                    insert(insight_effects).values(
                        account_id=self.account_id,
                        response=response,
                        is_causal=False,
                        effects={"tracks": [{"track_id": track_id, "verdict": verdict}]},
                    )
                )


@pytest.fixture
def songs(database: Database, clock: HeldClock, account_id: UUID) -> Songs:
    return Songs(database, clock, account_id)


@pytest.fixture
async def client(
    database: Database, clock: HeldClock, account_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    async with await client_of(database, clock, account_id) as client:
        yield client


async def client_of(database: Database, clock: HeldClock, account_id: UUID) -> httpx2.AsyncClient:
    app = make_app(
        database,
        clock,
        routers=[playlists_api.router, playlists_api.experiments_router],
        provided=[database, Playlists(database, clock)],
    )
    return await signed_in_client(app, account_id)


async def make(
    client: httpx2.AsyncClient, target: Any = CADENCE, minutes: float | None = 12
) -> dict[str, Any]:
    body = {"name": "Steady", "target": target, "minutes": minutes}
    answer = await client.post(ROUTE, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def titles(playlist: dict[str, Any]) -> list[str]:
    return [song["title"] for song in playlist["songs"]]


def notes(playlist: dict[str, Any]) -> dict[str, int]:
    return {note["code"]: note["count"] for note in playlist["notes"]}


async def change(client: httpx2.AsyncClient, playlist: dict[str, Any], **body: Any) -> Any:
    answer = await client.patch(f"{ROUTE}/{playlist['id']}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()
