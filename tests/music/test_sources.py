"""Every history that can be read, from bytes to listens."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from beatrunner.codecs.sniff import FileKind
from beatrunner.core.provenance import COMBINING
from beatrunner.core.refusals import Refusal
from beatrunner.db.engine import Database
from beatrunner.music.listens import ListensAdded, add_listens
from beatrunner.music.sources import SOURCES
from tests.conftest import HeldClock

NOON = datetime(2024, 5, 4, 12, 0, 50, tzinfo=UTC)
HEADER = "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"


def in_seconds(*titles: str, every_s: int = 200) -> bytes:
    rows = [
        f"{round(NOON.timestamp()) + every_s * number},,Artist,,,,{title},"
        for number, title in enumerate(titles)
    ]
    return (HEADER + "\n".join(rows)).encode()


def in_minutes(*titles: str, every_s: int = 200) -> bytes:
    starts = [NOON + timedelta(seconds=every_s * number) for number in range(len(titles))]
    rows = [
        f"Artist,,{title},{start:%d %b %Y %H:%M}\n"
        for title, start in zip(titles, starts, strict=True)
    ]
    return "".join(reversed(rows)).encode()


async def take_in(database: Database, account_id: UUID, data: bytes) -> ListensAdded:
    source = SOURCES[FileKind.LASTFM_CSV]
    async with database.write() as tx:
        plays = source.read_table(data)
        return await add_listens(tx, account_id, None, source.provenance, plays, NOON)


@pytest.mark.parametrize("minutes_first", [True, False])
async def test_one_history_in_minutes_and_in_seconds_is_not_doubled(
    database: Database, account_id: UUID, minutes_first: bool
) -> None:
    titles = ["A", "B", "A", "C", "C"]
    files = [in_minutes(*titles), in_seconds(*titles)]
    first, second = files if minutes_first else reversed(files)
    assert (await take_in(database, account_id, first)).added == 5
    assert await take_in(database, account_id, second) == ListensAdded(0, 5)


async def test_a_longer_export_adds_what_is_new(database: Database, account_id: UUID) -> None:
    await take_in(database, account_id, in_seconds("A", "B"))
    # The last song of the first file now has one after it, and so another end.
    assert (await take_in(database, account_id, in_seconds("A", "B", "C"))).added == 1


async def test_a_short_song_on_repeat_is_told_apart_within_its_file(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    on_repeat = in_seconds("A", "A", "A", every_s=45)
    assert (await take_in(database, account_id, on_repeat)).added == 3
    assert (await take_in(database, account_id, on_repeat)).added == 0


@pytest.mark.parametrize(
    ("kind", "data", "left_out"),
    [
        (FileKind.LASTFM_CSV, in_seconds("A"), None),
        (FileKind.LASTFM_CSV, in_seconds("A") + b"\n1,,,,,,from 1970,", None),
        (
            FileKind.LISTENBRAINZ,
            b'{"listened_at":1714824000,"track_metadata":{"track_name":"A"}}\n{"listened_at":17',
            Refusal.DAMAGED_IN_PART,
        ),
        (
            FileKind.OWN_PLAYS,
            b"title,artist,time\nA,B,2024-05-04T12:00:00Z\nA,B,2024-05-05T12:00:00\n",
            Refusal.NO_TIME_ZONE,
        ),
    ],
)
def test_the_runner_is_told_what_can_be_mended(
    kind: FileKind, data: bytes, left_out: Refusal | None
) -> None:
    table = SOURCES[kind].read_table(data)
    assert len(table) == 1
    assert table.left_out is left_out


def test_every_source_may_stand_beside_a_run_and_be_read_by_a_child() -> None:
    for kind, source in SOURCES.items():
        assert source.provenance in COMBINING
        again = pickle.loads(pickle.dumps(source.read_table))  # noqa: S301
        assert again.__self__ == SOURCES[kind]
