"""Names of recordings, as BeatRunner writes them.

Some mean one recording everywhere: `spotify:track:…` as Spotify's own exports have it, `isrc:…` and
`mbid:…`. Others are keys within an account: of a track, and of one way in which it is written.
"""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

from beatrunner.core.listening import ListenKind
from beatrunner.core.matching import track_key

SPOTIFY = "spotify:track:"
ISRC = "isrc:"
MBID = "mbid:"
YOUTUBE = "youtube:"
APPLE = "apple:"

#: Databases index keys of up to about 2,700 bytes; a longer one is replaced by its hash.
_LONGEST_KEY_BYTES = 1_000

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_SPOTIFY_TRACK = re.compile(r"(?:spotify:track:|open\.spotify\.com/track/|^)([0-9A-Za-z]{22})\b")
_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")


def spotify_identity(text: str) -> str | None:
    """From Spotify's identifier of 22 characters, alone or in a URI or an address."""
    found = _SPOTIFY_TRACK.search(text)
    return None if found is None else SPOTIFY + found[1]


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


def match_key_of(kind: ListenKind, title: str, artist: str) -> str:
    """Equal for what is one track; an episode is never the song of the same name."""
    key = track_key(title, artist)
    if kind is not ListenKind.MUSIC:
        key = f"{kind}\x1f{key}"
    encoded = key.encode()
    if len(encoded) > _LONGEST_KEY_BYTES:
        return hashlib.sha256(encoded).hexdigest()
    return key


def name_key_of(match_key: str, title: str, artist: str, source_id: str | None) -> str:
    """Equal for what is written in one way."""
    written = "\x1f".join((match_key, title, artist, source_id or ""))
    return hashlib.sha256(written.encode()).hexdigest()
