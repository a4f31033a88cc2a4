"""Lists of songs, written for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.playlist_export import (
    ExportedSong,
    write_csv,
    write_m3u,
    write_spotify_uris,
)
from beatrunner.core.track_identity import spotify_id
from beatrunner.insights.store import Experiment, list_titles
from beatrunner.music.store import list_spotify_uris
from beatrunner.playlists.shapes import ExportFormat
from beatrunner.playlists.store import list_heard


def exported(name: str, songs: Sequence[ExportedSong], form: ExportFormat) -> str:
    if form == "m3u":
        return write_m3u(name, songs)
    return write_spotify_uris(songs) if form == "spotify" else write_csv(songs)


async def songs_of_experiment(
    tx: AsyncConnection, account_id: UUID, experiment: Experiment
) -> list[ExportedSong]:
    """Those that are still there, in the order that chance gave them."""
    titles = await list_titles(tx, account_id, experiment.track_ids)
    order = [UUID(key) for key in experiment.track_ids if key in titles]
    heard = await list_heard(tx, account_id, order)
    uris = await list_spotify_uris(tx, account_id, order)
    return [
        ExportedSong(
            titles[str(track_id)].title,
            titles[str(track_id)].artist,
            titles[str(track_id)].tempo_bpm,
            duration_s=heard[track_id].longest_s if track_id in heard else None,
            spotify_id=spotify_id(uris.get(track_id, "")),
        )
        for track_id in order
    ]
