"""A year in music and miles, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from beatrunner.db.engine import Database
from beatrunner.db.insight_tables import insight_effects
from beatrunner.db.tables import activities, music_events, spans, tracks
from beatrunner.kit.ids import new_id
from beatrunner.retrospect.shapes import Year
from beatrunner.retrospect.year import YearPage

AUCKLAND = ZoneInfo("Pacific/Auckland")
ESTIMATE = {"value": 1.5, "low": 0.5, "high": 2.5}


class Diary:
    def __init__(self, database: Database, account_id: UUID) -> None:
        self._database = database
        self._account_id = account_id

    async def ran(self, day: datetime, *songs: UUID, **changes: Any) -> None:
        """An hour and 10 km, with each of the songs for ten minutes."""
        activity_id = new_id()
        values = {
            "id": activity_id,
            "account_id": self._account_id,
            "name": "Run",
            "sport": "run",
            "is_indoor": False,
            "started_at": day,
            "ended_at": day + timedelta(hours=1),
            "length_s": 3600,
            "elapsed_s": 3600.0,
            "moving_s": 3600.0,
            "distance_m": 10_000.0,
            "mean_speed_mps": 2.8,
            "has_path": False,
            "laps": [],
            "pauses": [],
            "repairs": [],
            "created_at": day,
            **changes,
        }
        async with self._database.write() as tx:
            await tx.execute(insert(activities).values(values))
            for ordinal, track_id in enumerate(songs):
                await tx.execute(
                    insert(spans).values(
                        activity_id=activity_id,
                        account_id=self._account_id,
                        ordinal=ordinal,
                        track_id=track_id,
                        start_s=600 * ordinal,
                        end_s=600 * (ordinal + 1),
                        start_uncertainty_s=1.0,
                        moving_s=600.0 - ordinal,
                    )
                )

    async def song(
        self, title: str, artist: str, first_heard: datetime, kind: str = "music"
    ) -> UUID:
        track_id = new_id()
        async with self._database.write() as tx:
            await tx.execute(
                insert(tracks).values(
                    id=track_id,
                    account_id=self._account_id,
                    match_key=title,
                    kind=kind,
                    title=title,
                    artist=artist,
                    album=f"Album of {artist}",
                    created_at=first_heard,
                )
            )
            await tx.execute(
                insert(music_events).values(
                    account_id=self._account_id,
                    started_at=first_heard,
                    ended_at=first_heard + timedelta(minutes=3),
                    track_id=track_id,
                    name_id=new_id(),
                    provenance="file",
                    uncertainty_s=1.0,
                    is_offline=False,
                )
            )
        return track_id

    async def year(self, year: int = 2025, zone: ZoneInfo = AUCKLAND) -> Year:
        return await YearPage(self._database).load(self._account_id, year, zone)


@pytest.fixture
def diary(database: Database, account_id: UUID) -> Diary:
    return Diary(database, account_id)


def local(month: int, day: int, hour: int = 7, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, tzinfo=AUCKLAND).astimezone(UTC)


async def test_a_year_begins_where_the_runner_lives(diary: Diary) -> None:
    await diary.ran(local(1, 1, hour=0))
    await diary.ran(local(12, 31, hour=23, year=2024))
    await diary.ran(local(12, 31, hour=23))
    await diary.ran(local(1, 1, hour=0, year=2026))
    await diary.ran(local(6, 1), sport="ride")
    found = await diary.year()
    assert (found.totals.activities, found.before.activities) == (2, 1)
    assert [month.activities for month in found.months] == [1, *[0] * 10, 1]
    assert [day.day.isoformat() for day in found.days] == ["2025-01-01", "2025-12-31"]
    assert found.years == (2024, 2026)


async def test_music_is_told_by_the_time_that_was_run_to_it(diary: Diary) -> None:
    old = await diary.song("Old", "Someone", local(1, 1, year=2020))
    new = await diary.song("New", "Someone", local(2, 1))
    other = await diary.song("Other", "Nobody", local(3, 1))
    await diary.song("Never run to", "Nobody", local(3, 1))
    await diary.ran(local(5, 1), old, new)
    await diary.ran(local(5, 2), old)
    await diary.ran(local(6, 2, year=2024), other)
    found = await diary.year()
    assert [(s.title, s.moving_s, s.plays, s.runs) for s in found.songs] == [
        ("Old", 1200.0, 2, 2),
        ("New", 599.0, 1, 1),
    ]
    assert [(a.name, a.moving_s, a.songs) for a in found.artists] == [("Someone", 1799.0, 2)]
    assert [(a.name, a.artist) for a in found.albums] == [("Album of Someone", "Someone")]
    assert (found.music_s, found.months[4].music_s) == (1799.0, 1799.0)
    assert (found.discovered, [s.title for s in found.discoveries]) == (1, ["New"])


async def test_talk_is_no_music_and_music_no_longer_than_the_run(diary: Diary) -> None:
    talk = await diary.song("Episode 7", "Someone", local(1, 1), kind="podcast")
    song = await diary.song("Song", "Someone", local(1, 1))
    await diary.ran(local(5, 1), talk, song)
    await diary.ran(local(5, 2), song, moving_s=599.5)
    found = await diary.year()
    assert (found.music_s, found.months[4].music_s) == (1198.5, 1198.5)
    assert [song.title for song in found.songs] == ["Song"]


async def test_notable_runs_come_with_their_song(diary: Diary) -> None:
    song = await diary.song("Song", "Someone", local(1, 1))
    await diary.ran(local(2, 1), name="First")
    await diary.ran(local(2, 2), song, name="Longest", distance_m=30_000.0)
    await diary.ran(local(2, 3), name="Fastest", mean_speed_mps=3.5)
    await diary.ran(local(2, 4), name="Sprint", distance_m=400.0, mean_speed_mps=7.0)
    await diary.ran(local(2, 5), name="Belt", is_indoor=True, mean_speed_mps=5.0)
    found = await diary.year()
    named = [found.first_run, found.longest_run, found.fastest_run]
    assert [run and run.name for run in named] == ["First", "Longest", "Fastest"]
    assert [run and run.song and run.song.title for run in named] == [None, "Song", None]


async def test_streaks_are_of_days_and_of_weeks(diary: Diary) -> None:
    for day in (3, 10, 11, 12, 24):
        await diary.ran(local(3, day))
    found = await diary.year()
    assert found.days_in_a_row
    assert found.weeks_in_a_row
    assert (str(found.days_in_a_row.first_day), found.days_in_a_row.count) == ("2025-03-10", 3)
    assert (str(found.weeks_in_a_row.first_day), found.weeks_in_a_row.count) == ("2025-03-03", 2)


async def test_only_songs_that_may_be_named_are_called_faster(
    diary: Diary, database: Database, account_id: UUID
) -> None:
    named, unnamed = [await diary.song(name, "Someone", local(1, 1)) for name in ("A", "B")]
    await diary.ran(local(2, 2), named, unnamed)
    effect = {"effect": ESTIMATE, "probability_above": 0.99}
    told = [
        {"track_id": str(named), "verdict": "raises", **effect},
        {"track_id": str(unnamed), "verdict": "cannot_tell", **effect},
        {"track_id": str(new_id()), "verdict": "raises", **effect},
    ]
    async with database.write() as tx:
        await tx.execute(
            insert(insight_effects).values(
                account_id=account_id, response="speed", is_causal=False, effects={"tracks": told}
            )
        )
    found = await diary.year()
    assert [(s.title, s.is_causal, s.effect.value) for s in found.faster_songs] == [
        ("A", False, 1.5)
    ]


async def test_a_year_without_runs_is_empty(diary: Diary) -> None:
    found = await diary.year()
    assert (found.totals.activities, found.years, found.first_run) == (0, None, None)
    assert (found.days_in_a_row, found.songs, len(found.months)) == (None, [], 12)
