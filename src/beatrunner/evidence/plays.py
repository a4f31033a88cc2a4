"""The plays of a song, each with what every source told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.db.locks import lock_imports
from beatrunner.db.types import AnyRow
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.kit.cursor import Cursor
from beatrunner.music import name_store, word_store
from beatrunner.music.grouping import regroup
from beatrunner.music.store import get_track
from beatrunner.music.word_store import WordKey

_SORT = "started_at"


@dataclass(frozen=True, slots=True)
class ToldWord:
    """One source's word on a play. `uncertainty_s`: how far the true start may be from it;
    `is_apart`: the runner said that it is about a play of its own."""

    provenance: str
    name_id: UUID
    title: str
    artist: str
    started_at: datetime
    ended_at: datetime
    uncertainty_s: float
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Play:
    """The first word speaks for the play."""

    words: Sequence[ToldWord]


@dataclass(frozen=True, slots=True)
class PlayPage:
    items: Sequence[Play]
    next_cursor: str | None


class Plays:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def page(
        self, tx: AsyncConnection, account_id: UUID, track_id: UUID, cursor: str | None, limit: int
    ) -> PlayPage:
        """The latest first. Raises NotFoundError, RefusedError."""
        track = await get_track(tx, account_id, track_id)
        after = None if cursor is None else Cursor.decode(cursor, _SORT)
        rows = await word_store.list_plays_of(tx, account_id, track.id, after, limit + 1)
        shown = rows[:limit]
        listen_ids = [row.listen_id for row in shown if row.listen_id is not None]
        told = await word_store.list_words_on(tx, account_id, listen_ids)
        words: dict[UUID, list[AnyRow]] = {}
        for row in told:
            words.setdefault(row.listen_id, []).append(row)
        written = await name_store.list_written(
            tx, account_id, {row.name_id for row in (*shown, *told)}
        )
        next_cursor = None
        if len(rows) > limit:
            last = shown[-1]
            next_cursor = Cursor.of_time(_SORT, last.started_at, last.name_id).encode()
        return PlayPage(
            items=[
                Play([_word(each, written) for each in words.get(row.listen_id, [row])])
                for row in shown
            ],
            next_cursor=next_cursor,
        )

    async def set_apart(
        self, tx: AsyncConnection, account_id: UUID, key: WordKey, is_apart: bool
    ) -> None:
        """Say that what a source told is a play of its own, or take that back.

        Raises NotFoundError.
        """
        await lock_imports(tx, account_id)
        await word_store.update_apart(tx, account_id, key, is_apart)
        now = self._clock()
        await regroup(tx, account_id, key.started_at, key.started_at, now)
        await update_library_version(tx, account_id)
        moment = key.started_at.isoformat()
        payload = {"first_started_at": moment, "last_ended_at": moment}
        await enqueue(tx, "music.imported", payload, account_id=account_id, now=now)


def _word(row: AnyRow, written: Mapping[UUID, AnyRow]) -> ToldWord:
    name = written[row.name_id]
    return ToldWord(
        row.provenance,
        row.name_id,
        name.title,
        name.artist,
        row.started_at,
        row.ended_at,
        row.uncertainty_s,
        row.is_apart,
    )
