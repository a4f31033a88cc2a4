"""A year in music and miles: what was run, and to what."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from beatrunner.core.calendar import Effort, daily_totals, longest_streak, monday
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.insights.fitting import is_called
from beatrunner.insights.store import list_effects
from beatrunner.retrospect import store
from beatrunner.retrospect.shapes import (
    CalledSong,
    Month,
    NotableRun,
    Streak,
    Year,
    YearName,
    YearSong,
)
from beatrunner.soundtracks.home import Day, Totals
from beatrunner.soundtracks.store import sum_runs

_SONGS = 10
_NAMES = 6
_DISCOVERIES = 5
_FASTER = 3
#: Shorter ones are fast for other reasons.
_LEAST_FAST_M = 3_000.0


class YearPage:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, account_id: UUID, year: int, zone: ZoneInfo) -> Year:
        """Days, months and the year are those of `zone`."""
        start, end = _new_year(year, zone), _new_year(year + 1, zone)
        windows = {"totals": (start, end), "before": (_new_year(year - 1, zone), start)}
        async with self._database.read(is_long=True) as tx:
            bounds = await store.find_first_and_last(tx, account_id)
            sums = (await sum_runs(tx, account_id, windows))._mapping
            runs = await store.list_runs_between(tx, account_id, start, end)
            notable = _notable(runs)
            ids = {row.activity_id for row in notable.values()}
            read = _Read(
                runs=runs,
                songs=await store.list_run_to_between(tx, account_id, start, end),
                fresh=await store.list_first_heard_between(tx, account_id, start, end),
                effects=await list_effects(tx, account_id),
                notable=notable,
                songs_of=await store.list_songs_of(tx, ids),
            )
        years = bounds and (
            bounds.first.astimezone(zone).year,
            bounds.last.astimezone(zone).year,
        )
        told = {
            "year": year,
            "years": years,
            "starts_at": start,
            "ends_at": end,
            **{name: _totals(sums, name) for name in windows},
        }
        return await asyncio.to_thread(_year, told, read, zone)


def _new_year(year: int, zone: ZoneInfo) -> datetime:
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Read:
    runs: Sequence[AnyRow]
    songs: Sequence[AnyRow]
    fresh: Collection[UUID]
    effects: Mapping[tuple[str, bool], Mapping[str, Any]]
    notable: Mapping[str, AnyRow]
    songs_of: Sequence[AnyRow]


def _totals(sums: Mapping[Any, Any], name: str) -> Totals:
    return Totals.model_validate(
        {figure: sums[f"{name}_{figure}"] or 0 for figure in Totals.model_fields}
    )


def _notable(runs: Sequence[AnyRow]) -> dict[str, AnyRow]:
    found: dict[str, AnyRow] = {}
    if runs:
        found["first_run"] = runs[0]
    if far := [row for row in runs if row.distance_m]:
        found["longest_run"] = max(far, key=lambda row: row.distance_m)
    # What a watch makes of a treadmill's speed is a guess.
    fast = [row for row in far if row.distance_m >= _LEAST_FAST_M and not row.is_indoor]
    if fast := [row for row in fast if row.mean_speed_mps]:
        found["fastest_run"] = max(fast, key=lambda row: row.mean_speed_mps)
    return found


def _year(told: Mapping[str, Any], read: _Read, zone: ZoneInfo) -> Year:
    songs = [YearSong.model_validate(row._mapping) for row in read.songs]
    artists, albums = _names(read.songs)
    fresh = [song for song in songs if song.track_id in read.fresh]
    days = daily_totals(
        (Effort(row.started_at, row.distance_m or 0.0, row.moving_s) for row in read.runs), zone
    )
    return Year(
        **told,
        **{
            name: _run(row, read, songs) if row is not None else None
            for name in ("first_run", "longest_run", "fastest_run")
            for row in [read.notable.get(name)]
        },
        music_s=sum(map(_music_s, read.runs)),
        months=_months(read.runs, zone),
        days=[
            Day(day=day.starts_on, activities=day.activities, distance_m=day.distance_m)
            for day in days
        ],
        songs=songs[:_SONGS],
        artists=artists[:_NAMES],
        albums=albums[:_NAMES],
        songs_in_all=len(songs),
        artists_in_all=len(artists),
        discovered=len(fresh),
        discoveries=fresh[:_DISCOVERIES],
        faster_songs=_faster(read.effects, {str(song.track_id): song for song in songs}),
        days_in_a_row=_streak((day.starts_on for day in days), timedelta(days=1)),
        weeks_in_a_row=_streak((monday(day.starts_on) for day in days), timedelta(weeks=1)),
    )


def _streak(days: Any, step: timedelta) -> Streak | None:
    found = longest_streak(days, step)
    return found and Streak(first_day=found[0], count=found[1])


def _months(runs: Sequence[AnyRow], zone: ZoneInfo) -> list[Month]:
    """All twelve."""
    by_month: dict[int, list[AnyRow]] = defaultdict(list)
    for row in runs:
        by_month[row.started_at.astimezone(zone).month].append(row)
    return [
        Month(
            month=month,
            activities=len(by_month[month]),
            distance_m=sum(row.distance_m or 0.0 for row in by_month[month]),
            moving_s=sum(row.moving_s for row in by_month[month]),
            music_s=sum(map(_music_s, by_month[month])),
        )
        for month in range(1, 13)
    ]


def _music_s(row: AnyRow) -> float:
    # Spans are of whole seconds: together they may come to a little more than the run.
    music_s: float = min(row.music_s, row.moving_s)
    return music_s


def _names(songs: Sequence[AnyRow]) -> tuple[list[YearName], list[YearName]]:
    """Artists and albums by the time that was run to them."""
    artist_s: Counter[str] = Counter()
    album_s: Counter[tuple[str, str]] = Counter()
    of_artist: Counter[str] = Counter()
    of_album: Counter[tuple[str, str]] = Counter()
    for row in songs:
        artist_s[row.artist] += row.moving_s
        of_artist[row.artist] += 1
        if row.album:
            album_s[row.album, row.artist] += row.moving_s
            of_album[row.album, row.artist] += 1
    artists = [
        YearName(name=name, artist=None, moving_s=moving_s, songs=of_artist[name])
        for name, moving_s in artist_s.most_common()
    ]
    albums = [
        YearName(name=album, artist=artist, moving_s=moving_s, songs=of_album[album, artist])
        for (album, artist), moving_s in album_s.most_common()
    ]
    return artists, albums


def _run(row: AnyRow, read: _Read, songs: Sequence[YearSong]) -> NotableRun:
    by_id = {song.track_id: song for song in songs}
    played = (by_id.get(x.track_id) for x in read.songs_of if x.activity_id == row.activity_id)
    song = next((song for song in played if song is not None), None)
    return NotableRun.model_validate({**row._mapping, "song": song})


def _faster(
    effects: Mapping[tuple[str, bool], Mapping[str, Any]], songs: Mapping[str, YearSong]
) -> list[CalledSong]:
    """Songs that may be named (`insights`), first those whose plays chance ordered."""
    found: dict[str, CalledSong] = {}
    for is_causal in (True, False):
        fit = effects.get(("speed", is_causal))
        for effect in fit["tracks"] if fit else ():
            song = songs.get(effect["track_id"])
            if song is None or effect["verdict"] != "raises" or not is_called(effect):
                continue
            told = {"effect": effect["effect"], "is_causal": is_causal}
            found.setdefault(
                effect["track_id"], CalledSong.model_validate({**song.model_dump(), **told})
            )
    return sorted(found.values(), key=lambda song: -song.effect.value)[:_FASTER]
