"""A new recording joins the run it is of, or begins one, in the transaction that stores it.

Runs that came with an account's export, put together as they were, meet those that were there
before in the same way once all of it is in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import recording_store, store
from beatrunner.activities.composing import (
    Said,
    recompose,
    recorded_run,
    shown_of_one,
    tell,
)
from beatrunner.activities.streams import unseal_streams
from beatrunner.activities.visibility import Visibility
from beatrunner.core.provenance import COMBINING
from beatrunner.core.same_run import RecordedRun, same_run
from beatrunner.db.types import AnyRow
from beatrunner.kit.ids import new_id

#: A clock that is wrong by a zone.
_NEARBY = timedelta(hours=14)


async def add_recording(
    tx: AsyncConnection, said: Mapping[str, Any], parts: Mapping[str, bytes]
) -> tuple[UUID, bool]:
    """Store it with the run it is of, which may be a new one.

    `said` has all columns of `recordings` but `activity_id`. Gives the activity, and whether it
    was there before. The caller holds `lock_imports`.
    """
    account_id, now = said["account_id"], said["created_at"]
    found = _best_of(await _shares_of_runs(tx, said, list(parts.values())))
    activity_id = found or new_id()
    if found is None:
        owned = {"id": activity_id, "account_id": account_id, "created_at": now}
        await store.insert_activity(tx, {**shown_of_one(said), **owned})
    await recording_store.insert_recording(tx, {**said, "activity_id": activity_id}, parts)
    if found is not None:
        await recompose(tx, account_id, activity_id)
    await tell(tx, account_id, activity_id, now)
    return activity_id, found is not None


async def join_brought(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, batch_id: UUID, now: datetime
) -> None:
    """See to a run of which the import of an account brought recordings.

    Brought as a whole it joins the run that was there before and is the same; one that was there
    and got further recordings is composed anew. The caller holds `lock_imports`.
    """
    rows = await recording_store.list_recordings(tx, activity_id)
    if not rows:
        return  # deleted in the meantime
    if any(row.batch_id != batch_id for row in rows):
        await recompose(tx, account_id, activity_id)
        await tell(tx, account_id, activity_id, now)
    elif not any(row.is_apart for row in rows):
        same_id = await _find_run_before(tx, rows, batch_id)
        if same_id is not None:
            await join_runs(tx, account_id, same_id, activity_id, now)


async def join_runs(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, other_id: UUID, now: datetime
) -> None:
    """Give the activity all recordings of the other, which goes; what the runner wrote stays.

    The caller holds `lock_imports`.
    """
    one = await store.lock_activity(tx, account_id, activity_id)
    other = await store.lock_activity(tx, account_id, other_id)
    written = {name: getattr(other, name) for name in other.edited if name not in one.edited}
    await recording_store.update_owner_of_recordings(tx, other_id, activity_id)
    await store.delete_activity(tx, account_id, other_id)
    if written:
        await store.update_activity(tx, account_id, activity_id, written)
    if one.visibility != other.visibility:
        # What was private does not become public by being put to what is.
        await store.update_visibility(tx, activity_id, Visibility.PRIVATE)
    await recompose(tx, account_id, activity_id)
    await tell(tx, account_id, activity_id, now)


async def _find_run_before(
    tx: AsyncConnection, rows: Sequence[AnyRow], batch_id: UUID
) -> UUID | None:
    """The activity that was there before the import, and is the same run by all recordings."""
    blobs = await recording_store.list_parts(tx, [row.id for row in rows])
    first, *others = [
        await _shares_of_runs(tx, row._asdict(), blobs.get(row.id, ()), besides=batch_id)
        for row in rows
    ]
    shares = {
        activity_id: min([share, *(each[activity_id] for each in others)])
        for activity_id, share in first.items()
        if all(activity_id in each for each in others)
    }
    return _best_of(shares)


async def _shares_of_runs(
    tx: AsyncConnection, said: Said, blobs: Sequence[bytes], besides: UUID | None = None
) -> dict[UUID, float]:
    """The activities whose recordings are all of the same run as this one, and the least of what
    these share with it; without those that the import `besides` brought."""
    if said["provenance"] not in COMBINING:
        return {}
    ended_at = said["started_at"] + timedelta(seconds=said["length_s"])
    near = await recording_store.list_recordings_between(
        tx, said["account_id"], said["started_at"] - _NEARBY, ended_at + _NEARBY
    )
    strangers = {row.activity_id for row in near if not _is_worth_a_look(said, row._asdict())}
    if besides is not None:
        before = {row.activity_id for row in near if row.batch_id != besides}
        strangers |= {row.activity_id for row in near} - before
    near = [row for row in near if row.activity_id not in strangers]
    if not near:
        return {}
    others = await recording_store.list_parts(tx, [row.id for row in near])
    return await asyncio.to_thread(_shares, said, blobs, near, others)


def _is_worth_a_look(one: Said, other: Said) -> bool:
    """Whether two recordings may be of one run as far as is told without their streams, which are
    read for nothing otherwise: at the same time, or with paths that tell of a wrong zone."""
    ends = [each["started_at"] + timedelta(seconds=each["length_s"]) for each in (one, other)]
    if max(one["started_at"], other["started_at"]) < min(ends):
        return True
    return bool(one["has_path"] and other["has_path"])


def _shares(
    said: Said,
    own_blobs: Sequence[bytes],
    near: Sequence[AnyRow],
    blobs: Mapping[UUID, Sequence[bytes]],
) -> dict[UUID, float]:
    mine = recorded_run(said, unseal_streams(own_blobs, said["length_s"]))
    found = {}
    for activity_id, rows in groupby(near, key=lambda row: row.activity_id):
        shares = []
        for row in rows:
            # The sessions of one file are told apart by the device that wrote it.
            of_one_file = row.content_sha256 == said["content_sha256"]
            match = None if of_one_file else same_run(mine, recorded_of(row, blobs))
            shares.append(0.0 if match is None else match.share)
        if all(shares):
            found[activity_id] = min(shares)
    return found


def _best_of(shares: Mapping[UUID, float]) -> UUID | None:
    """The first of those with the greatest share."""
    return max(shares, key=lambda activity_id: shares[activity_id], default=None)


def recorded_of(row: AnyRow, blobs: Mapping[UUID, Sequence[bytes]]) -> RecordedRun:
    return recorded_run(row._asdict(), unseal_streams(blobs.get(row.id, ()), row.length_s))
