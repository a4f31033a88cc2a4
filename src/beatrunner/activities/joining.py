"""A new recording joins the run it is of, or begins one, in the transaction that stores it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
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
    found = await _find_run_of(tx, said, parts)
    activity_id = found or new_id()
    if found is None:
        owned = {"id": activity_id, "account_id": account_id, "created_at": now}
        await store.insert_activity(tx, {**shown_of_one(said), **owned})
    await recording_store.insert_recording(tx, {**said, "activity_id": activity_id}, parts)
    if found is not None:
        await recompose(tx, account_id, activity_id)
    await tell(tx, account_id, activity_id, now)
    return activity_id, found is not None


async def _find_run_of(tx: AsyncConnection, said: Said, parts: Mapping[str, bytes]) -> UUID | None:
    """The activity whose recordings are all of the same run as this one."""
    if said["provenance"] not in COMBINING:
        return None
    ended_at = said["started_at"] + timedelta(seconds=said["length_s"])
    near = await recording_store.list_recordings_between(
        tx, said["account_id"], said["started_at"] - _NEARBY, ended_at + _NEARBY
    )
    strangers = {row.activity_id for row in near if not _is_worth_a_look(said, row._asdict())}
    near = [row for row in near if row.activity_id not in strangers]
    if not near:
        return None
    blobs = await recording_store.list_parts(tx, [row.id for row in near])
    return await asyncio.to_thread(_best_of, said, list(parts.values()), near, blobs)


def _is_worth_a_look(one: Said, other: Said) -> bool:
    """Whether two recordings may be of one run as far as is told without their streams, which are
    read for nothing otherwise: at the same time, or with paths that tell of a wrong zone."""
    ends = [each["started_at"] + timedelta(seconds=each["length_s"]) for each in (one, other)]
    if max(one["started_at"], other["started_at"]) < min(ends):
        return True
    return bool(one["has_path"] and other["has_path"])


def _best_of(
    said: Said,
    own_blobs: Sequence[bytes],
    near: Sequence[AnyRow],
    blobs: Mapping[UUID, Sequence[bytes]],
) -> UUID | None:
    mine = recorded_run(said, unseal_streams(own_blobs, said["length_s"]))
    best: tuple[float, UUID] | None = None
    for activity_id, rows in groupby(near, key=lambda row: row.activity_id):
        shares = []
        for row in rows:
            # The sessions of one file are told apart by the device that wrote it.
            of_one_file = row.content_sha256 == said["content_sha256"]
            other = recorded_run(row._asdict(), unseal_streams(blobs.get(row.id, ()), row.length_s))
            match = None if of_one_file else same_run(mine, other)
            shares.append(0.0 if match is None else match.share)
        if all(shares) and (best is None or min(shares) > best[0]):
            best = min(shares), activity_id
    return best and best[1]


def recorded_of(row: AnyRow, blobs: Mapping[UUID, Sequence[bytes]]) -> RecordedRun:
    return recorded_run(row._asdict(), unseal_streams(blobs.get(row.id, ()), row.length_s))
