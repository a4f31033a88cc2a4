"""What one workout's automation wishes, second by second, and which song it wants next.

Glue without a database: it hears samples and the player, asks `core.controller`, and remembers
what has to survive a restart of the server as plain JSON (`kept`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from beatrunner.codecs.live import Queue, QueuedSong, Sample, Settings, Song
from beatrunner.core import controller as core
from beatrunner.core.gait import fold
from beatrunner.workouts.surroundings import Surroundings

#: A song's beat is shown as stepped to when the steps are this close to it, whoever leads.
_NEAR = 0.15
#: The order of the songs follows the wanted cadence when that has moved by so much.
_REORDER_AT = 0.02
_MOST_REMEMBERED = 20


@dataclass(frozen=True, slots=True)
class Wished:
    """What the belt should do."""

    speed_kmh: float
    incline_pct: float


class Conductor:
    def __init__(
        self, settings: Settings, surroundings: Surroundings, kept: Mapping[str, Any] | None
    ) -> None:
        self.settings = settings
        self.advice = core.Advice()
        self._surroundings = surroundings
        self._song: Song | None = None
        self._song_heard_s = 0.0
        self._queue: dict[str, QueuedSong] = {}
        self._ordered: list[core.Song] = []
        self._ordered_for_spm: float | None = None
        self._recent: list[str] = list((kept or {}).get("recent", ()))
        self._controller = core.Controller(
            _goal(settings, surroundings),
            surroundings.machine(settings),
            surroundings.gait,
            surroundings.heart,
            _state(kept),
        )

    @property
    def kept(self) -> dict[str, Any]:
        return {"controller": self._controller.state.to_json(), "recent": self._recent}

    @property
    def own_s(self) -> tuple[float, float]:
        """Seconds of earlier runs behind what is known of steps and heart."""
        return self._surroundings.gait.own_s, self._surroundings.heart.own_s

    def change(self, settings: Settings, surroundings: Surroundings) -> None:
        """Another goal, or a machine that is known better; what was learnt stays."""
        self.settings, self._surroundings = settings, surroundings
        goal = _goal(settings, self._surroundings)
        changed = self._controller.with_goal(goal)
        self._controller = core.Controller(
            goal,
            self._surroundings.machine(settings),
            changed.gait,
            changed.heart,
            changed.state,
        )

    def hear_song(self, song: Song, now_s: float) -> None:
        """`now_s` is monotonic, as everywhere here."""
        key = key_of(song)
        if song.playing and (self._song is None or key_of(self._song) != key):
            self._recent = [*self._recent, key][-_MOST_REMEMBERED:]
            self._ordered_for_spm = None
        self._song, self._song_heard_s = song, now_s

    def hear_queue(self, queue: Queue) -> None:
        self._queue = {str(song.track_id): song for song in queue.songs}
        self._ordered_for_spm = None

    def song_at(self, now_s: float) -> Song | None:
        """The song that was reported last, at the position it has reached by now."""
        song = self._song
        if song is None or not song.playing:
            return song
        position_s = song.position_s + now_s - self._song_heard_s
        if song.duration_s is not None:
            position_s = min(position_s, song.duration_s)
        return msgspec.structs.replace(song, position_s=round(position_s, 1))

    @property
    def next_song(self) -> QueuedSong | None:
        """The one to play next; None without a queue."""
        return self._queue.get(self._ordered[0].key) if self._ordered else None

    def step(self, sample: Sample, now_s: float) -> Wished | None:
        """Look at the newest second; None: no wish, the runner leads."""
        song = self.song_at(now_s)
        playing = song if song is not None and song.playing else None
        self.advice = self._controller.step(
            core.Sense(
                elapsed_s=sample.elapsed_s,
                speed_kmh=sample.speed_kmh,
                incline_pct=sample.incline_pct,
                heart_rate_bpm=sample.heart_rate_bpm,
                cadence_spm=sample.cadence_spm,
                song=None if playing is None else _song(key_of(playing), playing),
                song_elapsed_s=0.0 if playing is None else playing.position_s,
                queue=tuple(self._ordered),
            )
        )
        self._order_songs()
        speed_kmh, incline_pct = self.advice.speed_kmh, self.advice.incline_pct
        if speed_kmh is None:
            return None
        return Wished(
            speed_kmh, incline_pct if incline_pct is not None else sample.incline_pct or 0.0
        )

    def beat(self, cadence_spm: float | None, now_s: float) -> tuple[float, float] | None:
        """The song's beat as it is stepped to: (steps a minute, steps per beat)."""
        song = self.song_at(now_s)
        if song is None or not song.playing or song.tempo_bpm is None:
            return None
        if self.advice.beat is not None:
            return self.advice.beat.cadence_spm, self.advice.beat.factor
        wanted = self.advice.wanted_spm
        steps_spm = cadence_spm or (None if wanted is None else wanted.value)
        if not steps_spm:
            return None
        beat = fold(song.tempo_bpm, steps_spm, _NEAR)
        return None if beat is None else (beat.cadence_spm, beat.factor)

    def _order_songs(self) -> None:
        wanted = self.advice.wanted_spm
        if not self._queue or wanted is None:
            self._ordered = [_song(key, song) for key, song in self._queue.items()]
            return
        for_spm = self._ordered_for_spm
        if for_spm is not None and abs(wanted.value - for_spm) <= _REORDER_AT * for_spm:
            return
        self._ordered_for_spm = wanted.value
        beat = self.advice.beat
        waiting = [_song(key, song) for key, song in self._queue.items() if not self._plays(key)]
        self._ordered = core.order_songs(
            waiting, wanted.value, None if beat is None else beat.cadence_spm, self._recent
        )

    def _plays(self, key: str) -> bool:
        return self._song is not None and key_of(self._song) == key


def key_of(song: Song) -> str:
    return str(song.track_id) if song.track_id else f"{song.artist}\x1f{song.title}"


def _song(key: str, song: Song | QueuedSong) -> core.Song:
    return core.Song(key, song.tempo_bpm, song.duration_s)


def _goal(settings: Settings, surroundings: Surroundings) -> core.Goal:
    return core.Goal(
        mode=core.Mode(settings.mode),
        ceiling_bpm=surroundings.ceiling_of(settings),
        target_low_bpm=settings.target_low_bpm,
        target_high_bpm=settings.target_high_bpm,
        speed_kmh=settings.speed_kmh,
        blocks=tuple(
            core.Block(
                core.BlockKind(block.kind),
                block.duration_s,
                block.target_low_bpm,
                block.target_high_bpm,
                block.speed_kmh,
                block.cadence_spm,
            )
            for block in settings.blocks
        ),
    )


def _state(kept: Mapping[str, Any] | None) -> core.ControllerState | None:
    """A state that an older version wrote is no reason not to run."""
    try:
        return core.ControllerState.from_json((kept or {})["controller"])
    except (KeyError, TypeError, ValueError):
        return None
