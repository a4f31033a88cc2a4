"""Plays become listens of the runner's own tracks, each once, in whatever order they arrive.

A play belongs to the track its source's id names; failing that, to the track of the same title
and artist (`core.matching`), so that releases of one recording and sources with different ids
meet in one track. The listen keeps what its source said; other sources' listens stay beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.core.matching import track_key
from beatrunner.jobs.store import enqueue
from beatrunner.kit.ids import new_id
from beatrunner.music import store

#: Databases index keys of up to about 2,700 bytes; a longer one is replaced by its hash.
_LONGEST_KEY_BYTES = 1_000

#: What names a track in a play: kind, source's id, title, artist.
_Name = tuple[ListenKind, str | None, str, str]


@dataclass(frozen=True, slots=True)
class ListensAdded:
    """The times span the listens that were added; None when there were none."""

    added: int
    already_there: int
    first_started_at: datetime | None = None
    last_ended_at: datetime | None = None


async def add_listens(
    tx: AsyncConnection,
    account_id: UUID,
    batch_id: UUID | None,
    provenance: str,
    listens: Sequence[RawListen],
    now: datetime,
) -> ListensAdded:
    """Store what is new, and enqueue the event `music.imported` when anything was.

    The event's payload: `first_started_at` and `last_ended_at` of what was added, in ISO 8601.
    """
    if not listens:
        return ListensAdded(0, 0)
    await store.lock_library(tx, account_id)
    tracks = await _match(tx, account_id, listens, now)
    known = await store.list_listen_keys(
        tx,
        account_id,
        provenance,
        min(listen.started_at for listen in listens),
        max(listen.started_at for listen in listens),
    )
    new: list[tuple[RawListen, UUID]] = []
    for listen in listens:
        track_id = tracks[_name(listen)]
        key = (listen.started_at, track_id)
        if key not in known:
            known.add(key)
            new.append((listen, track_id))
    if not new:
        return ListensAdded(0, len(listens))
    await store.insert_listens(
        tx,
        [_values(listen, track_id, account_id, batch_id, provenance) for listen, track_id in new],
    )
    first_started_at = min(listen.started_at for listen, _ in new)
    last_ended_at = max(listen.ended_at for listen, _ in new)
    await enqueue(
        tx,
        "music.imported",
        {
            "first_started_at": first_started_at.isoformat(),
            "last_ended_at": last_ended_at.isoformat(),
        },
        account_id=account_id,
        now=now,
    )
    return ListensAdded(len(new), len(listens) - len(new), first_started_at, last_ended_at)


async def _match(
    tx: AsyncConnection, account_id: UUID, listens: Iterable[RawListen], now: datetime
) -> dict[_Name, UUID]:
    """The track of every name, creating those that are missing."""
    examples = {_name(listen): listen for listen in listens}
    keys = {name: _match_key(listen) for name, listen in examples.items()}
    by_source_id = await store.list_tracks_by_source_id(
        tx, account_id, {listen.source_id for listen in examples.values() if listen.source_id}
    )
    by_key = await store.list_tracks_by_match_key(tx, account_id, set(keys.values()))
    new_tracks: list[dict[str, Any]] = []
    new_source_ids: list[dict[str, Any]] = []
    matched: dict[_Name, UUID] = {}
    for name, listen in examples.items():
        track_id = by_source_id.get(listen.source_id or "") or by_key.get(keys[name])
        if track_id is None:
            track_id = by_key[keys[name]] = new_id()
            new_tracks.append(
                {
                    "id": track_id,
                    "account_id": account_id,
                    "match_key": keys[name],
                    "kind": listen.kind,
                    "title": listen.title,
                    "artist": listen.artist,
                    "album": listen.album,
                    "created_at": now,
                }
            )
        if listen.source_id and listen.source_id not in by_source_id:
            by_source_id[listen.source_id] = track_id
            new_source_ids.append(
                {"account_id": account_id, "source_id": listen.source_id, "track_id": track_id}
            )
        matched[name] = track_id
    await store.insert_tracks(tx, new_tracks)
    await store.insert_source_ids(tx, new_source_ids)
    return matched


def _name(listen: RawListen) -> _Name:
    return listen.kind, listen.source_id, listen.title, listen.artist


def _match_key(listen: RawListen) -> str:
    """An episode is never the track of the same name."""
    key = track_key(listen.title, listen.artist)
    if listen.kind is not ListenKind.MUSIC:
        key = f"{listen.kind}\x1f{key}"
    encoded = key.encode()
    if len(encoded) > _LONGEST_KEY_BYTES:
        return hashlib.sha256(encoded).hexdigest()
    return key


def _values(
    listen: RawListen,
    track_id: UUID,
    account_id: UUID,
    batch_id: UUID | None,
    provenance: str,
) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "started_at": listen.started_at,
        "track_id": track_id,
        "provenance": provenance,
        "ended_at": listen.ended_at,
        "uncertainty_s": listen.uncertainty_s,
        "is_skipped": listen.is_skipped,
        "is_shuffled": listen.is_shuffled,
        "is_offline": listen.is_offline,
        "batch_id": batch_id,
    }
