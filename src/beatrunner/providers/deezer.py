"""Deezer's catalogue: tempi by ISRC, without a key.

`GET /track/isrc:{ISRC}` answers a track with `bpm`, which is 0 where it is not known, and very
often is. Errors come with status 200: code 800 for a track that is not there, code 4 when more
than 50 requests came within 5 s from one address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from beatrunner.core.tempo import Heard, NamedTrack, tempo_or_none
from beatrunner.core.track_identity import isrc
from beatrunner.kit.clock import Clock
from beatrunner.kit.outside import OutsideService, RefusedCallError

#: Half of what it allows.
_LEAST_INTERVAL_S = 0.2
_QUOTA_REST_S = 6.0
_QUOTA = 4


class _Error(msgspec.Struct):
    code: Any = None


def _in_their_words(name: str) -> str:
    return name.removeprefix("tempo_")


class _Track(msgspec.Struct, rename=_in_their_words):
    tempo_bpm: Any = None
    error: _Error | None = None


class Deezer:
    name = "deezer"
    title = "Deezer"
    home = "https://www.deezer.com"
    sends = "The ISRC of one song at a time (a recording's public number); nothing about you."
    caution = (
        "A second opinion that does not depend on Spotify. It knows most songs, but the tempo of "
        "a part of them alone."
    )
    at_once = 1

    def __init__(
        self, address: str, clock: Clock, *, least_interval_s: float = _LEAST_INTERVAL_S
    ) -> None:
        self._service = OutsideService(self.name, address, clock, least_interval_s=least_interval_s)

    def keys(self, track: NamedTrack) -> Sequence[str]:
        return [identity for identity in track.identities if isrc(identity)]

    async def ask(self, keys: Sequence[str]) -> Mapping[str, Heard]:
        """Raises RestsError."""
        heard = {}
        for key in keys:
            try:
                answer = await self._service.get(_Track, f"/track/isrc:{isrc(key)}")
            except RefusedCallError:
                continue
            found = self._heard(answer)
            if found is not None:
                heard[key] = found
        return heard

    async def close(self) -> None:
        await self._service.close()

    def _heard(self, found: _Track) -> Heard | None:
        if found.error is None:
            return Heard(tempo_or_none(found.tempo_bpm))
        if found.error.code == _QUOTA:
            raise self._service.rest(_QUOTA_REST_S, "quota")
        # 800, or something else that is the matter with this track alone.
        return None
