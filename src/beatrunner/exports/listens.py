"""Listens for ListenBrainz, and for whoever reads what it exports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.listenbrainz_writer import write_listen
from beatrunner.exports import store

_LINES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which listens: of all or one song, begun from `after` on and before `before`."""

    after: datetime | None = None
    before: datetime | None = None
    track_id: UUID | None = None


async def listen_lines(
    tx: AsyncConnection, account_id: UUID, wanted: Wanted | None = None
) -> AsyncIterator[bytes]:
    """In pieces of many lines. Only music: ListenBrainz takes no podcasts and no books."""
    asked = wanted or Wanted()
    songs = await store.list_heard_tracks(tx, account_id)
    identities = await store.list_song_identities(tx, account_id, songs.keys())
    lines: list[bytes] = []
    async for row in store.list_listens(tx, account_id, asked.after, asked.before, asked.track_id):
        song = songs.get(row.track_id)
        if song is None:
            continue
        named = identities.get(row.track_id, ())
        lines.append(
            write_listen(song.title, song.artist, song.album, row.started_at, row.ended_at, named)
        )
        if len(lines) == _LINES_AT_ONCE:
            yield b"".join(lines)
            lines.clear()
    yield b"".join(lines)
