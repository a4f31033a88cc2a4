"""One of each service's histories, handed in at once, as it comes by e-mail."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from beatrunner.codecs.fit import write_fit
from beatrunner.core.provenance import Provenance
from beatrunner.db.engine import Database
from beatrunner.db.tables import music_events, tracks
from beatrunner.kit.parser_pool import ParserPool
from tests.codecs.test_apple_music import NOON, stretch, table
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip, zipped

SONGS = 6
LENGTH_S = 200
APPLE = "Apple_Media_Services/Apple Music Activity"
TAKEOUT = "Takeout/YouTube and YouTube Music"


def start(number: int, day: int = 0) -> datetime:
    """Of each service's own morning."""
    return MORNING + timedelta(days=day, seconds=LENGTH_S * number)


def account_data() -> bytes:
    rows = [
        {
            "endTime": f"{start(number + 1, 1):%Y-%m-%d %H:%M}",
            "artistName": "The Minutes",
            "trackName": f"Song {number}",
            "msPlayed": LENGTH_S * 1000,
        }
        for number in range(SONGS)
    ]
    history = {"MyData/StreamingHistory_music_0.json": json.dumps(rows).encode()}
    return zipped({**history, "MyData/Userdata.json": b"{}"})


def scrobbles() -> bytes:
    rows = [f"Artist,Album,Song {n},{start(n, 2):%d %b %Y %H:%M}\n" for n in range(SONGS)]
    return "".join(reversed(rows)).encode()


def listenbrainz() -> bytes:
    listens = [
        {
            "listened_at": start(number, 3).timestamp(),
            "track_metadata": {"artist_name": "The Brainz", "track_name": f"Song {number}"},
        }
        for number in range(SONGS)
    ]
    lines = "\n".join(map(json.dumps, listens)).encode()
    user = {"user.json": b'{"user_id": 1, "username": "me"}', "feedback.jsonl": b'{"score": 1}'}
    return zipped({**user, "listens/2026/2.jsonl": lines})


def apple() -> bytes:
    first_s = (start(0, 4) - NOON).total_seconds()
    rows = [
        stretch(first_s + LENGTH_S * n, first_s + LENGTH_S * (n + 1), song=f"Song {n}")
        for n in range(SONGS)
    ]
    artists = "".join(f"SE,The Apples - Song {number}\n" for number in range(SONGS))
    inner = {
        f"{APPLE}/Apple Music Play Activity.csv": table(*rows),
        f"{APPLE}/Apple Music - Play History Daily Tracks.csv": (
            b"Country,Track Description\n" + artists.encode()
        ),
        "Apple_Media_Services/Stores Activity/Reviews.csv": b"a,b\n1,2\n",
    }
    return zipped({"Apple_Media_Services.zip": zipped(inner)})


def takeout() -> bytes:
    rows = [
        {
            "header": "YouTube Music",
            "title": f"Watched Song {number}",
            "titleUrl": f"https://music.youtube.com/watch?v=abcdefghij{number}",
            "subtitles": [{"name": "The Tubes - Topic"}],
            "time": f"{start(number, 5):%Y-%m-%dT%H:%M:%S.000Z}",
        }
        for number in range(SONGS)
    ]
    return zipped(
        {
            f"{TAKEOUT}/history/watch-history.json": json.dumps(rows).encode(),
            f"{TAKEOUT}/history/search-history.json": b'[{"header": "YouTube", "titleUrl": "x"}]',
            f"{TAKEOUT}/playlists/mine.csv": b"Video ID,Added\n1,2\n",
            "Takeout/archive_browser.html": b"<html>",
        }
    )


def own_table() -> bytes:
    rows = [f"Song {n};Me;{start(n, 6).isoformat()};3:18\n" for n in range(SONGS)]
    return ("Title;Artist;Played at;Length\n" + "".join(rows)).encode()


FILES = (
    ("run.fit", write_fit(run(length_s=1_200))),
    ("my_spotify_data.zip", spotify_zip(plays(MORNING, SONGS, length_s=LENGTH_S))),
    ("account.zip", account_data()),
    ("scrobbles.csv", scrobbles()),
    ("listenbrainz_me.zip", listenbrainz()),
    ("Apple Media Services information.zip", apple()),
    ("takeout.zip", takeout()),
    ("mine.csv", own_table()),
    ("watch-history.html", b"<html>"),
)


@pytest.fixture
def library(
    database: Database, clock: HeldClock, account_id: UUID, parser_pool: ParserPool, tmp_path: Path
) -> Library:
    return Library(database, clock, account_id, parser_pool, tmp_path)


async def test_everything_at_once(library: Library) -> None:
    batch_id = await library.take_in(*FILES)
    refused = [found for found in await library.outcomes(batch_id) if found[1] == "refused"]
    assert refused == [("watch-history.html", "refused", "youtube_page")]
    counted = select(music_events.c.provenance, func.count()).group_by(music_events.c.provenance)
    assert {row[0]: row[1] for row in await library.rows(counted)} == {
        Provenance.SPOTIFY_EXPORT: SONGS,
        Provenance.SPOTIFY_ACCOUNT: SONGS,
        Provenance.LASTFM: SONGS,
        Provenance.LISTENBRAINZ: SONGS,
        Provenance.APPLE_MUSIC: SONGS,
        Provenance.YOUTUBE_MUSIC: SONGS,
        Provenance.FILE: SONGS,
    }
    nameless = select(func.count()).select_from(tracks).where(tracks.c.artist == "")
    assert (await library.rows(nameless))[0][0] == 0, "Apple's songs have their artist"
    wrong = select(music_events.c.started_at).where(
        music_events.c.started_at < datetime(2026, 2, 2, tzinfo=UTC)
    )
    assert await library.rows(wrong) == []


async def test_everything_again_changes_nothing(library: Library) -> None:
    await library.take_in(*FILES)
    before = await library.contents()
    batch_id = await library.take_in(*FILES)
    assert await library.contents() == before
    batch = await library.batch(batch_id)
    assert (batch.imported, batch.listens_added, batch.activities_added) == (0, 0, 0)
