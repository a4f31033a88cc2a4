"""Apple's plays and Apple's artists meet, whichever come first."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from beatrunner.codecs.sniff import FileKind
from beatrunner.core.provenance import Provenance
from beatrunner.db.engine import Database
from beatrunner.db.tables import music_events, tracks
from beatrunner.imports.outcomes import FileImporter, Outcome, SourceFile, Stored
from beatrunner.imports.store import insert_batch
from beatrunner.kit.ids import new_id
from beatrunner.music import artist_store
from beatrunner.music.apple_artists import AppleArtistImporter
from beatrunner.music.importer import ListenImporter
from beatrunner.music.listens import add_listens
from beatrunner.music.play_table import tabulate
from tests.codecs.test_apple_music import DONE, stretch, table
from tests.conftest import HeldClock
from tests.music.test_listens import NOON, at

PLAYS = table(stretch(0, 200, DONE, "Song"), stretch(300, 500, DONE, "Anthem"))
ARTISTS = b"Track Description\nArtist - Song\nOne - Anthem\nOther - Anthem\n"


class Importing:
    """One account's imports of Apple's files."""

    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        self.database = database
        self.account_id = account_id
        self._importers: dict[FileKind, FileImporter] = {
            FileKind.APPLE_ACTIVITY: ListenImporter(clock),
            FileKind.APPLE_ARTISTS: AppleArtistImporter(clock),
        }

    async def take_in(self, kind: FileKind, data: bytes) -> Stored:
        importer = self._importers[kind]
        batch_id = new_id()
        async with self.database.write() as tx:
            await insert_batch(tx, batch_id, self.account_id, NOON)
        source = SourceFile(
            account_id=self.account_id,
            batch_id=batch_id,
            path="a.csv",
            kind=kind,
            sha256="0" * 64,
            provenance=Provenance.FILE,
        )
        async with self.database.write() as tx:
            return await importer.store(tx, source, importer.readers[kind](data))

    async def heard(self) -> list[tuple[str, str]]:
        """(title, artist) of every play, in order."""
        query = (
            select(tracks.c.title, tracks.c.artist)
            .join(music_events, music_events.c.track_id == tracks.c.id)
            .where(tracks.c.account_id == self.account_id)
            .order_by(music_events.c.started_at)
        )
        async with self.database.read() as tx:
            return [(row.title, row.artist) for row in await tx.execute(query)]


@pytest.fixture
def apple(database: Database, clock: HeldClock, account_id: UUID) -> Importing:
    return Importing(database, clock, account_id)


WITH_ARTISTS = [("Song", "Artist"), ("Anthem", "")]


async def test_artists_first(apple: Importing) -> None:
    assert (await apple.take_in(FileKind.APPLE_ARTISTS, ARTISTS)).outcome is Outcome.IMPORTED
    assert (await apple.take_in(FileKind.APPLE_ACTIVITY, PLAYS)).listens_added == 2
    assert await apple.heard() == WITH_ARTISTS


async def test_artists_later(apple: Importing) -> None:
    await apple.take_in(FileKind.APPLE_ACTIVITY, PLAYS)
    assert await apple.heard() == [("Song", ""), ("Anthem", "")]
    await apple.take_in(FileKind.APPLE_ARTISTS, ARTISTS)
    assert await apple.heard() == WITH_ARTISTS


@pytest.mark.parametrize("artists_first", [True, False])
async def test_everything_again_doubles_nothing(apple: Importing, artists_first: bool) -> None:
    files = [(FileKind.APPLE_ACTIVITY, PLAYS), (FileKind.APPLE_ARTISTS, ARTISTS)]
    for kind, data in reversed(files) if artists_first else files:
        await apple.take_in(kind, data)
    for kind, data in files:
        again = await apple.take_in(kind, data)
        assert (again.outcome, again.listens_added) == (Outcome.ALREADY_THERE, 0)
    assert await apple.heard() == WITH_ARTISTS


async def test_the_song_meets_the_one_of_other_services(apple: Importing, clock: HeldClock) -> None:
    elsewhere = tabulate([at(0, title="Song", artist="Artist", source_id="spotify:track:1")])
    async with apple.database.write() as tx:
        await add_listens(tx, apple.account_id, None, Provenance.SPOTIFY_EXPORT, elsewhere, clock())
    await apple.take_in(FileKind.APPLE_ACTIVITY, PLAYS)
    await apple.take_in(FileKind.APPLE_ARTISTS, ARTISTS)
    async with apple.database.read() as tx:
        query = select(music_events.c.track_id).join(tracks, tracks.c.id == music_events.c.track_id)
        songs = (await tx.execute(query.where(tracks.c.title == "Song"))).scalars().all()
    assert len(songs) == 2
    assert len(set(songs)) == 1


async def test_one_artist_of_a_title_is_known_and_of_several_none(
    database: Database, account_id: UUID
) -> None:
    told = {("a", "x"): "X", ("b", "x"): "X", ("b", "y"): "Y"}
    async with database.write() as tx:
        assert await artist_store.insert_artists(tx, account_id, told) == 3
        assert await artist_store.insert_artists(tx, account_id, {("a", "x"): "x"}) == 0
        known = await artist_store.list_single_artists(tx, account_id, {"a", "b", "c"})
        assert known == {"a": "X"}
        assert await artist_store.list_single_artists(tx, new_id(), {"a"}) == {}
