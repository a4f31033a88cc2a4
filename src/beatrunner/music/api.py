"""Routes for tracks and their tempo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.api import CurrentAccount, ProvidedWelcome, ReadingAccount
from beatrunner.core.tempo import LEAST_BPM, MOST_BPM, Verdict
from beatrunner.db.api import LongReadTx, ProvidedDatabase, ReadTx, WriteTx
from beatrunner.kit.event_stream import STREAM_HEADERS, progress_events
from beatrunner.kit.http import STORABLE, Strict, provided
from beatrunner.music import group_store
from beatrunner.music.tempo import OwnSource, TrackTempi
from beatrunner.music.tempo_sources import TempoOverview, TempoSources
from beatrunner.music.track_list import TrackList
from beatrunner.music.wanted_tracks import (
    GroupSort,
    TrackSort,
    WantedGroups,
    WantedTracks,
    WantedVerdict,
)

router = APIRouter(prefix="/v1/music", tags=["music"])

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), STORABLE
]
#: Empty where a file does not tell.
Artist = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), STORABLE]
TempoBpm = Annotated[float, Field(ge=LEAST_BPM, le=MOST_BPM)]
#: The longest introduction that a song could have.
FirstBeatS = Annotated[float, Field(ge=0, le=600)]
Words = Annotated[str, Query(max_length=200), STORABLE]
Name = Annotated[str | None, Query(max_length=500), STORABLE]
ProvidedTempi = Annotated[TrackTempi, Depends(provided(TrackTempi))]
ProvidedSources = Annotated[TempoSources, Depends(provided(TempoSources))]


class NewTrack(Strict):
    title: Title
    artist: Artist
    album: Title | None = None
    tempo_bpm: TempoBpm | None = None
    tempo_source: OwnSource | None = None
    first_beat_s: FirstBeatS | None = None

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if (self.tempo_bpm is None) != (self.tempo_source is None):
            raise ValueError("a tempo and its source come together")
        return self


class Tempo(Strict):
    """`first_beat_s`: where in the file the first beat is, of who measured that, too."""

    tempo_bpm: TempoBpm
    source: OwnSource
    first_beat_s: FirstBeatS | None = None


class Fold(Strict):
    to: Literal["half", "double"]


class SourceWordAnswer(BaseModel):
    """What one source said, as it said it; `agrees` with the track's tempo, octaves aside.

    `tempo_bpm` is null where the source was asked and did not know.
    """

    model_config = ConfigDict(from_attributes=True)

    source: str
    tempo_bpm: float | None
    first_beat_s: float | None
    said_at: datetime
    agrees: bool | None


class TrackAnswer(BaseModel):
    """`tempo_bpm` is the word of `tempo_source`; they are null where nobody said any.

    `tempo_verdict`: `own` (the runner said so), `confirmed` (at least two sources agree, and they
    are the most), `single`, `uncertain` (sources contradict each other).
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    artist: str
    album: str | None
    tempo_bpm: float | None
    tempo_source: str | None
    tempo_verdict: Verdict | None


class ListedTrackAnswer(TrackAnswer):
    """`plays` counts every time it was listened to, on runs or not; `run_plays` those on runs.

    `mean_speed_mps` is how fast was run under it, null where that was not measured.
    """

    plays: int
    last_played_at: datetime | None
    run_plays: int
    run_distance_m: float
    mean_speed_mps: float | None


class TrackPageAnswer(BaseModel):
    """`usual_cadence_spm`: the runner's steps a minute as a rule; null before a run has steps."""

    model_config = ConfigDict(from_attributes=True)

    items: Sequence[ListedTrackAnswer]
    next_cursor: str | None
    total: int
    usual_cadence_spm: float | None


class GroupAnswer(BaseModel):
    """An artist, or an album with its artist. `moving_s`, `distance_m` and `mean_speed_mps` are of
    the runs under its songs; the last is null where it was not measured."""

    model_config = ConfigDict(from_attributes=True)

    artist: str
    album: str | None = None
    songs: int
    plays: int
    last_played_at: datetime | None
    run_plays: int
    moving_s: float
    distance_m: float
    mean_speed_mps: float | None


class GroupPageAnswer(BaseModel):
    items: Sequence[GroupAnswer]
    next_cursor: str | None
    total: int


class TrackWithWords(TrackAnswer):
    """A track with everything that was said of its tempo, the most trusted first."""

    words: Sequence[SourceWordAnswer]


class Switch(Strict):
    is_on: bool


@router.post("/tracks")
async def add_track(
    account: CurrentAccount, tx: WriteTx, tempi: ProvidedTempi, body: NewTrack
) -> TrackAnswer:
    """The track of this title and artist, which is made when it is not there yet."""
    me = account.account_id
    track_id = await tempi.add_track(tx, me, body.title, body.artist, body.album)
    if body.tempo_bpm is not None and body.tempo_source is not None:
        await tempi.set(tx, me, track_id, body.tempo_bpm, body.tempo_source, body.first_beat_s)
    return TrackAnswer.model_validate(await tempi.get(tx, me, track_id))


def _wanted(
    q: Words = "",
    artist: Name = None,
    album: Name = None,
    min_tempo_bpm: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None,
    max_tempo_bpm: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None,
    cadence_spm: Annotated[float | None, Query(ge=40, le=400, allow_inf_nan=False)] = None,
    verdict: WantedVerdict | None = None,
    min_plays: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    sort: TrackSort = TrackSort.PLAYS,
    order: Literal["asc", "desc"] = "desc",
) -> WantedTracks:
    return WantedTracks(
        q,
        artist,
        album,
        min_tempo_bpm,
        max_tempo_bpm,
        cadence_spm,
        verdict,
        min_plays,
        sort,
        order == "desc",
    )


@router.get("/tracks")
async def list_tracks(
    account: ReadingAccount,
    tx: LongReadTx,
    tracks: Annotated[TrackList, Depends(provided(TrackList))],
    wanted: Annotated[WantedTracks, Depends(_wanted)],
    in_step: bool = False,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TrackPageAnswer:
    """The runner's songs, most played first unless asked otherwise.

    `cadence_spm` keeps those whose beat, its half or its double is that many steps a minute within
    4 %; `in_step` does so for the cadence at which this runner usually runs.
    """
    me = account.account_id
    if in_step:
        wanted = replace(wanted, in_step_spm=await tracks.usual_cadence(tx, me))
    return TrackPageAnswer.model_validate(await tracks.page(tx, me, wanted, cursor, limit))


@dataclass(frozen=True, slots=True)
class _AskedGroups:
    q: Words = ""
    artist: Name = None
    sort: GroupSort = GroupSort.RUN_TIME
    order: Literal["asc", "desc"] = "desc"
    #: How many were shown before.
    cursor: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Query(ge=1, le=200)] = 50


async def _page_of_groups(
    tx: AsyncConnection, account_id: UUID, asked: _AskedGroups, album: str | None, are_albums: bool
) -> GroupPageAnswer:
    wanted = WantedGroups(
        are_albums, asked.q, asked.artist, album, asked.sort, asked.order == "desc"
    )
    rows = await group_store.list_groups(
        tx, account_id, wanted, offset=asked.cursor, limit=asked.limit + 1
    )
    shown = asked.cursor + asked.limit
    return GroupPageAnswer(
        items=[GroupAnswer.model_validate(row) for row in rows[: asked.limit]],
        next_cursor=str(shown) if len(rows) > asked.limit else None,
        total=await group_store.count_groups(tx, account_id, wanted),
    )


@router.get("/artists")
async def list_artists(
    account: ReadingAccount, tx: LongReadTx, asked: Annotated[_AskedGroups, Depends()]
) -> GroupPageAnswer:
    """Whose songs the runner has, most run to first unless asked otherwise."""
    return await _page_of_groups(tx, account.account_id, asked, None, are_albums=False)


@router.get("/albums")
async def list_albums(
    account: ReadingAccount,
    tx: LongReadTx,
    asked: Annotated[_AskedGroups, Depends()],
    album: Name = None,
) -> GroupPageAnswer:
    """The albums of the runner's songs, most run to first unless asked otherwise."""
    return await _page_of_groups(tx, account.account_id, asked, album, are_albums=True)


@router.get("/tracks/{track_id}")
async def get_track(
    account: ReadingAccount, tx: ReadTx, tempi: ProvidedTempi, track_id: UUID
) -> TrackWithWords:
    return TrackWithWords.model_validate(await tempi.get(tx, account.account_id, track_id))


@router.put("/tracks/{track_id}/tempo")
async def put_tempo(
    account: CurrentAccount, tx: WriteTx, tempi: ProvidedTempi, track_id: UUID, body: Tempo
) -> TrackWithWords:
    """Say a track's tempo. `manual` stands above all, then `tap`; the others are weighed."""
    me = account.account_id
    await tempi.set(tx, me, track_id, body.tempo_bpm, body.source, body.first_beat_s)
    return TrackWithWords.model_validate(await tempi.get(tx, me, track_id))


@router.post("/tracks/{track_id}/tempo/fold")
async def fold_tempo(
    account: CurrentAccount, tx: WriteTx, tempi: ProvidedTempi, track_id: UUID, body: Fold
) -> TrackWithWords:
    """Say that a track is half or twice as fast as its tempo says."""
    factor = 2.0 if body.to == "double" else 0.5
    await tempi.fold(tx, account.account_id, track_id, factor)
    return TrackWithWords.model_validate(await tempi.get(tx, account.account_id, track_id))


@router.delete("/tracks/{track_id}/tempo")
async def delete_tempo(
    account: CurrentAccount, tx: WriteTx, tempi: ProvidedTempi, track_id: UUID
) -> TrackWithWords:
    """Take back what the runner typed or tapped; what other sources say counts again."""
    await tempi.forget(tx, account.account_id, track_id)
    return TrackWithWords.model_validate(await tempi.get(tx, account.account_id, track_id))


@router.get("/tempo")
async def get_tempo_overview(
    account: ReadingAccount, tx: ReadTx, sources: ProvidedSources
) -> TempoOverview:
    """How well the tempi of the runner's songs are known, and who else could be asked."""
    return await sources.overview(tx, account.account_id)


@router.get("/tempo/events", response_class=StreamingResponse)
async def follow_tempi(
    database: ProvidedDatabase,
    account: ReadingAccount,
    welcome: ProvidedWelcome,
    sources: ProvidedSources,
) -> StreamingResponse:
    """Server-sent events while tempi are looked for: `progress` at every change, at last `done`."""

    async def look() -> TempoOverview:
        async with database.read() as tx:
            await welcome.require(tx, account)
            return await sources.overview(tx, account.account_id)

    return StreamingResponse(
        progress_events(await look(), look, lambda shown: not shown.is_resolving),
        media_type="text/event-stream",
        headers=STREAM_HEADERS,
    )


@router.put("/tempo/sources/{source}")
async def put_tempo_source(
    account: CurrentAccount, tx: WriteTx, sources: ProvidedSources, source: str, body: Switch
) -> TempoOverview:
    """Let an outside source be asked about the runner's songs, or no more.

    Each is off until it is turned on. What one that is off has said is not gone by.
    """
    await sources.turn(tx, account.account_id, source, body.is_on)
    return await sources.overview(tx, account.account_id)
