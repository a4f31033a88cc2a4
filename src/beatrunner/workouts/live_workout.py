"""One live workout in this process: its bridge, who runs, who watches, and what they say.

Nothing here waits: messages come in, others go out by `Peer.post`, and what must be durable goes
to the recorder. This is the path from heart beat to belt, and no database is on it.
"""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta
from typing import Any

import msgspec

from beatrunner.codecs import live as wire
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.workouts.audience import Audience
from beatrunner.workouts.beat_line import BeatLine
from beatrunner.workouts.conductor import Conductor
from beatrunner.workouts.loops import now_ms
from beatrunner.workouts.peers import CloseCode, Peer
from beatrunner.workouts.recorder import Pending, Recorder, Second
from beatrunner.workouts.sample_line import SampleLine
from beatrunner.workouts.screen import BridgeState, live_message
from beatrunner.workouts.song_log import SongLog
from beatrunner.workouts.surroundings import Surroundings
from beatrunner.workouts.wanted import fault_of

#: The conductor's memory is written this often, for a server that is started again.
_KEEP_EVERY_S = 10.0


class LiveWorkout:
    """`generation` is the one under which this process writes; `acknowledged` is durable."""

    def __init__(
        self,
        row: AnyRow,
        surroundings: Surroundings,
        recorder: Recorder,
        clock: Clock,
        next_song: int,
    ) -> None:
        self.id = row.id
        self.account_id = row.account_id
        self.generation: int = row.generation
        self.state: wire.State = row.state
        self.settings = msgspec.convert(row.settings, wire.Settings)
        self.surroundings = surroundings
        self.conductor = Conductor(self.settings, surroundings, row.conductor)
        self.acknowledged = 0
        self.lease_id: str | None = None
        self.bridge: Peer | None = None
        self.audience = Audience()
        self.status: wire.Status | None = None
        self.newest: wire.Sample | None = None
        self.is_finishing = row.ended_at is not None
        self.shown_s = 0.0
        self._recorder = recorder
        self._clock = clock
        self._pending = Pending()
        self._songs = SongLog(next_song)
        self._sequence = 0
        self._kept_s = time.monotonic()
        self._line = SampleLine((row.conductor or {}).get("clock_offset_s"))
        self._beats = BeatLine()
        self._chosen: Any = None
        self._stop_asked_at: datetime | None = row.stop_asked_at

    # Who is here.

    @property
    def is_over(self) -> bool:
        return self.state not in ("ready", "live")

    def take_over(
        self, row: AnyRow, acknowledged: int, surroundings: Surroundings, bridge: Peer
    ) -> None:
        """The bridge is at this process now, under a new generation."""
        if self.bridge is not None:
            self.bridge.close(CloseCode.REPLACED, "another socket of this bridge came", "replaced")
        self.generation = row.generation
        self.surroundings = surroundings
        self.conductor.change(self.settings, surroundings)
        self.acknowledged = max(self.acknowledged, acknowledged)
        self._line.received = max(self._line.received, acknowledged)
        self._sequence = 0
        self.lease_id = secrets.token_hex(8)
        self.bridge = bridge
        bridge.post(self.welcome(bridge))
        self._post_setup()
        bridge.post(wire.Beat(self._beats.now_spm))
        if self.is_finishing:
            self.ask_end()
        self.show()

    def welcome(self, peer: Peer) -> wire.Welcome:
        return wire.Welcome(
            protocol=wire.PROTOCOL,
            workout_id=self.id,
            role=peer.role,
            state=self.state,
            settings=self.settings,
            generation=self.generation,
            lease_id=self.lease_id if peer.role == "bridge" else None,
            acknowledged=self.acknowledged,
            in_control=peer is self.audience.controller,
            server_ms=now_ms(),
        )

    def admit(self, peer: Peer) -> None:
        """Let a runner or watcher in."""
        self.audience.admit(peer)
        peer.post(self.welcome(peer))

    def leave(self, peer: Peer) -> None:
        if peer is self.bridge:
            self.bridge = None
            self._keep(time.monotonic())
        self.audience.leave(peer)
        self.show()

    # What the bridge says.

    def hear_bridge(self, peer: Peer, message: wire.FromBridge) -> None:
        if peer is not self.bridge:
            return
        match message:
            case wire.Samples():
                self._hear_samples(message)
            case wire.Status():
                self.status = message
                self.show()
            case wire.Bye():
                self._keep(time.monotonic())
                self._pending.is_over = True
                self._recorder.tell(self)
            case wire.PulseBack():
                pass

    def _hear_samples(self, message: wire.Samples) -> None:
        now_s = time.monotonic()
        fresh = self._line.fresh(message.samples)
        if not fresh:
            # Sent again, and durable or on its way: say so once more.
            if self.bridge is not None and self.acknowledged:
                self.bridge.post(wire.Ack(self.acknowledged))
            return
        newest = fresh[-1]
        if self._line.is_current(newest, self.status):
            self._conduct(newest, now_s)
        self._pending.seconds += [
            Second(sample, self._beats.at(now_s - newest.elapsed_s + sample.elapsed_s))
            for sample in fresh
        ]
        if self.state == "ready":
            self.state = "live"
        if self._pending.started_at is None:
            self._pending.started_at = self._clock() - timedelta(seconds=newest.elapsed_s)
        if now_s - self._kept_s >= _KEEP_EVERY_S:
            self._keep(now_s)
        self._recorder.tell(self)

    def _conduct(self, newest: wire.Sample, now_s: float) -> None:
        self.newest = newest
        self._line.compare_clocks(newest, self._clock())
        wished = self.conductor.step(newest, now_s)
        self._follow_beat(now_s)
        self._choose()
        if wished is None or self.bridge is None or self.is_finishing or self.lease_id is None:
            return
        self._sequence += 1
        self.bridge.post(
            wire.Wish(
                lease_id=self.lease_id,
                generation=self.generation,
                sequence=self._sequence,
                sent_ms=now_ms(),
                speed_kmh=wished.speed_kmh,
                incline_pct=wished.incline_pct,
            )
        )

    # What whoever runs or watches says.

    def hear_runner(self, peer: Peer, message: wire.FromRunner) -> None:
        """`finish` is heard by the hub, because it asks the database."""
        match message:
            case wire.PulseBack() | wire.Finish():
                pass
            case wire.Stop():
                self.stop(peer)
            case wire.TakeControl():
                self.audience.controller = peer
                self.show()
            case _ if peer is not self.audience.controller:
                peer.post(wire.Problem("not_in_control", "Somebody else is in control."))
            case wire.Nudge():
                self._nudge(peer, message)
            case wire.Goal():
                self._change(peer, message.settings)
            case wire.Song():
                self.hear_song(message)
            case wire.Queue():
                self.conductor.hear_queue(message)
                self._choose()

    def stop(self, peer: Peer | None = None) -> None:
        """Stop the belt, whoever asks."""
        if self.bridge is not None:
            self.bridge.post(wire.StopBelt())
        elif peer is not None:
            peer.post(wire.Problem("no_bridge", "The belt cannot be reached. Use its own stop."))

    def stop_at(self, asked_at: datetime) -> None:
        """Asked over HTTP; the row will say so once more."""
        self._stop_asked_at = asked_at
        self.stop()

    def hear_song(self, song: wire.Song, *, is_followed: bool = True) -> None:
        """`is_followed`: the player goes on reporting while it plays."""
        now_s = time.monotonic()
        for played in self._songs.hear(song, self._clock(), is_followed=is_followed):
            self._pending.songs[played.ordinal] = played
        if self._pending.songs:
            self._recorder.tell(self)
        self.conductor.hear_song(song, now_s)
        self._follow_beat(now_s)
        self._choose()
        self.show()

    def _nudge(self, peer: Peer, nudge: wire.Nudge) -> None:
        if self.bridge is None:
            peer.post(wire.Problem("no_bridge", "The belt cannot be reached."))
            return
        self.bridge.post(wire.BridgeNudge(nudge.speed_kmh, nudge.incline_pct, now_ms()))

    def _change(self, peer: Peer, settings: wire.Settings) -> None:
        fault = fault_of(settings)
        if fault is not None:
            peer.post(wire.Problem("refused", fault))
            return
        self.settings = settings
        self.conductor.change(settings, self.surroundings)
        self._pending.values["settings"] = msgspec.to_builtins(settings)
        self._keep(time.monotonic())
        self._post_setup()
        self.show()

    def ask_end(self) -> None:
        """The bridge stops the belt, sends what is left, and says bye."""
        self.is_finishing = True
        for played in self._songs.until(self._clock()):
            self._pending.songs[played.ordinal] = played
            self._recorder.tell(self)
        if self.bridge is not None:
            self.bridge.post(wire.StopBelt())
            self.bridge.post(wire.End())
        elif self.state == "ready":
            self._pending.is_over = True
            self._recorder.tell(self)
        self.show()

    # What the recorder and the hub say.

    def take_pending(self) -> Pending:
        taken, self._pending = self._pending, Pending()
        return taken

    def give_back(self, pending: Pending) -> None:
        self._pending = pending.before(self._pending)

    def on_durable(self, pending: Pending) -> None:
        if pending.seconds:
            self.acknowledged = max(self.acknowledged, pending.seconds[-1].sample.number)
            if self.bridge is not None:
                self.bridge.post(wire.Ack(self.acknowledged))
        if pending.is_over:
            self.end("ended" if self.acknowledged else "dropped", None)

    def on_fenced(self) -> None:
        """Another process has taken this workout over, or it is gone."""
        if self.bridge is not None:
            self.bridge.close(CloseCode.REPLACED, "another server took over", "replaced")
        self.audience.close(CloseCode.ELSEWHERE, "another server has this workout", "elsewhere")

    def on_gone(self) -> None:
        detail = "the workout was deleted"
        if self.bridge is not None:
            self.bridge.close(CloseCode.NOT_FOUND, detail, "not_found")
        self.audience.close(CloseCode.NOT_FOUND, detail, "not_found")

    def on_row(self, row: AnyRow, holder: str) -> None:
        """What the database says now, which other processes may have changed."""
        if row.generation > self.generation and row.holder != holder:
            self.on_fenced()
            return
        if row.withdrawn_at is not None and self.bridge is not None:
            self.bridge.close(CloseCode.FORBIDDEN, "this bridge was withdrawn", "withdrawn")
        if row.state not in ("ready", "live"):
            self.end(row.state, row.activity_id)
            return
        if row.stop_asked_at is not None and row.stop_asked_at != self._stop_asked_at:
            self._stop_asked_at = row.stop_asked_at
            self.stop()
        if row.ended_at is not None and not self.is_finishing:
            self.ask_end()

    def end(self, state: wire.State, activity_id: Any) -> None:
        """Tell everybody; those who run and watch stay until the run is sealed."""
        if state != self.state or (self.bridge is not None):
            self.state = state
            self.audience.tell(wire.Ended(activity_id))
        if self.bridge is not None:
            self.bridge.close(CloseCode.OVER, "the workout is over")
        if state in ("sealed", "dropped"):
            self.audience.close(CloseCode.OVER, "the workout is over")

    def show(self) -> None:
        """Send everybody what the screen shows."""
        self.shown_s = time.monotonic()
        if not self.is_over:
            self.audience.show(self._screen)

    def _screen(self, in_control: bool) -> wire.Live:
        return live_message(
            self.conductor,
            self.status,
            self.newest,
            self.surroundings.zones,
            self.state,
            self._bridge_state,
            self.shown_s,
            in_control=in_control,
        )

    @property
    def _bridge_state(self) -> BridgeState:
        if self.bridge is not None:
            return "connected"
        return "lost" if self.status is not None or self.state == "live" else "none"

    # Music.

    def _follow_beat(self, now_s: float) -> None:
        cadence_spm = None if self.newest is None else self.newest.cadence_spm
        beat = self.conductor.beat(cadence_spm, now_s)
        beat_spm = None if beat is None else round(beat[0], 2)
        if self._beats.follow(beat_spm, now_s) and self.bridge is not None:
            self.bridge.post(wire.Beat(beat_spm))

    def _choose(self) -> None:
        song = self.conductor.next_song
        track_id = None if song is None else song.track_id
        player = self.audience.controller
        if track_id is not None and track_id != self._chosen and player is not None:
            player.post(wire.Choose(track_id))
        self._chosen = track_id

    # Small things.

    def _post_setup(self) -> None:
        if self.bridge is not None:
            self.bridge.post(self.surroundings.setup(self.settings))

    def _keep(self, now_s: float) -> None:
        if self.is_over:
            return
        self._kept_s = now_s
        self._pending.values["conductor"] = {
            **self.conductor.kept,
            "clock_offset_s": self._line.offset_s,
        }
        self._recorder.tell(self)
