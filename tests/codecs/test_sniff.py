"""Kinds of files, by content first."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.sniff import HEAD_BYTES, FileKind, sniff
from beatrunner.codecs.tcx import write_tcx
from beatrunner.core.recording import RawRecording

DATA = Path(__file__).parents[3] / "shared" / "data"
RECORDING = RawRecording(
    sport="run",
    started_at=datetime(2026, 3, 1, tzinfo=UTC),
    sample_s=np.zeros(1),
    columns={"latitude": np.ones(1), "longitude": np.ones(1)},
)
GPX, TCX = write_gpx(RECORDING), write_tcx(RECORDING)
FIT = b"\x0e\x20\x00\x00\x00\x00\x00\x00.FIT\x00\x00"


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (FIT, "1.fit", FileKind.FIT),
        (FIT, "renamed.jpg", FileKind.FIT),
        (b"\x40\x00damaged header", "1.FIT", FileKind.FIT),
        (GPX, "x", FileKind.GPX),
        (b"\xef\xbb\xbf  " + GPX, "x.txt", FileKind.GPX),
        (GPX.decode().encode("utf-16"), "x.gpx", FileKind.GPX),
        (b"          " + TCX, "x.tcx", FileKind.TCX),
        (b"<Activities><Activity/>", "x", FileKind.TCX),
        (gzip.compress(b"", mtime=0), "1.fit", FileKind.GZIP),
        (b"PK\x03\x04", "export.zip", FileKind.ZIP),
        (b"PK\x05\x06", "empty.zip", FileKind.ZIP),
        (b'[{"ts":"2023-03-19T18:31:37Z","ms_played":1}]', "a.json", FileKind.SPOTIFY_EXTENDED),
        (b"[]", "Streaming_History_Audio_2019_1.json", FileKind.SPOTIFY_EXTENDED),
        (b"[]", "endsong_3.json", FileKind.SPOTIFY_EXTENDED),
        (b'[ {"endTime":"x","msPlayed":1}]', "a.json", FileKind.SPOTIFY_ACCOUNT_DATA),
        (b"[]", "MyData/StreamingHistory_music_0.json", FileKind.SPOTIFY_ACCOUNT_DATA),
        (b"A,B,C,13 May 2021 20:14\n", "scrobbles.csv", FileKind.LASTFM_CSV),
        (b'"A, B",,C,"13 May 2021, 20:14"\r\n', "scrobbles.txt", FileKind.LASTFM_CSV),
        (b"uts,utc_time,artist,artist_mbid", "recenttracks.csv", FileKind.LASTFM_CSV),
        (b'"uts","utc_time","artist"', "x", FileKind.LASTFM_CSV),
        (b"\xef\xbb\xbfArtist;Album;AlbumId;Track;Date#me\n", "s.csv", FileKind.LASTFM_CSV),
        (b'[{"track":[{"artist":{"#text":"A"}', "s.json", FileKind.LASTFM_JSON),
        (b'{"recenttracks":{"track":[', "s.json", FileKind.LASTFM_JSON),
        (b'{"username":"me","scrobbles":[', "s.json", FileKind.LASTFM_JSON),
        (b'{"listened_at":1,"track_metadata":{}}', "listens/2024/5.jsonl", FileKind.LISTENBRAINZ),
        (b'{"user_id":1,"username":"me"}', "user.json", FileKind.NOTHING),
        (b'[{"endTime":"x","msPlayed":1}]', "endsong_0.json", FileKind.SPOTIFY_ACCOUNT_DATA),
        (
            b'[{"header":"YouTube","title":"Watched x","titleUrl":"https://y"}]',
            "Takeout/YouTube/history/Wiedergabeverlauf.json",
            FileKind.YOUTUBE_HISTORY,
        ),
        (b'[{"header":"YouTube","titleUrl":"x"}]', "search-history.json", FileKind.NOTHING),
        (b"<html>", "history/watch-history.html", FileKind.YOUTUBE_PAGE),
        (b"<html>", "history/search-history.html", FileKind.NOTHING),
        (b"Album Name,", "a/Apple Music Play Activity.csv", FileKind.APPLE_ACTIVITY),
        (b"End Reason Type,Event End Timestamp,", "renamed.csv", FileKind.APPLE_ACTIVITY),
        (
            b"Country,Track Description\n",
            "Apple Music - Play History Daily Tracks.csv",
            FileKind.APPLE_ARTISTS,
        ),
        (b"[{", "Apple Music Library Tracks.json", FileKind.APPLE_ARTISTS),
        (
            b"Track Name,Last Played Date\n",
            "Apple Music - Track Play History.csv",
            FileKind.APPLE_ARTISTS,
        ),
        (b"Container Name,Artist\n", "Apple Music - Container Details.csv", FileKind.CSV),
        (b"Title;Artist;Played at\n", "mine.csv", FileKind.OWN_PLAYS),
        (b"title\tartist\ttime\n", "mine.tsv", FileKind.OWN_PLAYS),
        ("title,artist,start\n".encode("utf-16"), "mine.csv", FileKind.OWN_PLAYS),
        (b"Activity Type,Date,Favorite,Title,Distance\n", "a.csv", FileKind.CSV),
        (b'{"score":1}', "feedback.jsonl", FileKind.NOTHING),
        (b"{}", "MyData/YourLibrary.json", FileKind.NOTHING),
        (b"{}", "MyData/Something new.json", FileKind.NOTHING),
        (b"a,b\n1,2", "a.zip/Takeout/YouTube/playlists/p.csv", FileKind.NOTHING),
        (b"a,b\n1,2", "Apple_Media_Services/Stores Activity/Reviews.csv", FileKind.NOTHING),
        (b"?", "a/Takeout/what", FileKind.NOTHING),
        (b"?", "my Takeouts/what", FileKind.UNKNOWN),
        (b"{}", "MyData/Playlist1.json", FileKind.NOTHING),
        (b"{}", "other.json", FileKind.JSON),
        (b"Activity ID,", "export_1/activities.csv", FileKind.STRAVA_ACTIVITIES),
        (b"Aktivit", "activities.csv", FileKind.STRAVA_ACTIVITIES),
        (b"a,b", "export_1/profile.csv", FileKind.NOTHING),
        (b"a,b", "table.csv", FileKind.CSV),
        (b"\xff\xd8\xff\xe0", "media/1", FileKind.NOTHING),
        (b"\0\0\0\x20ftypheic", "media/1.run", FileKind.NOTHING),
        (b"%PDF-1.7", "ReadMeFirst.pdf", FileKind.NOTHING),
        (b"hello", "readme.txt", FileKind.NOTHING),
        (b"<gpx><trk/></gpx>", "export_1/routes/1.gpx", FileKind.NOTHING),
        (GPX, "my routes/1.gpx", FileKind.GPX),
        (b"", "x", FileKind.UNKNOWN),
        (b"", "x.gpx", FileKind.GPX),
        (b"\x7fELF", "program", FileKind.UNKNOWN),
    ],
)
def test_kinds(head: bytes, name: str, kind: FileKind) -> None:
    assert sniff(head, name) is kind


@given(st.binary(max_size=100), st.text(max_size=20))
def test_anything_has_a_kind(head: bytes, name: str) -> None:
    assert sniff(head, name) in FileKind


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
def test_real_files_are_recognised_without_their_names() -> None:
    for path in sorted((DATA / "runs").iterdir()):
        if path.suffix != ".csv":
            head = path.read_bytes()[:HEAD_BYTES]
            assert sniff(head, "") == path.suffix[1:], path.name
    endsong = DATA / "listens" / "spotify_streaming_endsong_0.json"
    assert sniff(endsong.read_bytes()[:HEAD_BYTES], "") is FileKind.SPOTIFY_EXTENDED
