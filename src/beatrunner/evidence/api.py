"""Routes for how songs are written, and for what sources told of their plays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from beatrunner.accounts.api import CurrentAccount, ReadingAccount
from beatrunner.db.api import ReadTx, WriteTx
from beatrunner.evidence.plays import Plays
from beatrunner.evidence.spellings import Spellings
from beatrunner.kit.http import Strict, provided
from beatrunner.music.word_store import WordKey

router = APIRouter(prefix="/v1/music", tags=["music"])

ProvidedSpellings = Annotated[Spellings, Depends(provided(Spellings))]
ProvidedPlays = Annotated[Plays, Depends(provided(Plays))]


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SpellingSource(_Answer):
    provenance: str
    plays: int


class SpellingAnswer(_Answer):
    """`name_ids` are to be given when it is split off."""

    title: str
    artist: str
    name_ids: Sequence[UUID]
    sources: Sequence[SpellingSource]


class SpellingsAnswer(BaseModel):
    items: Sequence[SpellingAnswer]


class Split(Strict):
    name_ids: Annotated[list[UUID], Field(min_length=1, max_length=1_000)]


class SameAs(Strict):
    track_id: UUID


class CountedAs(BaseModel):
    """The track under which the plays are counted from now on."""

    track_id: UUID


class WordAnswer(_Answer):
    """What one source told of a play."""

    provenance: str
    name_id: UUID
    title: str
    artist: str
    started_at: datetime
    ended_at: datetime
    uncertainty_s: float
    is_apart: bool


class PlayAnswer(_Answer):
    """The first word speaks for the play."""

    words: Sequence[WordAnswer]


class PlayPageAnswer(_Answer):
    items: Sequence[PlayAnswer]
    next_cursor: str | None


class WordApart(Strict):
    """A word on a play, and whether the runner says that it is about a play of its own."""

    provenance: Annotated[str, Field(max_length=16)]
    name_id: UUID
    started_at: AwareDatetime
    is_apart: bool


@router.get("/tracks/{track_id}/spellings")
async def list_spellings(
    account: ReadingAccount, tx: ReadTx, spellings: ProvidedSpellings, track_id: UUID
) -> SpellingsAnswer:
    """How sources write the song, the most played first."""
    found = await spellings.list_of(tx, account.account_id, track_id)
    return SpellingsAnswer(items=[SpellingAnswer.model_validate(each) for each in found])


@router.post("/tracks/{track_id}/split")
async def split_track(
    account: CurrentAccount, tx: WriteTx, spellings: ProvidedSpellings, track_id: UUID, body: Split
) -> CountedAs:
    """Make what is written in one way a song of its own; no import puts it back."""
    found = await spellings.split(tx, account.account_id, track_id, body.name_ids)
    return CountedAs(track_id=found)


@router.put("/tracks/{track_id}/same-as")
async def merge_track(
    account: CurrentAccount, tx: WriteTx, spellings: ProvidedSpellings, track_id: UUID, body: SameAs
) -> CountedAs:
    """Count the song's plays as those of another one."""
    found = await spellings.merge(tx, account.account_id, track_id, body.track_id)
    return CountedAs(track_id=found)


@router.delete("/tracks/{merged_track_id}/same-as")
async def take_track_out(
    account: CurrentAccount, tx: WriteTx, spellings: ProvidedSpellings, merged_track_id: UUID
) -> CountedAs:
    """Let a song that was counted as another one stand for itself again."""
    await spellings.take_out(tx, account.account_id, merged_track_id)
    return CountedAs(track_id=merged_track_id)


@router.get("/tracks/{track_id}/plays")
async def list_plays(
    account: ReadingAccount,
    tx: ReadTx,
    plays: ProvidedPlays,
    track_id: UUID,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> PlayPageAnswer:
    """Plays of a song, on runs or not, the latest first, with the words of all sources."""
    found = await plays.page(tx, account.account_id, track_id, cursor, limit)
    return PlayPageAnswer.model_validate(found)


@router.put("/words/apart", status_code=204)
async def put_word_apart(
    account: CurrentAccount, tx: WriteTx, plays: ProvidedPlays, body: WordApart
) -> None:
    """Say that what a source told is a play of its own; no import puts it with others again."""
    key = WordKey(body.started_at, body.name_id, body.provenance)
    await plays.set_apart(tx, account.account_id, key, body.is_apart)
