"""Lists of songs as downloads for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.playlist_export import (
    ExportedSong,
    file_name,
    write_csv,
    write_m3u,
    write_spotify_uris,
)
from beatrunner.core.track_identity import spotify_id
from beatrunner.db.types import AnyRow
from beatrunner.insights.store import list_titles
from beatrunner.music.store import list_spotify_uris
from beatrunner.playlists.shapes import ExportFormat
from beatrunner.playlists.store import list_heard

_MEDIA_TYPES: dict[ExportFormat, tuple[str, str]] = {
    "m3u": ("audio/x-mpegurl", "m3u8"),
    "spotify": ("text/plain", "txt"),
    "csv": ("text/csv", "csv"),
}


def exported(
    name: str,
    songs: Sequence[ExportedSong],
    format: ExportFormat,  # noqa: A002 - the word of the address
) -> Response:
    media_type, suffix = _MEDIA_TYPES[format]
    saved_as = quote(f"{file_name(name)}.{suffix}", safe="")
    return Response(
        _written(name, songs, format),
        media_type=f"{media_type}; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{saved_as}"},
    )


def _written(name: str, songs: Sequence[ExportedSong], format: ExportFormat) -> str:  # noqa: A002
    if format == "m3u":
        return write_m3u(name, songs)
    return write_spotify_uris(songs) if format == "spotify" else write_csv(songs)


async def songs_of_experiment(tx: AsyncConnection, experiment: AnyRow) -> list[ExportedSong]:
    """Those that are still there, in the order that chance gave them."""
    me = experiment.account_id
    titles = await list_titles(tx, me, experiment.track_ids)
    order = [UUID(key) for key in experiment.track_ids if key in titles]
    heard = await list_heard(tx, me, order)
    uris = await list_spotify_uris(tx, me, order)
    songs = []
    for track_id in order:
        title = titles[str(track_id)]
        length_s = heard[track_id].longest_s if track_id in heard else None
        uri = uris.get(track_id, "")
        songs.append(
            ExportedSong(
                title.title,
                title.artist,
                title.tempo_bpm,
                duration_s=length_s,
                spotify_id=spotify_id(uri),
            )
        )
    return songs
