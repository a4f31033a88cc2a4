"""Which song sounded when, from what the player reports now and then.

The player reports each start, pause and seek, and every few seconds besides. A stretch of a song
that sounded without a break is one entry; its end moves on with each report, so that at any
moment, a crash included, it is known to within the interval of the reports. A report that comes
first in the middle of a song tells by its position when the song began.

Who reports over HTTP does so once a song: such an entry has no end until the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from beatrunner.codecs.live import Song

#: Reports of one stretch agree about its start this closely; else the player has sought.
_SAME_STRETCH = timedelta(seconds=3)
#: A player that is silent for longer has lost its network, and may have gone on or not.
_LONGEST_SILENCE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Played:
    """A stretch of a song, in the server's time. `track_id` is None until a track is found.

    `is_shuffled`: chance chose it, as the player said when it began.
    """

    ordinal: int
    track_id: UUID | None
    title: str
    artist: str
    tempo_bpm: float | None
    started_at: datetime
    ended_at: datetime | None
    is_shuffled: bool | None = None

    def is_of(self, song: Song) -> bool:
        if song.track_id is not None or self.track_id is not None:
            return song.track_id == self.track_id
        return (song.title, song.artist) == (self.title, self.artist)


class SongLog:
    def __init__(self, next_ordinal: int = 0) -> None:
        self._next_ordinal = next_ordinal
        self._last: Played | None = None
        #: When the song that sounds now would have begun, had it sounded from its beginning.
        self._origin: datetime | None = None

    def hear(self, song: Song, now: datetime, *, is_followed: bool = True) -> list[Played]:
        """The entries that this report makes or changes."""
        origin = now - timedelta(seconds=song.position_s)
        last = self._last
        if last is not None and self._goes_on(last, song, origin, now):
            tempo_bpm = song.tempo_bpm or last.tempo_bpm
            self._last = replace(last, ended_at=now, tempo_bpm=tempo_bpm)
            self._origin = origin if song.playing else None
            return [self._last]
        changed = self.until(now)
        self._origin = None
        if song.playing:
            self._origin = origin
            self._last = Played(
                self._next_ordinal,
                song.track_id,
                song.title,
                song.artist,
                song.tempo_bpm,
                self._start(song, origin, now),
                now if is_followed else None,
                song.is_shuffled,
            )
            self._next_ordinal += 1
            changed.append(self._last)
        return changed

    def until(self, now: datetime) -> list[Played]:
        """What sounds, ended here, unless the player was silent for too long to tell."""
        last = self._last
        if last is None or self._origin is None or not _is_near(last, now):
            return []
        self._last = replace(last, ended_at=now)
        return [self._last]

    def _goes_on(self, last: Played, song: Song, origin: datetime, now: datetime) -> bool:
        return (
            self._origin is not None
            and last.is_of(song)
            and abs(origin - self._origin) <= _SAME_STRETCH
            and _is_near(last, now)
        )

    def _start(self, song: Song, origin: datetime, now: datetime) -> datetime:
        last = self._last
        if last is None:
            return origin
        # Of a song that was sought in or paused only what sounds from now on is new.
        return now if last.is_of(song) else min(max(origin, last.ended_at or origin), now)


def _is_near(last: Played, now: datetime) -> bool:
    return last.ended_at is None or now - last.ended_at <= _LONGEST_SILENCE
