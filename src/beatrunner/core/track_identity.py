"""Names that mean one recording everywhere, as BeatRunner writes them.

`spotify:track:…` as Spotify's own exports have it, `isrc:…` and `mbid:…`.
"""

from __future__ import annotations

import re
from uuid import UUID

SPOTIFY = "spotify:track:"
ISRC = "isrc:"
MBID = "mbid:"

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")


def isrc_identity(text: str) -> str | None:
    """None for what is no ISRC; files write them with dashes and in small letters, too."""
    code = text.replace("-", "").replace(" ", "").upper()
    return f"{ISRC}{code}" if _ISRC.fullmatch(code) else None


def mbid_identity(text: str) -> str | None:
    try:
        return f"{MBID}{UUID(text.strip())}"
    except ValueError:
        return None


def spotify_id(identity: str) -> str | None:
    """Spotify's identifier of 22 characters; None for another service's."""
    code = identity.removeprefix(SPOTIFY)
    return code if code != identity and _SPOTIFY_ID.fullmatch(code) else None


def isrc(identity: str) -> str | None:
    code = identity.removeprefix(ISRC)
    return code if code != identity else None
