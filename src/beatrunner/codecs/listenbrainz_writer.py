"""Listens as lines of JSON, the form of ListenBrainz' own export.

`listened_at` is the start of the play in whole seconds. ListenBrainz has no place for how long was
listened, so `duration_ms`, the length of the recording, says that; for a skipped song it is less.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from beatrunner.core.track_identity import MBID, isrc, spotify_id

_CLIENT = "BeatRunner"


def write_listen(
    title: str,
    artist: str,
    album: str | None,
    started_at: datetime,
    ended_at: datetime,
    identities: Collection[str],
) -> bytes:
    """One line with its end. `identities` as `core.track_identity` writes them."""
    about: dict[str, object] = {
        "duration_ms": round((ended_at - started_at).total_seconds() * 1000),
        "submission_client": _CLIENT,
    }
    for identity in identities:
        if code := spotify_id(identity):
            about["spotify_id"] = f"https://open.spotify.com/track/{code}"
        elif code := isrc(identity):
            about["isrc"] = code
        elif identity.startswith(MBID):
            about["recording_mbid"] = identity.removeprefix(MBID)
    told: dict[str, object] = {"artist_name": artist, "track_name": title}
    if album:
        told["release_name"] = album
    told["additional_info"] = about
    listen = {"listened_at": int(started_at.timestamp()), "track_metadata": told}
    return msgspec.json.encode(listen) + b"\n"
