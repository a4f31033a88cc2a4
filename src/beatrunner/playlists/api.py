"""Routes for playlists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from beatrunner.accounts.api import CurrentAccount, Empty, ReadingAccount
from beatrunner.codecs.playlist_export import ExportedSong
from beatrunner.codecs.safe_text import file_name
from beatrunner.core.track_identity import spotify_id
from beatrunner.db.api import ProvidedDatabase, ReadTx, WriteTx
from beatrunner.insights.store import get_experiment
from beatrunner.kit.http import attachment, provided
from beatrunner.playlists import store
from beatrunner.playlists.exporting import exported, songs_of_experiment
from beatrunner.playlists.playlists import Playlists, load_playlist, summary_of
from beatrunner.playlists.shapes import (
    ExportFormat,
    NewPlaylist,
    Playlist,
    PlaylistChange,
    PlaylistPage,
    Suggestion,
)

router = APIRouter(prefix="/v1/playlists", tags=["playlists"])
#: An experiment leaves BeatRunner as a playlist does.
experiments_router = APIRouter(prefix="/v1/insights/experiments", tags=["insights"])

_MEDIA_TYPES: dict[ExportFormat, tuple[str, str]] = {
    "m3u": ("audio/x-mpegurl", "m3u8"),
    "spotify": ("text/plain", "txt"),
    "csv": ("text/csv", "csv"),
}

ProvidedPlaylists = Annotated[Playlists, Depends(provided(Playlists))]


@router.post("", status_code=201)
async def make_playlist(
    account: CurrentAccount,
    playlists: ProvidedPlaylists,
    database: ProvidedDatabase,
    body: NewPlaylist,
) -> Playlist:
    """A playlist out of the runner's own songs, each with a beat that fits their steps."""
    playlist_id = await playlists.make(account.account_id, body)
    async with database.read() as tx:
        return await load_playlist(tx, account.account_id, playlist_id)


@router.get("")
async def list_playlists(
    account: ReadingAccount,
    tx: ReadTx,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PlaylistPage:
    """The newest first."""
    rows = await store.list_playlists(tx, account.account_id, cursor, limit + 1)
    return PlaylistPage(
        items=[summary_of(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get("/suggestion")
async def get_suggestion(account: ReadingAccount, playlists: ProvidedPlaylists) -> Suggestion:
    """What a playlist is probably wanted for: the runner's usual steps, pace and zone."""
    return await playlists.suggest(account.account_id)


@router.get("/{playlist_id}")
async def get_playlist(account: ReadingAccount, tx: ReadTx, playlist_id: UUID) -> Playlist:
    return await load_playlist(tx, account.account_id, playlist_id)


@router.patch("/{playlist_id}")
async def change_playlist(
    account: CurrentAccount, tx: WriteTx, playlist_id: UUID, body: PlaylistChange
) -> Playlist:
    """Rename it, or give its songs another order, with some taken out or put in."""
    me = account.account_id
    await store.lock_playlist(tx, me, playlist_id)
    if body.name is not None:
        await store.update_name(tx, playlist_id, body.name)
    if body.track_ids is not None:
        await store.replace_songs(tx, me, playlist_id, body.track_ids)
    return await load_playlist(tx, me, playlist_id)


@router.delete("/{playlist_id}", status_code=204)
async def delete_playlist(
    account: CurrentAccount, tx: WriteTx, playlists: ProvidedPlaylists, playlist_id: UUID
) -> None:
    """Its songs stay. For a day it can be restored."""
    await store.update_deleted(tx, account.account_id, playlist_id, playlists.clock())


@router.post("/{playlist_id}/restore")
async def restore_playlist(
    _body: Empty, account: CurrentAccount, tx: WriteTx, playlist_id: UUID
) -> Playlist:
    """Take back that it was deleted."""
    await store.update_deleted(tx, account.account_id, playlist_id, None)
    return await load_playlist(tx, account.account_id, playlist_id)


@router.get("/{playlist_id}/export", response_class=Response)
async def export_playlist(
    account: ReadingAccount,
    tx: ReadTx,
    playlist_id: UUID,
    format: ExportFormat,  # noqa: A002 - the word of the address
) -> Response:
    """For a player (M3U), for Spotify (one URI a line) or for a spreadsheet (CSV)."""
    playlist = await load_playlist(tx, account.account_id, playlist_id)
    songs = [
        ExportedSong(
            song.title,
            song.artist,
            song.tempo_bpm,
            song.cadence_spm,
            song.duration_s,
            spotify_id(song.spotify_uri or ""),
        )
        for song in playlist.songs
    ]
    return _download(playlist.name, songs, format)


@experiments_router.get("/{experiment_id}/export", response_class=Response)
async def export_experiment(
    account: ReadingAccount,
    tx: ReadTx,
    experiment_id: UUID,
    format: ExportFormat,  # noqa: A002 - the word of the address
) -> Response:
    """Its songs in its order, as `GET /v1/playlists/{playlist_id}/export` has them."""
    experiment = await get_experiment(tx, account.account_id, experiment_id)
    songs = await songs_of_experiment(tx, account.account_id, experiment)
    return _download(f"Experiment {experiment.created_at:%Y-%m-%d}", songs, format)


def _download(name: str, songs: Sequence[ExportedSong], form: ExportFormat) -> Response:
    media_type, suffix = _MEDIA_TYPES[form]
    return Response(
        exported(name, songs, form),
        media_type=f"{media_type}; charset=utf-8",
        headers=attachment(f"{file_name(name)}.{suffix}"),
    )
