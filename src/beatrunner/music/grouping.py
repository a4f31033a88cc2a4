"""Words of several sources on one play become one listen that keeps them all.

Which words are about one play follows from all that were told near it (`core.same_play`), and from
nothing else, so the order of imports does not matter: whenever words come or go, those around them
are put together anew. Words more than ten minutes from all others cannot belong to them, so only
the stretch up to the next such silence is read, a few thousand words at a time.

Two tracks whose plays are the same ones time and again are the same, if their names allow it: one
source names all artists where the other names the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.listening import ListenKind
from beatrunner.core.matching import are_one_by_evidence, loose_titles, people
from beatrunner.core.same_play import MOST_APART_S, Word, best_of, same_plays
from beatrunner.db.types import AnyRow
from beatrunner.kit.ids import new_id
from beatrunner.music import name_store, word_store
from beatrunner.music.naming import merge_same
from beatrunner.music.word_store import Placed, WordKey

_SILENCE = timedelta(seconds=MOST_APART_S)
_AT_ONCE = 3_000
#: Words read first: around a single play there are few up to the next silence.
_FIRST_AT_ONCE = 50
#: Starts read at once to find the silence before one; it is seldom far.
_BEFORE_AT_ONCE = 200
#: So many plays told of two tracks are no accident.
_OFTEN = 2


async def regroup(
    tx: AsyncConnection, account_id: UUID, first: datetime, last: datetime, now: datetime
) -> None:
    """Put together anew what was told of plays begun within [first, last], and around them.

    To be called in the transaction that added or deleted such words, under the account's import
    lock. It changes no soundtrack: whoever changed the words enqueues `music.imported`. Of many
    thousand words it takes seconds (`music.regrouping`).
    """
    onwards: datetime | None = first
    while onwards is not None:
        onwards = await regroup_stretch(tx, account_id, onwards, last, now)


async def regroup_stretch(
    tx: AsyncConnection, account_id: UUID, first: datetime, last: datetime, now: datetime
) -> datetime | None:
    """The same for some thousand words from `first` on; where to go on, None behind `last`."""
    if not await needs_grouping(tx, account_id, first, last):
        return None
    begin = await _after_silence(tx, account_id, first)
    rows, onwards = await _stretch(tx, account_id, begin, last)
    if len({row.provenance for row in rows}) > 1 or any(row.listen_id for row in rows):
        same = await _put_together(tx, account_id, rows)
        shared = await word_store.count_shared_plays(tx, account_id, same)
        pairs = [pair for pair in sorted(same) if shared.get(pair, 0) >= _OFTEN]
        if pairs:
            await merge_same(tx, account_id, pairs, now)
    return onwards


async def needs_grouping(
    tx: AsyncConnection, account_id: UUID, first: datetime, last: datetime
) -> bool:
    """Whether anything could be put together, or come apart, of what begun within [first, last]."""
    near = (first - _SILENCE, last + _SILENCE)
    return await word_store.has_several_sources(tx, account_id, *near)


async def regroup_around(
    tx: AsyncConnection, account_id: UUID, starts: Sequence[datetime], now: datetime
) -> None:
    """Put together anew what was told of plays near these starts, which are in order."""
    for first, last in _windows(starts):
        await regroup(tx, account_id, first, last, now)


def _windows(starts: Sequence[datetime]) -> Iterable[tuple[datetime, datetime]]:
    """Starts that are no further than a silence apart, as first and last."""
    if starts:
        ends = [one for one, other in pairwise(starts) if other - one > _SILENCE]
        begins = [other for one, other in pairwise(starts) if other - one > _SILENCE]
        yield from zip([starts[0], *begins], [*ends, starts[-1]], strict=True)


async def _stretch(
    tx: AsyncConnection, account_id: UUID, begin: datetime, last: datetime
) -> tuple[list[AnyRow], datetime | None]:
    """Words from `begin`, before which there is silence, to a silence some thousand words later or
    to the one after `last`; and where the words behind it begin, if `last` was not reached."""
    rows: list[AnyRow] = []
    after: WordKey | None = None
    at_once = _FIRST_AT_ONCE
    while True:
        page = await word_store.list_words(tx, account_id, begin, after, at_once)
        rows += page
        cuts = [
            place
            for place, (one, other) in enumerate(pairwise(rows), start=1)
            if other.started_at - one.started_at > _SILENCE
        ]
        beyond = next((cut for cut in cuts if rows[cut].started_at > last), None)
        if beyond is not None or len(page) < at_once:
            return rows[:beyond], None
        if cuts and at_once == _AT_ONCE:
            return rows[: cuts[-1]], rows[cuts[-1]].started_at
        after = _key(page[-1])
        at_once = min(_AT_ONCE, 8 * at_once)


async def _after_silence(tx: AsyncConnection, account_id: UUID, first: datetime) -> datetime:
    """The start of the first word after the last silence before `first`."""
    begin = first
    while True:
        starts = await word_store.list_starts_before(tx, account_id, begin, _BEFORE_AT_ONCE)
        for start in starts:
            if begin - start > _SILENCE:
                return begin
            begin = start
        if len(starts) < _BEFORE_AT_ONCE:
            return begin


async def _put_together(
    tx: AsyncConnection, account_id: UUID, rows: Sequence[AnyRow]
) -> set[tuple[UUID, UUID]]:
    """Pairs of tracks, in order, that were told of one play and may be one."""
    written = await name_store.list_written(tx, account_id, {row.name_id for row in rows})
    free = [place for place, row in enumerate(rows) if not row.is_apart]
    words = _words([rows[place] for place in free], written)
    kept_ids = _kept_ids(rows)
    placed: list[tuple[UUID | None, bool]] = [(None, True)] * len(rows)
    same: set[tuple[UUID, UUID]] = set()
    for group in same_plays(words):
        members = [free[index] for index in group]
        best = free[best_of(words, group)]
        listen_id = kept_ids.get(frozenset(members)) or new_id()
        for place in members:
            placed[place] = listen_id, place == best
        same |= _may_be_one([rows[place] for place in members], written)
    changed = [
        Placed(_key(row), *where)
        for row, where in zip(rows, placed, strict=True)
        if where != (row.listen_id, row.is_best)
    ]
    await word_store.update_words(tx, account_id, changed)
    return same


def _words(rows: Iterable[AnyRow], written: Mapping[UUID, AnyRow]) -> list[Word]:
    told = {
        name_id: (
            loose_titles(name.title, name.artist),
            people(name.title, name.artist) if name.artist else frozenset[str](),
        )
        for name_id, name in written.items()
        if name.kind == ListenKind.MUSIC
    }
    nothing = frozenset[str](), frozenset[str]()
    return [
        Word(
            row.provenance,
            row.track_id,
            *told.get(row.name_id, nothing),
            row.started_at.timestamp(),
            row.ended_at.timestamp(),
            row.uncertainty_s,
        )
        for row in rows
    ]


def _kept_ids(rows: Iterable[AnyRow]) -> dict[frozenset[int], UUID]:
    """Of the plays as they were told until now, by the places of their words."""
    members: dict[UUID, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.listen_id is not None:
            members[row.listen_id].append(place)
    return {frozenset(places): listen_id for listen_id, places in members.items()}


def _may_be_one(
    members: Sequence[AnyRow], written: Mapping[UUID, AnyRow]
) -> set[tuple[UUID, UUID]]:
    found = set()
    for one, other in combinations(members, 2):
        if one.track_id != other.track_id:
            names = written.get(one.name_id), written.get(other.name_id)
            if all(names) and are_one_by_evidence(*((x.title, x.artist) for x in names if x)):
                found.add((min(one.track_id, other.track_id), max(one.track_id, other.track_id)))
    return found


def _key(row: AnyRow) -> WordKey:
    return WordKey._make(row[:3])
