"""From the names in a history to tracks, the same in whatever order histories arrive.

A name that was written so before belongs to the track it belonged to then, which is how a runner's
corrections outlast imports. Any other belongs to the track of its match key (`core.matching`), made
when it is not there. A source's identifier may show that two keys are one recording: then the
younger track is merged into the older one. A merged track stays, as whatever points at it does, and
can be taken apart again; one that the runner took apart is merged by no import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.track_identity import name_key_of
from beatrunner.jobs.store import enqueue
from beatrunner.kit.ids import new_id
from beatrunner.music import name_store, store
from beatrunner.music.name_store import NewName
from beatrunner.music.play_table import TrackName


@dataclass(frozen=True, slots=True)
class Named:
    """For each name that was asked for its identifier, and the track under which it is counted."""

    name_ids: Sequence[UUID]
    track_ids: Sequence[UUID]


async def match_names(
    tx: AsyncConnection, account_id: UUID, names: Sequence[TrackName], now: datetime
) -> Named:
    """Store what is new of them. The caller holds the account's import lock."""
    keys = [name_key_of(x.match_key, x.title, x.artist, x.source_id) for x in names]
    known = await name_store.list_names_by_key(tx, account_id, set(keys))
    new = {key: name for key, name in zip(keys, names, strict=True) if key not in known}
    by_key = await store.list_tracks_by_match_key(
        tx, account_id, {name.match_key for name in new.values()}
    )
    by_source_id = await store.list_tracks_by_source_id(
        tx, account_id, {name.source_id for name in new.values() if name.source_id}
    )
    apart = await name_store.list_apart(tx, account_id)
    new_tracks: dict[UUID, TrackName] = {}
    new_names: list[NewName] = []
    new_source_ids: dict[str, UUID] = {}
    same: list[tuple[UUID, UUID]] = []
    for key, name in new.items():
        track_id = by_source_id.get(name.source_id or "")
        if track_id not in apart:
            track_id = by_key.get(name.match_key)
        if track_id is None:
            track_id = by_key[name.match_key] = new_id()
            new_tracks[track_id] = name
        new_names.append(NewName(new_id(), key, track_id, name))
        known[key] = new_names[-1].id, track_id
        if name.source_id and name.source_id not in by_source_id:
            by_source_id[name.source_id] = new_source_ids[name.source_id] = track_id
        elif name.source_id and by_source_id[name.source_id] != track_id:
            same.append((track_id, by_source_id[name.source_id]))
    if new_tracks:
        await store.insert_tracks(tx, account_id, new_tracks, now)
    if new_names:
        await name_store.insert_names(tx, account_id, new_names)
    if new_source_ids:
        await store.insert_source_ids(tx, account_id, new_source_ids)
    roots = await merge_same(tx, account_id, same, now, new_tracks)
    return Named(
        name_ids=[known[key][0] for key in keys],
        track_ids=[roots.get(known[key][1], known[key][1]) for key in keys],
    )


async def merge_same(
    tx: AsyncConnection,
    account_id: UUID,
    same: Iterable[tuple[UUID, UUID]],
    now: datetime,
    without_plays: Iterable[UUID] = (),
) -> dict[UUID, UUID]:
    """Merge each pair, the younger track into the older one, where the runner did not take one of
    them apart; by track the one that it is merged into then."""
    roots = await name_store.list_merged(tx, account_id)
    pairs = list(same)
    if not pairs:
        return roots
    apart = await name_store.list_apart(tx, account_id)
    fresh = set(without_plays)
    merged: dict[UUID, list[UUID]] = defaultdict(list)
    for track_id, root in roots.items():
        merged[root].append(track_id)
    changed: set[UUID] = set()
    for one, other in pairs:
        older, younger = sorted((roots.get(one, one), roots.get(other, other)))
        if older == younger or not apart.isdisjoint((one, other)):
            continue
        await name_store.update_merged(tx, account_id, younger, older)
        moved = [younger, *merged.pop(younger, ())]
        merged[older] += moved
        roots |= dict.fromkeys(moved, older)
        if younger not in fresh:
            await name_store.update_plays(tx, account_id, younger, older)
            changed |= {younger, older}
    if changed:
        await tell_changed(tx, account_id, changed, now)
    return roots


async def tell_changed(
    tx: AsyncConnection, account_id: UUID, track_ids: Iterable[UUID], now: datetime
) -> None:
    """Have everything computed anew that has plays of these tracks."""
    payload = {"track_ids": sorted(map(str, track_ids))}
    await enqueue(tx, "track.changed", payload, account_id=account_id, now=now)
