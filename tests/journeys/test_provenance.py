"""Rows of every provenance, planted: nothing is made of those that may not be combined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import insert, select

from beatrunner.activities.own_gait import find_own_gait
from beatrunner.activities.own_heart import find_own_heart
from beatrunner.activities.usual import find_usual_cadence
from beatrunner.core.heart import Runner, population_heart
from beatrunner.core.provenance import COMBINING, Provenance
from beatrunner.db.engine import Database
from beatrunner.db.tables import activities, music_events, recordings, spans, tracks
from beatrunner.insights import store
from beatrunner.insights.reading import InsightPage
from beatrunner.insights.refit import Refitter
from beatrunner.insights.shapes import Insights
from beatrunner.kit.ids import new_id
from beatrunner.playlists.playlists import Playlists, load_playlist
from beatrunner.playlists.shapes import CadenceTarget, NewPlaylist
from beatrunner.soundtracks.compute import SoundtrackComputer
from tests.conftest import HeldClock
from tests.sample_files import MORNING, run
from tests.shelf import Shelf

FORBIDDEN = sorted(set(Provenance) - COMBINING)
SONG_S = 100
#: Each source can tell a song.
RUN_S = SONG_S * len(Provenance)


@pytest.fixture
def shelf(database: Database, clock: HeldClock, account_id: UUID) -> Shelf:
    return Shelf(database, clock, account_id)


async def add_song(shelf: Shelf, title: str, tempo_bpm: float = 170.0) -> UUID:
    song = new_id()
    async with shelf.database.write() as tx:
        await tx.execute(
            insert(tracks).values(
                id=song,
                account_id=shelf.account_id,
                match_key=title,
                kind="music",
                title=title,
                artist=title,
                tempo_bpm=tempo_bpm,
                created_at=MORNING,
            )
        )
    return song


async def add_play(shelf: Shelf, song: UUID, at: datetime, provenance: Provenance) -> None:
    async with shelf.database.write() as tx:
        await tx.execute(
            insert(music_events).values(
                account_id=shelf.account_id,
                started_at=at,
                track_id=song,
                name_id=song,
                provenance=provenance,
                ended_at=at + timedelta(seconds=SONG_S),
                uncertainty_s=1.0,
                is_shuffled=True,
                is_offline=False,
            )
        )


async def add_run_to(
    shelf: Shelf, day: int, songs: Sequence[UUID], provenance: Provenance = Provenance.FILE
) -> None:
    started_at = MORNING + timedelta(days=day)
    recording = run(started_at, length_s=RUN_S)
    # Faster and slower, or there would be nothing to fit.
    speed_mps = 3.0 + 0.1 * np.sin(np.arange(RUN_S) / (100.0 + 10.0 * day))
    recording.columns["distance_m"][:] = np.cumsum(speed_mps)
    await shelf.add(recording, provenance)
    for place, song in enumerate(songs):
        await add_play(shelf, song, started_at + timedelta(seconds=SONG_S * place), Provenance.FILE)


async def align_all(shelf: Shelf, clock: HeldClock) -> None:
    computer = SoundtrackComputer(shelf.database, clock)
    async with shelf.database.write() as tx:
        for activity_id in (await tx.execute(select(activities.c.id))).scalars().all():
            await computer.compute(tx, shelf.account_id, activity_id)


async def insights_of(shelf: Shelf, clock: HeldClock) -> Insights:
    await Refitter(shelf.database, clock).refit(shelf.account_id)
    return await InsightPage(shelf.database, clock).load(shelf.account_id)


async def test_insights_are_made_of_runs_that_may_be_combined(
    shelf: Shelf, clock: HeldClock
) -> None:
    songs = [await add_song(shelf, str(number)) for number in range(5)]
    for day, provenance in enumerate(Provenance):
        await add_run_to(shelf, day, songs, provenance)
    await align_all(shelf, clock)
    found = await insights_of(shelf, clock)
    assert found.runs == len(COMBINING)
    assert found.plays == len(COMBINING) * len(songs)
    assert found.left_out == []
    assert [(each.provenance, each.runs, each.plays) for each in found.kept_out] == [
        (provenance, 1, 0) for provenance in FORBIDDEN
    ]
    assert found.library.runs == len(COMBINING)


async def test_a_run_measured_before_it_was_forbidden_counts_no_more(
    shelf: Shelf, clock: HeldClock
) -> None:
    songs = [await add_song(shelf, str(number)) for number in range(5)]
    await add_run_to(shelf, 0, songs)
    await align_all(shelf, clock)
    assert (await insights_of(shelf, clock)).runs == 1
    async with shelf.database.write() as tx:
        await tx.execute(recordings.update().values(provenance=Provenance.STRAVA_API))
        (activity_id,) = (await tx.execute(select(activities.c.id))).scalars()
        assert await store.find_measured_run(tx, activity_id) is None
    assert (await insights_of(shelf, clock)).runs == 0


async def test_only_plays_that_may_be_combined_stand_beside_a_run(
    shelf: Shelf, clock: HeldClock
) -> None:
    await shelf.add(run(length_s=RUN_S))
    songs = {provenance: await add_song(shelf, provenance) for provenance in Provenance}
    for place, (provenance, song) in enumerate(songs.items()):
        await add_play(shelf, song, MORNING + timedelta(seconds=SONG_S * place), provenance)
    await align_all(shelf, clock)
    async with shelf.database.read() as tx:
        heard = set((await tx.execute(select(spans.c.track_id))).scalars()) - {None}
    assert heard == {songs[provenance] for provenance in COMBINING}
    found = await insights_of(shelf, clock)
    assert [(each.provenance, each.runs, each.plays) for each in found.kept_out] == [
        (provenance, 0, 1) for provenance in FORBIDDEN
    ]
    assert found.library.plays == len(COMBINING)


async def test_gait_and_heart_are_learnt_from_runs_that_may_be_combined(shelf: Shelf) -> None:
    runner = Runner(age_years=40.0)
    for day, provenance in enumerate(FORBIDDEN):
        await shelf.add(run(MORNING + timedelta(days=day), length_s=RUN_S), provenance)
    async with shelf.database.read() as tx:
        assert (await find_own_gait(tx, shelf.account_id)).own_s == 0.0
        assert await find_usual_cadence(tx, shelf.account_id) is None
        heart = await find_own_heart(tx, shelf.account_id, runner, treadmill=False)
        assert heart.level == population_heart(runner).level
    before_s = 0.0
    for day, provenance in enumerate(sorted(COMBINING), start=len(FORBIDDEN)):
        await shelf.add(run(MORNING + timedelta(days=day), length_s=RUN_S), provenance)
        async with shelf.database.read() as tx:
            own_s = (await find_own_gait(tx, shelf.account_id)).own_s
            assert own_s > before_s, provenance
            assert await find_usual_cadence(tx, shelf.account_id) == 172.0
        before_s = own_s


async def test_playlists_are_made_of_songs_that_may_be_combined(
    shelf: Shelf, clock: HeldClock
) -> None:
    for provenance in Provenance:
        song = await add_song(shelf, provenance)
        await add_play(shelf, song, clock() - timedelta(days=100), provenance)
    of_both = await add_song(shelf, "both", tempo_bpm=171.0)
    await add_play(shelf, of_both, clock() - timedelta(days=100), Provenance.FILE)
    await add_play(shelf, of_both, clock(), Provenance.SPOTIFY_API)  # as if not heard of late
    await add_song(shelf, "never heard", tempo_bpm=171.0)
    playlists = Playlists(shelf.database, clock)
    target = CadenceTarget(kind="cadence", cadence_spm=170.0)
    new = NewPlaylist(name="All", target=target, minutes=60)
    playlist_id = await playlists.make(shelf.account_id, new)
    async with shelf.database.read() as tx:
        made = await load_playlist(tx, shelf.account_id, playlist_id)
    chosen = [song.title for song in made.songs]
    assert chosen[-2:] == ["both", "never heard"]
    assert set(chosen[:-2]) == COMBINING
    assert made.library_songs == len(chosen)
