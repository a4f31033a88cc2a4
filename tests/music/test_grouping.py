from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs, music_events
from beatrunner.music.grouping import regroup, regroup_stretch
from tests.conftest import make_account
from tests.music.told import NOON, Told, finish, groups, songs, tell

SPOTIFY, LASTFM, BRAINZ = "spotify_export", "lastfm", "listenbrainz"


def pair(*starts: float) -> frozenset[tuple[str, float]]:
    return frozenset(zip((SPOTIFY, LASTFM, BRAINZ), starts, strict=False))


async def test_two_sources_tell_one_play(database: Database, account_id: UUID) -> None:
    await tell(database, account_id, Told(SPOTIFY, 0.0), Told(LASTFM, 3.0, uncertainty_s=60.0))
    assert await groups(database, account_id) == {pair(0.0, 3.0)}
    async with database.read() as tx:
        best = await tx.execute(select(music_events.c.provenance).where(music_events.c.is_best))
        assert list(best.scalars()) == [SPOTIFY]


async def test_one_source_tells_two_plays(database: Database, account_id: UUID) -> None:
    await tell(database, account_id, Told(SPOTIFY, 0.0, length_s=20), Told(SPOTIFY, 40.0))
    assert await groups(database, account_id) == {pair(0.0), pair(40.0)}


async def test_what_may_not_be_combined_stays_alone(database: Database, account_id: UUID) -> None:
    await tell(database, account_id, Told(SPOTIFY, 0.0), Told("spotify_api", 0.0))
    assert len(await groups(database, account_id)) == 2


async def test_a_third_source_joins_and_leaves_again(database: Database, account_id: UUID) -> None:
    await tell(database, account_id, Told(SPOTIFY, 0.0), Told(LASTFM, 3.0))
    batch_id = UUID(int=7)
    await tell(database, account_id, Told(BRAINZ, 4.0), Told(BRAINZ, 900.0), batch_id=batch_id)
    assert await groups(database, account_id) == {
        pair(0.0, 3.0, 4.0),
        frozenset({(BRAINZ, 900.0)}),
    }
    async with database.write() as tx:
        await tx.execute(delete(music_events).where(music_events.c.provenance != LASTFM))
        await regroup(tx, account_id, NOON, NOON + timedelta(seconds=900), NOON)
    assert await groups(database, account_id) == {frozenset({(LASTFM, 3.0)})}


async def test_names_that_share_plays_again_and_again_are_one_song(
    database: Database, account_id: UUID
) -> None:
    names = {SPOTIFY: "Lamps", LASTFM: "Lamps, Mira"}
    for day in range(2):
        told = [Told(x, day * 86_400.0, artist=artist) for x, artist in names.items()]
        await tell(database, account_id, *told)
        assert len(await songs(database, account_id)) == 2 - day
    async with database.read() as tx:
        changed = await tx.scalar(select(jobs.c.payload).where(jobs.c.kind == "track.changed"))
    assert changed is not None
    assert len(changed["track_ids"]) == 2


async def test_a_live_take_told_as_the_song_is_one_play_of_two_songs(
    database: Database, account_id: UUID
) -> None:
    for day in range(3):
        start_s = day * 86_400.0
        await tell(database, account_id, Told(SPOTIFY, start_s), Told(LASTFM, start_s, "Go (Live)"))
    assert len(await groups(database, account_id)) == 3
    assert len(await songs(database, account_id)) == 2


def history(chance: random.Random) -> list[Told]:
    """Three sources on a few sittings, each of which forgets, and writes in its own way."""
    written = {
        SPOTIFY: ("{}", "Lamps", "spotify:track:{:022d}"),
        LASTFM: ("{} (Remastered 2011)", "The Lamps", None),
        BRAINZ: ("{}", "Lamps & Mira", None),
    }
    found = []
    for sitting in range(3):
        start_s = sitting * 50_000.0
        for _ in range(8):
            song = chance.randrange(4)
            length_s = chance.choice((40.0, 200.0))
            for source, (title, artist, source_id) in written.items():
                if chance.random() < 0.7:
                    found.append(
                        Told(
                            source,
                            start_s + chance.randrange(5),
                            title.format(f"Song {song}"),
                            artist,
                            length_s,
                            chance.choice((1.0, 30.0)),
                            source_id and source_id.format(song),
                        )
                    )
            start_s += length_s
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_the_order_of_imports_does_not_matter(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    told = history(chance)
    results = []
    for _ in range(3):
        account_id = await make_account(database)
        chance.shuffle(told)
        for part in (told[: len(told) // 2], told[len(told) // 2 :], told):
            await tell(database, account_id, *part)
        results.append((await groups(database, account_id), await songs(database, account_id)))
    assert results[0] == results[1] == results[2]
    assert any(len(play) == 3 for play in results[0][0])


async def test_a_long_history_is_read_stretch_by_stretch(
    database: Database, account_id: UUID
) -> None:
    """More words without a silence than are read at once, and as many sittings."""
    told = [
        Told(source, number * 300.0 + 2.0 * (source == LASTFM), f"Song {number}")
        for number in range(3_000)
        for source in (SPOTIFY, LASTFM)
    ]
    told += [Told(play.source, play.start_s * 4 + 2e6, play.title) for play in told]
    await tell(database, account_id, *told)
    assert len(await groups(database, account_id)) == 12_000
    await finish(database, account_id)
    found = await groups(database, account_id)
    assert len(found) == 6_000
    assert {len(play) for play in found} == {2}


async def test_what_was_put_together_stays_when_it_is_done_again(
    database: Database, account_id: UUID
) -> None:
    """As after a job that was killed behind some of its stretches, and began again."""
    told = [
        Told(source, number * 1_000.0 + 2.0 * (source == LASTFM), f"Song {number}")
        for number in range(2_600)
        for source in (SPOTIFY, LASTFM)
    ]
    await tell(database, account_id, *told)
    async with database.read() as tx:
        told_of = await tx.execute(select(jobs.c.kind, jobs.c.payload).order_by(jobs.c.id))
        (alone, _), (kind, later) = told_of.all()
    assert (alone, kind) == ("music.imported", "plays.group")
    last = datetime.fromisoformat(later["last_started_at"])
    async with database.write() as tx:
        onwards = await regroup_stretch(tx, account_id, NOON, last, NOON)
    assert onwards is not None
    assert NOON < onwards < last
    ids = select(music_events.c.listen_id).where(music_events.c.listen_id.is_not(None))
    async with database.read() as tx:
        done = set((await tx.execute(ids)).scalars())
    await finish(database, account_id)
    assert len(await groups(database, account_id)) == 2_600
    async with database.read() as tx:
        assert done < set((await tx.execute(ids)).scalars())
        imported = select(jobs.c.payload).where(jobs.c.kind == "music.imported")
        assert (await tx.execute(imported.order_by(jobs.c.id.desc()))).scalars().first() == (
            later["imported"]
        )
