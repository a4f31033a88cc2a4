"""ReccoBeats: tempi by Spotify's track identifiers, without a key.

`GET /audio-features?ids=a,b,c` takes 1 to 40 identifiers and answers

    {"content": [{"id": "<uuid>", "href": "https://open.spotify.com/track/<id>",
                  "isrc": "…", "tempo": 127.9, …}]}

in any order, leaving out what it does not know. Its limits are not published; 429 comes with
`Retry-After`. There are no terms, and one person behind it: helpful, not dependable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from beatrunner.core.tempo import Heard, NamedTrack, tempo_or_none
from beatrunner.core.track_identity import SPOTIFY, isrc_identity, spotify_id
from beatrunner.kit.clock import Clock
from beatrunner.kit.outside import OutsideService, RefusedCallError

_LEAST_INTERVAL_S = 1.0
_TRACK_PAGE = "/track/"


class _Features(msgspec.Struct):
    """Loose on purpose: one strange song among thirty must not spoil the others."""

    href: Any = None
    tempo: Any = None
    isrc: Any = None


class _Answer(msgspec.Struct):
    content: list[_Features]


class ReccoBeats:
    name = "reccobeats"
    title = "ReccoBeats"
    home = "https://reccobeats.com"
    sends = "Spotify's identifiers of your songs, up to 30 at a time; nothing about you."
    caution = (
        "Free, run by a single person, without published terms. Knows about six songs of ten; "
        "its tempi look like those that Spotify used to publish."
    )
    at_once = 30

    def __init__(
        self, address: str, clock: Clock, *, least_interval_s: float = _LEAST_INTERVAL_S
    ) -> None:
        self._service = OutsideService(self.name, address, clock, least_interval_s=least_interval_s)

    def keys(self, track: NamedTrack) -> Sequence[str]:
        return [identity for identity in track.identities if spotify_id(identity)]

    async def ask(self, keys: Sequence[str]) -> Mapping[str, Heard]:
        """Raises RestsError."""
        try:
            ids = ",".join(spotify_id(key) or "" for key in keys)
            answer = await self._service.get(_Answer, "/audio-features", {"ids": ids})
        except RefusedCallError:
            # One identifier that it dislikes spoils the whole request.
            if len(keys) == 1:
                return {}
            middle = len(keys) // 2
            return {**await self.ask(keys[:middle]), **await self.ask(keys[middle:])}
        return dict(filter(None, map(_heard, answer.content)))

    async def close(self) -> None:
        await self._service.close()


def _heard(found: _Features) -> tuple[str, Heard] | None:
    if not isinstance(found.href, str) or _TRACK_PAGE not in found.href:
        return None
    key = SPOTIFY + found.href.rpartition(_TRACK_PAGE)[2].partition("?")[0]
    isrc = isrc_identity(found.isrc) if isinstance(found.isrc, str) else None
    return key, Heard(tempo_or_none(found.tempo), isrc)
