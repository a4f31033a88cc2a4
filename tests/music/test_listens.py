from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs, music_events, track_names, track_source_ids, tracks
from beatrunner.music.listens import ListensAdded, add_listens
from beatrunner.music.play_table import tabulate
from tests.conftest import make_account

NOON = datetime(2024, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
LISTEN = RawListen(
    kind=ListenKind.MUSIC,
    title="Title",
    artist="Artist",
    album="Album",
    started_at=NOON,
    ended_at=NOON + timedelta(seconds=200),
    uncertainty_s=1.0,
    source_id="spotify:track:1",
    is_skipped=None,
    is_shuffled=True,
    is_offline=False,
)


def at(minute: int, **fields: Any) -> RawListen:
    began = NOON + timedelta(minutes=minute)
    return replace(LISTEN, started_at=began, ended_at=began + timedelta(seconds=200), **fields)


async def add(
    database: Database,
    account_id: UUID,
    *listens: RawListen,
    provenance: str = "spotify_export",
    batch_id: UUID | None = None,
) -> ListensAdded:
    async with database.write() as tx:
        return await add_listens(tx, account_id, batch_id, provenance, tabulate(listens), NOON)


async def rows(database: Database, query: Any) -> Sequence[Any]:
    async with database.read() as tx:
        return (await tx.execute(query)).all()


async def count(database: Database, table: Any) -> int:
    return int((await rows(database, select(func.count()).select_from(table)))[0][0])


async def track_of(database: Database, minute: int) -> UUID:
    found = await rows(
        database,
        select(music_events.c.track_id).where(
            music_events.c.started_at == NOON + timedelta(minutes=minute)
        ),
    )
    (row,) = found
    assert isinstance(row.track_id, UUID)
    return row.track_id


async def test_a_listen_keeps_what_its_source_said(database: Database, account_id: UUID) -> None:
    batch_id = UUID(int=7)
    listen = replace(LISTEN, is_skipped=True, is_offline=True, uncertainty_s=320.5)
    await add(database, account_id, listen, batch_id=batch_id)
    (stored,) = await rows(database, select(music_events))
    (track,) = await rows(database, select(tracks))
    (name,) = await rows(database, select(track_names))
    assert stored._asdict() == {
        "account_id": account_id,
        "started_at": listen.started_at,
        "track_id": track.id,
        "name_id": name.id,
        "provenance": "spotify_export",
        "ended_at": listen.ended_at,
        "uncertainty_s": 320.5,
        "is_skipped": True,
        "is_shuffled": True,
        "is_offline": True,
        "batch_id": batch_id,
        "listen_id": None,
        "is_best": True,
        "is_apart": False,
    }
    assert (track.title, track.artist, track.album, track.kind) == (
        "Title",
        "Artist",
        "Album",
        "music",
    )


async def test_a_second_import_changes_nothing(database: Database, account_id: UUID) -> None:
    first = await add(database, account_id, at(0), at(10))
    assert first == ListensAdded(2, 0, NOON, NOON + timedelta(minutes=10, seconds=200))
    again = await add(database, account_id, at(10), at(0))
    assert again == ListensAdded(0, 2)
    assert await count(database, music_events) == 2
    assert await count(database, tracks) == 1
    assert await count(database, jobs) == 1


async def test_what_overlaps_an_earlier_import_is_added_once(
    database: Database, account_id: UUID
) -> None:
    await add(database, account_id, at(0), at(10))
    later = await add(database, account_id, at(10), at(20), at(20))
    assert later == ListensAdded(
        1, 2, NOON + timedelta(minutes=20), NOON + timedelta(minutes=20, seconds=200)
    )
    assert await count(database, music_events) == 3


def later(listen: RawListen, start_s: float, end_s: float) -> RawListen:
    return replace(
        listen,
        started_at=listen.started_at + timedelta(seconds=start_s),
        ended_at=listen.ended_at + timedelta(seconds=end_s),
    )


@pytest.mark.parametrize(
    ("again", "is_repeated"),
    [
        (later(LISTEN, 8, 8), True),
        (later(LISTEN, -8, -7.5), True),
        (later(LISTEN, 30, 30), True),
        (later(LISTEN, 31, 31), False),
        (later(LISTEN, 8, 10), False),
        (later(replace(LISTEN, source_id="spotify:track:2", title="Other"), 8, 8), False),
    ],
)
@pytest.mark.parametrize("is_swapped", [False, True])
async def test_a_play_told_twice_in_two_files_is_one_listen(
    database: Database, account_id: UUID, again: RawListen, *, is_repeated: bool, is_swapped: bool
) -> None:
    files = [again, LISTEN] if is_swapped else [LISTEN, again]
    added = [(await add(database, account_id, file)).added for file in (*files, *files)]
    assert added == [1, 0 if is_repeated else 1, 0, 0]


async def test_plays_that_one_file_tells_apart_are_two_listens(
    database: Database, account_id: UUID
) -> None:
    """Begun, skipped after ten seconds, and again: in a newer export of the same history."""
    first = replace(LISTEN, ended_at=NOON + timedelta(seconds=10))
    second = later(first, 12, 12)
    await add(database, account_id, first)
    assert (await add(database, account_id, first, second)).added == 1


@pytest.mark.parametrize("order", [(0, 10, 20), (20, 10, 0)])
async def test_the_order_of_imports_does_not_matter(
    database: Database, account_id: UUID, order: tuple[int, ...]
) -> None:
    for minute in order:
        await add(database, account_id, at(minute))
    found = await rows(
        database, select(music_events.c.started_at).order_by(music_events.c.started_at)
    )
    assert [row.started_at for row in found] == [
        NOON + timedelta(minutes=minute) for minute in (0, 10, 20)
    ]
    assert await count(database, tracks) == 1


@pytest.mark.parametrize("seed", range(3))
async def test_overlapping_exports_in_any_order_give_the_same_listens(
    database: Database, account_id: UUID, seed: int
) -> None:
    chance = random.Random(seed)
    history = [
        at(5 * number, title=f"Title {number % 7}", source_id=f"spotify:track:{number % 7}")
        for number in range(60)
    ]
    exports = [history[start : start + 25] for start in (0, 10, 20, 35)]
    for export in exports:
        chance.shuffle(export)
    chance.shuffle(exports)
    added = [(await add(database, account_id, *export)).added for export in exports]
    assert sum(added) == len(history)
    found = await rows(
        database,
        select(music_events.c.started_at, tracks.c.title)
        .join(tracks, tracks.c.id == music_events.c.track_id)
        .order_by(music_events.c.started_at),
    )
    assert [tuple(row) for row in found] == [
        (listen.started_at, listen.title) for listen in history
    ]


async def test_one_track_under_two_ids_is_one_track(database: Database, account_id: UUID) -> None:
    await add(
        database,
        account_id,
        at(0),
        at(10, source_id="spotify:track:2", title="TITLE", album="Another album"),
        at(20, source_id=None),
    )
    assert await count(database, tracks) == 1
    assert await count(database, track_source_ids) == 2


async def test_the_sources_id_decides_over_a_changed_title(
    database: Database, account_id: UUID
) -> None:
    await add(database, account_id, at(0))
    await add(database, account_id, at(10, title="Title - Remastered 2024"))
    assert await track_of(database, 0) == await track_of(database, 10)
    assert await count(database, tracks) == 1


async def test_an_episode_is_not_the_song_of_the_same_name(
    database: Database, account_id: UUID
) -> None:
    episode = at(10, kind=ListenKind.PODCAST, source_id="spotify:episode:1")
    await add(database, account_id, at(0), episode)
    assert await track_of(database, 0) != await track_of(database, 10)


async def test_two_sources_keep_their_word_on_one_play(
    database: Database, account_id: UUID
) -> None:
    await add(database, account_id, at(0))
    other = await add(database, account_id, at(0, source_id=None), provenance="lastfm")
    assert other.added == 1
    assert await count(database, music_events) == 2
    assert await count(database, tracks) == 1


async def test_accounts_share_nothing(database: Database, account_id: UUID) -> None:
    other_id = await make_account(database)
    await add(database, account_id, at(0))
    assert (await add(database, other_id, at(0))).added == 1
    assert await count(database, tracks) == 2


async def test_who_waits_for_music_is_told_which_times_changed(
    database: Database, account_id: UUID
) -> None:
    await add(database, account_id, at(0), at(10))
    (job,) = await rows(database, select(jobs))
    assert (job.kind, job.account_id) == ("music.imported", account_id)
    assert datetime.fromisoformat(job.payload["first_started_at"]) == NOON
    assert datetime.fromisoformat(job.payload["last_ended_at"]) == NOON + timedelta(
        minutes=10, seconds=200
    )


async def test_endless_titles_are_stored(database: Database, account_id: UUID) -> None:
    """PostgreSQL cannot index more than about 2,700 bytes."""
    title = "".join(chr(0x4E00 + number) for number in range(500))
    await add(database, account_id, at(0, title=title, artist=title[::-1]), at(10, title=title))
    assert await track_of(database, 0) == await track_of(database, 10)  # the same id
    await add(database, account_id, at(20, title=title, artist=title[::-1], source_id=None))
    assert await track_of(database, 0) == await track_of(database, 20)


async def test_nothing_to_add(database: Database, account_id: UUID) -> None:
    assert await add(database, account_id) == ListensAdded(0, 0)
    assert await count(database, jobs) == 0


async def test_more_plays_than_a_statement_can_name(database: Database, account_id: UUID) -> None:
    listens = [
        at(10 * number, title=f"Title {number}", source_id=f"spotify:track:{number}")
        for number in range(12_000)
    ]
    assert (await add(database, account_id, *listens)).added == 12_000
    assert (await add(database, account_id, *listens)).already_there == 12_000
    assert await count(database, tracks) == 12_000
