"""Artists for the plays of Apple's export, which names them elsewhere (`codecs.apple_artists`).

What its lists say is kept, so that they may come before the plays or after them, in the same import
or in another. A title that several artists have gets none: a wrong artist is a wrong song.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.apple_artists import Song, read_apple_artists
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.listening import ListenKind
from beatrunner.core.matching import track_key
from beatrunner.core.track_identity import APPLE, match_key_of
from beatrunner.db.locks import lock_imports
from beatrunner.imports.outcomes import Outcome, Reader, SourceFile, Stored
from beatrunner.kit.clock import Clock
from beatrunner.music import artist_store
from beatrunner.music.naming import match_names
from beatrunner.music.play_table import PlayTable, TrackName


class AppleArtistImporter:
    """Stores who sings what, and gives artists to songs that came without one."""

    readers: Mapping[FileKind, Reader] = {FileKind.APPLE_ARTISTS: read_apple_artists}
    keeps_original = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def store(
        self, tx: AsyncConnection, source: SourceFile, content: Sequence[Song]
    ) -> Stored:
        await lock_imports(tx, source.account_id)
        told = {(_key(title, ""), _key("", artist)): artist for title, artist in content}
        added = await artist_store.insert_artists(tx, source.account_id, told)
        await _name_artists(tx, source.account_id, self._clock())
        return Stored(Outcome.IMPORTED if added else Outcome.ALREADY_THERE)


async def give_artists(tx: AsyncConnection, account_id: UUID, plays: PlayTable) -> None:
    """Fill in, in place, the artists that are known."""
    plays.names[:] = await _with_artists(tx, account_id, plays.names)


async def _name_artists(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    """Songs that were imported without an artist and have one now become that artist's."""
    without = await artist_store.list_names_without_artist(tx, account_id, APPLE)
    names = [name for name in await _with_artists(tx, account_id, without) if name.artist]
    named = await match_names(tx, account_id, names, now)
    for track_id, name in zip(named.track_ids, names, strict=True):
        await artist_store.update_missing_artist(tx, track_id, name.artist)


async def _with_artists(
    tx: AsyncConnection, account_id: UUID, names: Iterable[TrackName]
) -> list[TrackName]:
    names = list(names)
    wanted = {_key(name.title, "") for name in names if _is_without(name)}
    known = await artist_store.list_single_artists(tx, account_id, wanted)
    return [
        _named(name, known[key])
        if _is_without(name) and (key := _key(name.title, "")) in known
        else name
        for name in names
    ]


def _is_without(name: TrackName) -> bool:
    return not name.artist and (name.source_id or "").startswith(APPLE)


def _named(name: TrackName, artist: str) -> TrackName:
    match_key = match_key_of(ListenKind.MUSIC, name.title, artist)
    return replace(name, artist=artist, match_key=match_key)


def _key(title: str, artist: str) -> str:
    return hashlib.sha256(track_key(title, artist).encode()).hexdigest()
