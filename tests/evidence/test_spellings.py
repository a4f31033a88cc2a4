from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select

from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs, music_events, tracks
from beatrunner.evidence.spellings import Spelling, Spellings
from beatrunner.kit.errors import ConflictError, NotFoundError
from beatrunner.kit.ids import new_id
from beatrunner.music.list_store import list_tracks
from beatrunner.music.tempo import OwnSource, TrackTempi
from beatrunner.music.wanted_tracks import WantedTracks
from tests.conftest import HeldClock
from tests.music.told import Told, groups, songs, tell

SPOTIFY, LASTFM = "spotify_export", "lastfm"
GO, REMASTERED = ("Go", "Lamps"), ("Go (Remastered)", "Lamps")


@pytest.fixture
def spellings(clock: HeldClock) -> Spellings:
    return Spellings(clock)


async def track_of(database: Database, title: str) -> UUID:
    async with database.read() as tx:
        found = await tx.scalar(
            select(music_events.c.track_id)
            .join(tracks, tracks.c.id == music_events.c.track_id)
            .where(tracks.c.title == title)
        )
    assert isinstance(found, UUID)
    return found


async def spelled(
    database: Database, spellings: Spellings, account_id: UUID, track_id: UUID
) -> list[Spelling]:
    async with database.read() as tx:
        return await spellings.list_of(tx, account_id, track_id)


async def tell_both(database: Database, account_id: UUID, at_s: float = 0.0) -> None:
    """Spotify twice, and Last.fm once at a time of its own."""
    await tell(
        database,
        account_id,
        Told(SPOTIFY, at_s, source_id="spotify:track:1"),
        Told(SPOTIFY, at_s + 5_000.0, source_id="spotify:track:2"),
        Told(LASTFM, at_s + 9_000.0, title=REMASTERED[0]),
    )


@pytest.fixture
async def go_id(database: Database, account_id: UUID) -> UUID:
    """The song that both tell, written in two ways."""
    await tell_both(database, account_id)
    return await track_of(database, "Go")


async def test_a_song_is_shown_as_it_is_written(
    database: Database, account_id: UUID, spellings: Spellings, go_id: UUID
) -> None:
    found = await spelled(database, spellings, account_id, go_id)
    assert [(each.title, each.sources[0].provenance, each.sources[0].plays) for each in found] == [
        (GO[0], SPOTIFY, 2),
        (REMASTERED[0], LASTFM, 1),
    ]
    assert [len(each.name_ids) for each in found] == [2, 1]


async def test_what_is_split_off_stays_so(
    database: Database, account_id: UUID, spellings: Spellings, go_id: UUID
) -> None:
    found = await spelled(database, spellings, account_id, go_id)
    async with database.write() as tx:
        own_id = await spellings.split(tx, account_id, go_id, found[1].name_ids)
    assert await songs(database, account_id) == {frozenset({GO}), frozenset({REMASTERED})}
    assert await track_of(database, REMASTERED[0]) == own_id
    await tell_both(database, account_id, 50_000.0)
    assert await songs(database, account_id) == {frozenset({GO}), frozenset({REMASTERED})}
    async with database.read() as tx:
        changed = await tx.scalar(select(jobs.c.payload).where(jobs.c.kind == "track.changed"))
    assert changed == {"track_ids": sorted([str(go_id), str(own_id)])}


async def test_a_split_is_undone_by_merging(
    database: Database, account_id: UUID, spellings: Spellings, go_id: UUID
) -> None:
    found = await spelled(database, spellings, account_id, go_id)
    async with database.write() as tx:
        own_id = await spellings.split(tx, account_id, go_id, found[1].name_ids)
        assert await spellings.merge(tx, account_id, own_id, go_id) == go_id
    assert await songs(database, account_id) == {frozenset({GO, REMASTERED})}
    await tell_both(database, account_id, 50_000.0)
    assert await songs(database, account_id) == {frozenset({GO, REMASTERED})}


async def test_an_identifier_that_was_split_off_draws_new_names_with_it(
    database: Database, account_id: UUID, spellings: Spellings, go_id: UUID
) -> None:
    found = await spelled(database, spellings, account_id, go_id)
    async with database.write() as tx:
        await spellings.split(tx, account_id, go_id, found[0].name_ids[:1])
    apart = Told(SPOTIFY, 50_000.0, title="GO", source_id="spotify:track:1")
    await tell(database, account_id, apart, Told(LASTFM, 60_000.0, title="GO!"))
    assert frozenset({GO, ("GO", "Lamps")}) in await songs(database, account_id)


async def test_songs_that_the_runner_merged_come_apart_as_they_were(
    database: Database, account_id: UUID, spellings: Spellings, clock: HeldClock
) -> None:
    await tell(
        database,
        account_id,
        Told(SPOTIFY, 0.0),
        Told(LASTFM, 1.0, title="Los", artist="Lampen"),
        Told(LASTFM, 9_000.0, title="Los", artist="Lampen"),
    )
    one, other = await track_of(database, "Go"), await track_of(database, "Los")
    tempi = TrackTempi(clock, ())
    async with database.write() as tx:
        await tempi.set(tx, account_id, other, 170.0, OwnSource.TAP)
        assert await spellings.merge(tx, account_id, other, one) == one
        _, total = await list_tracks(tx, account_id, WantedTracks(), None, 10)
        assert total == 1
        # Whoever still knows the old address finds the song, and what was said of its tempo.
        assert (await tempi.get(tx, account_id, other)).id == one
        assert [word.tempo_bpm for word in (await tempi.get(tx, account_id, one)).words] == [170.0]
    assert await groups(database, account_id) == {
        frozenset({(SPOTIFY, 0.0), (LASTFM, 1.0)}),
        frozenset({(LASTFM, 9_000.0)}),
    }
    async with database.write() as tx:
        await spellings.take_out(tx, account_id, other)
    assert len(await songs(database, account_id)) == 2
    assert len(await groups(database, account_id)) == 3
    async with database.read() as tx:
        assert (await tempi.get(tx, account_id, other)).words[0].tempo_bpm == 170.0
        assert not (await tempi.get(tx, account_id, one)).words


async def test_an_identifier_merges_and_the_runner_parts(
    database: Database, account_id: UUID, spellings: Spellings
) -> None:
    titles = {"Go": "spotify:track:1", "Los": "spotify:track:2"}
    plays = [
        Told(SPOTIFY, at, title=x, source_id=titles[x]) for at, x in ((0.0, "Go"), (1e3, "Los"))
    ]
    await tell(database, account_id, *plays)
    assert len(await songs(database, account_id)) == 2
    await tell(database, account_id, Told(SPOTIFY, 2e3, title="Go", source_id="spotify:track:2"))
    assert len(await songs(database, account_id)) == 1
    track_id = await track_of(database, "Go")
    found = await spelled(database, spellings, account_id, track_id)
    (names,) = (each.name_ids for each in found if each.title == "Los")
    async with database.write() as tx:
        await spellings.split(tx, account_id, track_id, names)
    again = Told(SPOTIFY, 3e3, title="go", source_id="spotify:track:2")
    await tell(database, account_id, again)
    assert len(await songs(database, account_id)) == 2


async def test_nonsense_is_refused(
    database: Database, account_id: UUID, spellings: Spellings, go_id: UUID
) -> None:
    found = await spelled(database, spellings, account_id, go_id)
    everything = [name_id for each in found for name_id in each.name_ids]
    async with database.write() as tx:
        with pytest.raises(ConflictError):
            await spellings.split(tx, account_id, go_id, everything)
        with pytest.raises(NotFoundError):
            await spellings.split(tx, account_id, go_id, [new_id()])
        with pytest.raises(NotFoundError):
            await spellings.merge(tx, account_id, go_id, new_id())
        with pytest.raises(ConflictError):
            await spellings.merge(tx, account_id, go_id, go_id)
        with pytest.raises(ConflictError):
            await spellings.take_out(tx, account_id, go_id)
        assert await tx.scalar(select(func.count()).select_from(tracks)) == 1
