"""Routes for tracks and their tempo."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from beatrunner.accounts.api import CurrentAccount
from beatrunner.db.api import WriteTx
from beatrunner.kit.http import STORABLE, Strict, provided
from beatrunner.music.tempo import LEAST_BPM, MOST_BPM, TempoSource, TrackTempi

router = APIRouter(prefix="/v1/music/tracks", tags=["music"])

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), STORABLE
]
#: Empty where a file does not tell.
Artist = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), STORABLE]
TempoBpm = Annotated[float, Field(ge=LEAST_BPM, le=MOST_BPM)]
ProvidedTempi = Annotated[TrackTempi, Depends(provided(TrackTempi))]


class NewTrack(Strict):
    title: Title
    artist: Artist
    album: Title | None = None
    tempo_bpm: TempoBpm | None = None
    tempo_source: TempoSource | None = None

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if (self.tempo_bpm is None) != (self.tempo_source is None):
            raise ValueError("a tempo and its source come together")
        return self


class Tempo(Strict):
    tempo_bpm: TempoBpm
    source: TempoSource


class TrackAnswer(BaseModel):
    """`tempo_bpm` is the word of `tempo_source`; both are null where nobody said any."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    artist: str
    album: str | None
    tempo_bpm: float | None
    tempo_source: TempoSource | None


@router.post("")
async def add_track(
    account: CurrentAccount, tx: WriteTx, tempi: ProvidedTempi, body: NewTrack
) -> TrackAnswer:
    """The track of this title and artist, which is made when it is not there yet."""
    me = account.account_id
    track_id = await tempi.add_track(tx, me, body.title, body.artist, body.album)
    if body.tempo_bpm is not None and body.tempo_source is not None:
        await tempi.set(tx, me, track_id, body.tempo_bpm, body.tempo_source)
    return TrackAnswer.model_validate(await tempi.get(tx, me, track_id))


@router.put("/{track_id}/tempo")
async def put_tempo(
    account: CurrentAccount, tx: WriteTx, tempi: ProvidedTempi, track_id: UUID, body: Tempo
) -> TrackAnswer:
    """Say a track's tempo. Of several sources manual wins, then tap, tag and generated."""
    await tempi.set(tx, account.account_id, track_id, body.tempo_bpm, body.source)
    return TrackAnswer.model_validate(await tempi.get(tx, account.account_id, track_id))


@router.delete("/{track_id}/tempo")
async def delete_tempo(
    account: CurrentAccount, tx: WriteTx, tempi: ProvidedTempi, track_id: UUID
) -> TrackAnswer:
    """Forget a track's tempo, whoever said it."""
    await tempi.clear(tx, account.account_id, track_id)
    return TrackAnswer.model_validate(await tempi.get(tx, account.account_id, track_id))
