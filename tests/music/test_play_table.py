from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.core.listening import ListenKind
from beatrunner.music.play_table import tabulate, time_of
from beatrunner.music.sources import SOURCES
from tests.music.test_listens import NOON, at


def test_plays_of_one_track_share_its_name() -> None:
    table = tabulate([at(0), at(10, title="Another", source_id=None), at(20, is_offline=True)])
    assert [name.title for name in table.names] == ["Title", "Another"]
    assert table.track == [0, 1, 0]
    assert table.is_offline == [False, False, True]
    assert [time_of(value) for value in table.started_at_us] == [
        NOON + timedelta(minutes=minute) for minute in (0, 10, 20)
    ]


def test_spellings_share_a_key_and_kinds_do_not() -> None:
    kinds = [at(0, kind=kind, source_id=None) for kind in ListenKind]
    table = tabulate([*kinds, at(10, title="  TITLE!", source_id="spotify:track:9")])
    keys = [name.match_key for name in table.names]
    assert len(set(keys)) == 3
    assert keys[0] == keys[3]


@given(st.text(max_size=500), st.text(max_size=500))
def test_keys_can_be_indexed_whatever_the_title(title: str, artist: str) -> None:
    (name,) = tabulate([at(0, title=title, artist=artist)]).names
    assert 0 < len(name.match_key.encode()) <= 1_000


def test_a_spotify_history_is_read_into_columns() -> None:
    table = SOURCES[FileKind.SPOTIFY_EXTENDED].read_table(
        write_extended_history([at(0), at(10), at(20)])
    )
    assert len(table) == 3
    assert table.track == [0, 0, 0]
