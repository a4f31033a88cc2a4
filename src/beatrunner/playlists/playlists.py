"""Making playlists, and reading them with what is to be known of them.

What follows from the runner's gait and library is kept as it was when the playlist was made. What
follows from its songs (where each plays, whether its beat still fits) is computed when it is read,
so that it holds after every change of order and of tempi.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import find_runner
from beatrunner.activities.own_gait import find_own_gait
from beatrunner.activities.own_heart import find_own_heart
from beatrunner.activities.usual import find_usual, find_usual_cadence
from beatrunner.core.controller.goal import Song
from beatrunner.core.effects import HEART_RATE, SPEED
from beatrunner.core.effects import Verdict as EffectVerdict
from beatrunner.core.heart import zone_at
from beatrunner.core.playlist import (
    FITS_WITHIN,
    USUAL_SONG_S,
    Candidate,
    Choice,
    beat_of,
    choose_songs,
    stretch_at,
)
from beatrunner.core.tempo import Verdict
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.insights.fitting import is_called
from beatrunner.insights.store import list_effects
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import RefusedError
from beatrunner.music.store import list_spotify_uris
from beatrunner.playlists import store
from beatrunner.playlists.aims import Aim, Pacing, zones_of
from beatrunner.playlists.shapes import (
    Effect,
    NewPlaylist,
    NoteCode,
    Playlist,
    PlaylistNote,
    PlaylistSong,
    PlaylistStretch,
    PlaylistSummary,
    Suggestion,
    Target,
    ZoneTarget,
)
from beatrunner.playlists.store import Heard

#: With less of their own running than this, the cadence at a speed is a guess.
_KNOWN_AFTER_S = 600.0
#: A playlist that ends so much early is as long as was asked for.
_HARDLY_SHORTER_S = 60.0
#: Shorter ones come and go within a song.
_SHORT_STRETCH_S = 150.0
#: Said when so many of all songs could not be considered.
_MANY_UNKNOWN = 0.2

_TARGET: TypeAdapter[Target] = TypeAdapter(Target)


class Playlists:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self.clock = clock

    async def make(self, account_id: UUID, new: NewPlaylist) -> UUID:
        """Raises RefusedError when no song of the account fits."""
        now = self.clock()
        async with self._database.read(is_long=True) as tx:
            runner = await find_runner(tx, account_id, now)
            gait = await find_own_gait(tx, account_id, runner.height_cm)
            heart = await find_own_heart(tx, account_id, runner, treadmill=False)
            aims = Pacing(gait, heart).aims(new.target, new.minutes)
            songs = await store.list_songs(tx, account_id)
            fitting = await asyncio.to_thread(_fitting, songs, aims)
            heard = await store.list_heard(tx, account_id, [song.id for song in fitting])
            chosen = await store.list_chosen(tx, account_id)
            effects = await load_effects(tx, account_id, new.target)

        def choose() -> Choice:
            candidates = [
                _candidate(song, heard.get(song.id), chosen.get(song.id), effects, now)
                for song in fitting
            ]
            return choose_songs(candidates, [aim.stretch for aim in aims])

        # Takes a moment with many songs and parts.
        choice = await asyncio.to_thread(choose)
        if not choice.keys:
            raise RefusedError(_nothing_fits(songs), kind="no-song-fits")
        made = {
            "aims": [asdict(aim) for aim in aims],
            "missing_s": sum(choice.missing_s),
            "gait_s": gait.own_s,
            "songs": len(songs),
            "known": sum(song.tempo_bpm is not None for song in songs),
        }
        target = new.target.model_dump(mode="json")
        async with self._database.write() as tx:
            await store.delete_forgotten(tx, account_id, now)
            playlist_id = await store.insert_playlist(
                tx, account_id, new.name, target=target, made=made, now=now
            )
            await store.replace_songs(tx, account_id, playlist_id, list(map(UUID, choice.keys)))
        return playlist_id

    async def suggest(self, account_id: UUID) -> Suggestion:
        """What this runner probably wants one for: what they usually run."""
        async with self._database.read() as tx:
            cadence_spm = await find_usual_cadence(tx, account_id)
            speed_mps = await find_usual(tx, account_id, "mean_speed_mps")
            heart_rate_bpm = await find_usual(tx, account_id, "mean_heart_rate_bpm")
            runner = await find_runner(tx, account_id, self.clock())
            heart = await find_own_heart(tx, account_id, runner, treadmill=False)
        return Suggestion(
            cadence_spm=cadence_spm,
            speed_mps=speed_mps,
            zone=heart_rate_bpm and (zone_at(heart_rate_bpm, zones_of(heart)) or 1),
        )


async def load_playlist(tx: AsyncConnection, account_id: UUID, playlist_id: UUID) -> Playlist:
    """Raises NotFoundError."""
    row = await store.get_playlist(tx, account_id, playlist_id)
    target = _TARGET.validate_python(row.target)
    songs = await store.list_songs_of(tx, playlist_id)
    ids = [song.id for song in songs]
    heard = await store.list_heard(tx, account_id, ids)
    uris = await list_spotify_uris(tx, account_id, ids)
    effects = await load_effects(tx, account_id, target)
    stretches = [PlaylistStretch.model_validate(aim) for aim in row.made["aims"]]
    placed = _placed(songs, heard, stretches)
    told = [
        PlaylistSong(
            track_id=song.id,
            title=song.title,
            artist=song.artist,
            tempo_bpm=song.tempo_bpm,
            tempo_verdict=song.tempo_verdict,
            duration_s=_length_s(heard.get(song.id)),
            stretch=at,
            cadence_spm=_steps(song.tempo_bpm, stretches[at]),
            effect=effects.get(song.id),
            spotify_uri=uris.get(song.id),
        )
        for song, at in zip(songs, placed, strict=True)
    ]
    length_s = sum(song.duration_s or USUAL_SONG_S for song in told)
    return Playlist(
        id=row.id,
        name=row.name,
        target=target,
        minutes=_minutes(row),
        length_s=length_s,
        created_at=row.created_at,
        library_songs=row.made["songs"],
        library_known=row.made["known"],
        stretches=stretches,
        songs=told,
        notes=_notes(row, stretches, told, length_s),
    )


def summary_of(row: AnyRow) -> PlaylistSummary:
    return PlaylistSummary(
        id=row.id,
        name=row.name,
        target=_TARGET.validate_python(row.target),
        minutes=_minutes(row),
        songs=row.songs,
        created_at=row.created_at,
    )


async def load_effects(tx: AsyncConnection, account_id: UUID, target: Target) -> dict[UUID, Effect]:
    """Of the songs of which it is known, and no others.

    Faster is what helps; within a heart-rate zone, a heart that has less to do at the same speed.
    What chance decided counts before what was merely seen together.
    """
    is_zone = isinstance(target, ZoneTarget)
    response = HEART_RATE if is_zone else SPEED
    helps = EffectVerdict.LOWERS if is_zone else EffectVerdict.RAISES
    fits = await list_effects(tx, account_id)
    found: dict[UUID, Effect] = {}
    for is_causal in (False, True):
        for track in filter(is_called, fits.get((response.name, is_causal), {}).get("tracks", ())):
            does: Effect = "helps" if track["verdict"] == helps else "hinders"
            found[UUID(track["track_id"])] = does
    return found


def _fitting(songs: Sequence[AnyRow], aims: Sequence[Aim]) -> list[AnyRow]:
    """Those with a beat for any of the aims: few of many, of whom alone more has to be known."""
    cadences_spm = {aim.cadence_spm.value for aim in aims}
    return [
        song
        for song in songs
        if any(beat_of(song.tempo_bpm, spm) is not None for spm in cadences_spm)
    ]


def _candidate(
    song: AnyRow,
    heard: Heard | None,
    chosen_at: datetime | None,
    effects: Mapping[UUID, Effect],
    now: datetime,
) -> Candidate:
    """A song of another playlist is as one heard then: who makes one more wants other songs."""
    heard_at = None if heard is None else heard.last_at
    lately = [at for at in (heard_at, chosen_at) if at is not None]
    days = max((now - max(lately)).total_seconds() / 86_400, 0.0) if lately else None
    return Candidate(
        Song(str(song.id), song.tempo_bpm, _length_s(heard)),
        artist=song.artist.casefold(),
        heard_days_ago=days,
        liking={None: 0.0, "helps": 1.0, "hinders": -1.0}[effects.get(song.id)],
        is_doubtful=song.tempo_verdict == Verdict.UNCERTAIN,
    )


def _nothing_fits(songs: Sequence[AnyRow]) -> str:
    known = sum(song.tempo_bpm is not None for song in songs)
    if not songs:
        return "There are no songs yet to make a playlist of."
    if not known:
        return f"The tempo of none of your {len(songs)} songs is known yet."
    return f"None of the {known} songs whose tempo is known fits these steps."


def _length_s(heard: Heard | None) -> float | None:
    return None if heard is None else heard.longest_s


def _minutes(row: AnyRow) -> float:
    return float(sum(aim["length_s"] for aim in row.made["aims"])) / 60.0


def _placed(
    songs: Sequence[AnyRow], heard: Mapping[UUID, Heard], stretches: Sequence[PlaylistStretch]
) -> list[int]:
    """The stretch in which the middle of each song falls."""
    ends_s = list(accumulate(stretch.length_s for stretch in stretches))
    lengths_s = [_length_s(heard.get(song.id)) or USUAL_SONG_S for song in songs]
    starts_s = accumulate(lengths_s, initial=0.0)
    return [
        stretch_at(ends_s, start_s + length_s / 2.0)
        for start_s, length_s in zip(starts_s, lengths_s, strict=False)
    ]


def _steps(tempo_bpm: float | None, stretch: PlaylistStretch) -> float | None:
    beat = beat_of(tempo_bpm, stretch.cadence_spm.value)
    return None if beat is None else beat.cadence_spm


def _notes(
    row: AnyRow,
    stretches: Sequence[PlaylistStretch],
    songs: Sequence[PlaylistSong],
    length_s: float,
) -> list[PlaylistNote]:
    made: Mapping[str, Any] = row.made
    lack_s = 60.0 * _minutes(row) - length_s
    unknown = made["songs"] - made["known"]
    is_short = lack_s > _HARDLY_SHORTER_S
    artists = [song.artist.casefold() for song in songs]
    counts: list[tuple[NoteCode, int]] = [
        (_shortness(made), round(lack_s / 60.0) if is_short else 0),
        ("tempo_unknown", unknown if is_short or unknown > _MANY_UNKNOWN * made["songs"] else 0),
        ("tempo_doubtful", sum(song.tempo_verdict == Verdict.UNCERTAIN for song in songs)),
        ("out_of_step", sum(song.cadence_spm is None for song in songs)),
        ("short_stretches", sum(each.length_s < _SHORT_STRETCH_S for each in stretches[1:])),
        ("artist_again", sum(a == b != "" for a, b in pairwise(artists))),
    ]
    notes = [PlaylistNote(code=code, count=count) for code, count in counts if count]
    return [*notes, *_guesses(stretches, made["gait_s"])]


def _shortness(made: Mapping[str, Any]) -> NoteCode:
    """Whether the library was too small from the start, or songs were taken out since."""
    return "too_few_songs" if made["missing_s"] > _HARDLY_SHORTER_S else "too_short"


def _guesses(stretches: Sequence[PlaylistStretch], gait_s: float) -> Iterator[PlaylistNote]:
    """Why the steps may be others than the songs were chosen for."""
    steps = [each.cadence_spm for each in stretches]
    is_wide = [max(at.high - at.value, at.value - at.low) > FITS_WITHIN * at.value for at in steps]
    if not any(is_wide):
        return
    if gait_s < _KNOWN_AFTER_S:
        yield PlaylistNote(code="cadence_guessed", count=round(gait_s / 60.0))
    else:
        yield PlaylistNote(code="heart_guessed", count=sum(is_wide))
