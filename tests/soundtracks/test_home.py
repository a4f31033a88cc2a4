"""The home page against the same sums in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from beatrunner.accounts.store import update_library_version
from beatrunner.core.confidence import Confidence, ConfidenceReason
from beatrunner.core.sports import RUNNING
from beatrunner.db.engine import Database
from beatrunner.db.tables import activities, music_events, spans, tracks
from beatrunner.kit.ids import new_id
from beatrunner.soundtracks.home import Home, HomePage
from beatrunner.soundtracks.store import NewSoundtrack, replace_soundtrack
from tests.conftest import HeldClock, make_account

NEW_YORK = ZoneInfo("America/New_York")
#: The Sunday on which New York's clocks go forward.
NOW = datetime(2026, 3, 8, 17, 0, tzinfo=UTC)


def activity(account_id: UUID, started_at: datetime, chance: random.Random) -> dict[str, Any]:
    return {
        "id": new_id(),
        "account_id": account_id,
        "name": "Run",
        "sport": chance.choice(["run", "run", "trail_run", "treadmill_run", "ride"]),
        "is_indoor": False,
        "started_at": started_at,
        "ended_at": started_at + timedelta(seconds=60),
        "length_s": 60,
        "elapsed_s": 60.0,
        "moving_s": chance.uniform(10, 60),
        "distance_m": chance.choice([None, chance.uniform(1000, 9000)]),
        "ascent_m": chance.choice([None, chance.uniform(0, 90)]),
        "has_path": False,
        "laps": [],
        "pauses": [],
        "repairs": [],
        "track_count": chance.randrange(2),
        "created_at": NOW,
    }


def span(of: dict[str, Any], ordinal: int, track_id: UUID, chance: random.Random) -> dict[str, Any]:
    return {
        "activity_id": of["id"],
        "account_id": of["account_id"],
        "ordinal": ordinal,
        "track_id": track_id,
        "start_s": ordinal,
        "end_s": ordinal + 1,
        "start_uncertainty_s": 1.0,
        "moving_s": chance.choice([0.0, chance.uniform(1, 50)]),
        "distance_m": chance.choice([None, 100.0]),
        "speed_mps": chance.choice([None, chance.uniform(2, 5)]),
        "cadence_spm": chance.choice([None, chance.uniform(150, 190)]),
    }


async def load(database: Database, account_id: UUID, zone: ZoneInfo) -> Home:
    clock = HeldClock()
    clock.now = NOW
    async with database.read() as tx:
        return Home.model_validate_json(await HomePage(clock).load(tx, account_id, zone))


async def add_activities(database: Database, account_id: UUID) -> list[dict[str, Any]]:
    chance = random.Random(5)
    rows = [
        activity(account_id, NOW - timedelta(minutes=chance.uniform(0, 600 * 1440)), chance)
        for _ in range(300)
    ]
    # Around midnight in New York, four and eight weeks before the day after NOW.
    for day in (9, 8):
        midnight = datetime(2026, 2, day, tzinfo=NEW_YORK) - timedelta(days=28 * (9 - day))
        for seconds in (-1, 0, 1):
            started_at = (midnight + timedelta(seconds=seconds)).astimezone(UTC)
            rows.append(activity(account_id, started_at, chance))
    async with database.write() as tx:
        await tx.execute(insert(activities), rows)
    return rows


def total(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "activities": len(rows),
        **{
            name: pytest.approx(sum(row[name] or 0 for row in rows))
            for name in ("distance_m", "moving_s", "ascent_m")
        },
    }


async def test_totals_weeks_and_days(database: Database, account_id: UUID) -> None:
    rows = await add_activities(database, account_id)
    await add_activities(database, await make_account(database))
    home = await load(database, account_id, NEW_YORK)
    runs = [row for row in rows if row["sport"] in RUNNING]
    day_of = {row["id"]: row["started_at"].astimezone(NEW_YORK).date() for row in runs}
    today = NOW.astimezone(NEW_YORK).date()

    def ago(row: dict[str, Any]) -> int:
        return int((today - day_of[row["id"]]).days)

    totals = home.totals.model_dump()
    assert totals["all_time"] == total(runs)
    assert totals["this_year"] == total([row for row in runs if day_of[row["id"]].year == 2026])
    assert totals["last_28_days"] == total([row for row in runs if ago(row) < 28])
    assert totals["previous_28_days"] == total([row for row in runs if 28 <= ago(row) < 56])
    assert home.activities == len(runs)
    assert home.activities_with_music == sum(row["track_count"] > 0 for row in runs)

    by_day = defaultdict(list)
    for row in runs:
        if ago(row) < 371:
            by_day[day_of[row["id"]]].append(row)
    shown = {day.day: day for day in home.days}
    assert sorted(shown) == sorted(by_day)
    assert all(shown[day].activities == len(by_day[day]) for day in by_day)

    this_monday = today - timedelta(days=today.weekday())
    for number, week in enumerate(reversed(home.weeks)):
        assert week.week_start == this_monday - timedelta(weeks=number)
        of_week = [
            row
            for day, found in by_day.items()
            for row in found
            if 0 <= (day - week.week_start).days < 7
        ]
        assert week.activities == len(of_week)
        assert week.moving_s == pytest.approx(sum(row["moving_s"] for row in of_week))


async def test_recent_runs(database: Database, account_id: UUID) -> None:
    rows = await add_activities(database, account_id)
    home = await load(database, account_id, NEW_YORK)
    runs = [row for row in rows if row["sport"] in RUNNING]
    latest = sorted(runs, key=lambda row: row["started_at"], reverse=True)[:5]
    assert [shown.id for shown in home.recent] == [row["id"] for row in latest]


async def test_most_run_to(database: Database, account_id: UUID) -> None:
    chance = random.Random(9)
    rows = await add_activities(database, account_id)
    names: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "account_id": account_id,
            "match_key": str(number),
            "kind": "podcast" if number % 7 == 0 else "music",
            "title": f"Title {number}",
            "artist": "Artist",
            "created_at": NOW,
        }
        for number in range(30)
    ]
    played = [
        span(of, ordinal, chance.choice(names)["id"], chance)
        for of in rows
        for ordinal in range(chance.randrange(5))
    ]
    async with database.write() as tx:
        await tx.execute(insert(tracks), names)
        await tx.execute(insert(spans), played)
    home = await load(database, account_id, NEW_YORK)

    runs = {row["id"] for row in rows if row["sport"] in RUNNING}
    under: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in played:
        if one["activity_id"] in runs:
            under[one["track_id"]].append(one)
    songs = [name["id"] for name in names if name["kind"] == "music"]
    wanted = sorted(songs, key=lambda song: -sum(one["moving_s"] for one in under[song]))[:10]
    assert [top.track.id for top in home.top_tracks] == wanted
    for top in home.top_tracks:
        found = under[top.track.id]
        assert top.plays == len(found)
        assert top.runs == len({one["activity_id"] for one in found})
        assert top.moving_s == pytest.approx(sum(one["moving_s"] for one in found))
        assert top.distance_m == pytest.approx(sum(one["distance_m"] or 0 for one in found))
        for shown, name in (
            (top.mean_speed_mps, "speed_mps"),
            (top.mean_cadence_spm, "cadence_spm"),
        ):
            told = [one for one in found if one[name] is not None]
            weight = sum(one["moving_s"] for one in told)
            assert shown == pytest.approx(sum(one[name] * one["moving_s"] for one in told) / weight)


async def test_listens_are_counted(database: Database, account_id: UUID) -> None:
    other_id = await make_account(database)
    async with database.write() as tx:
        await tx.execute(
            insert(music_events),
            [
                {
                    "account_id": owner,
                    "started_at": NOW,
                    "track_id": new_id(),
                    "name_id": new_id(),
                    "provenance": "file",
                    "ended_at": NOW,
                    "uncertainty_s": 1.0,
                    "is_offline": False,
                }
                for owner in (account_id, account_id, other_id)
            ],
        )
    assert (await load(database, account_id, NEW_YORK)).listens == 2


async def test_songs_follow_new_soundtracks_and_runs_that_go(
    database: Database, account_id: UUID
) -> None:
    chance = random.Random(3)
    rows = [activity(account_id, NOW - timedelta(days=day), chance) for day in (1, 2)]
    names = [
        {
            "id": new_id(),
            "account_id": account_id,
            "match_key": title,
            "kind": "music",
            "title": title,
            "artist": "Artist",
            "created_at": NOW,
        }
        for title in ("Old", "New")
    ]
    async with database.write() as tx:
        await tx.execute(insert(activities), [{**row, "sport": "run"} for row in rows])
        await tx.execute(insert(tracks), names)
    page = HomePage(lambda: NOW)

    async def shown() -> list[str]:
        async with database.read() as tx:
            home = Home.model_validate_json(await page.load(tx, account_id, NEW_YORK))
        return [top.track.title for top in home.top_tracks]

    async def compute(row: dict[str, Any], name: dict[str, Any], minutes: int) -> None:
        heard = {**span(row, 0, name["id"], chance), "moving_s": float(minutes)}
        made = NewSoundtrack(Confidence("good", ConfidenceReason.EXACT_TIMES, {}), 1, [heard])
        async with database.write() as tx:
            await replace_soundtrack(
                tx, account_id, row["id"], made, NOW + timedelta(minutes=minutes)
            )

    assert await shown() == []
    await compute(rows[0], names[0], 1)
    assert await shown() == ["Old"]
    assert await shown() == ["Old"]
    await compute(rows[1], names[1], 2)
    assert await shown() == ["New", "Old"]
    await compute(rows[0], names[1], 3)
    assert await shown() == ["New"]
    async with database.write() as tx:
        await tx.execute(update(activities).values(sport="ride"))
    assert await shown() == ["New"], "nobody said that the library is another"
    async with database.write() as tx:
        await update_library_version(tx, account_id)
    assert await shown() == []
