"""What the server said about the workout, on the bridge's own clock.

The server stamps wishes with its own monotonic milliseconds. How its clock stands to ours follows
from the quickest message of this connection: none can have come before it was sent. From that
moment a message looks at most one journey too young, so the shortest round trip is added: the age
is judged too old rather than too young (I10).
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from beatrunner.bridge.ports import Monotonic
from beatrunner.core.governor import Bounds, Lease, Nudge, Wish

#: Pulses come every two seconds: one that is late by half of that is a lost server.
SERVER_SILENT_S = 3.0
_NUDGES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Setup:
    """What the runner's profile and this workout allow."""

    profile: Bounds
    workout: Bounds
    ceiling_bpm: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What the server said since the last tick."""

    stop: bool = False
    wish: Wish | None = None
    nudge: Nudge | None = None


class ServerClock:
    """The server's milliseconds as seconds of ours; anew with each connection."""

    def __init__(self) -> None:
        self._offset_s = math.inf
        self._round_trip_s = 0.0

    def see(self, sent_ms: float, now_s: float) -> None:
        """A message sent at `sent_ms` arrived at `now_s`."""
        self._offset_s = min(self._offset_s, now_s - sent_ms / 1000)

    def see_round_trip(self, round_trip_s: float) -> None:
        """The shortest that was measured on this connection."""
        self._round_trip_s = round_trip_s

    def at_s(self, sent_ms: float) -> float:
        """When it was sent at the earliest; minus infinity while that is not known."""
        if math.isinf(self._offset_s):
            return -math.inf
        return sent_ms / 1000 + self._offset_s - self._round_trip_s


class Conversation:
    """Filled by the workout's socket, emptied by the driver."""

    def __init__(self, clock: Monotonic) -> None:
        self._clock = clock
        self._connected = False
        self._heard_s = -math.inf
        self._stop = False
        self._wish: Wish | None = None
        self._nudges: deque[Nudge] = deque(maxlen=_NUDGES_KEPT)
        self.server_clock = ServerClock()
        self.workout_id: str | None = None
        self.setup: Setup | None = None
        self.lease: Lease | None = None
        self.page_heard_s: float | None = None
        self.beat_spm: float | None = None

    @property
    def is_up(self) -> bool:
        """Whether the server was heard just now, and has said what is allowed."""
        silent_s = self._clock() - self._heard_s
        return self._connected and self.setup is not None and silent_s <= SERVER_SILENT_S

    def open(self, workout_id: str, sent_ms: float) -> None:
        """A connection was welcomed; what an earlier one left unsaid is forgotten (I13)."""
        if workout_id != self.workout_id:
            self.setup = None
        self.workout_id = workout_id
        self._forget()
        self._connected = True
        self.server_clock = ServerClock()
        self.hear(sent_ms)

    def close(self) -> None:
        """The connection is gone: what it had said last is not done any more."""
        self._connected = False
        self._forget()

    def _forget(self) -> None:
        self._wish = None
        self._nudges.clear()
        self.lease = None
        self.page_heard_s = None
        self.beat_spm = None

    def hear(self, sent_ms: float | None = None) -> None:
        """Anything arrived."""
        self._heard_s = self._clock()
        if sent_ms is not None:
            self.server_clock.see(sent_ms, self._heard_s)
        if self.lease is not None:
            self.lease = Lease(self.lease.lease_id, self.lease.generation, self._heard_s)

    def hear_lease(self, lease_id: str | None, generation: int) -> None:
        self.lease = None if lease_id is None else Lease(lease_id, generation, self._clock())

    def hear_controller(self, age_s: float | None) -> None:
        """When the server last heard the page that holds the controls."""
        self.page_heard_s = None if age_s is None else self._clock() - max(age_s, 0.0)

    def hear_wish(
        self,
        lease_id: str,
        generation: int,
        sequence: int,
        sent_ms: float,
        speed_kmh: float,
        incline_pct: float,
    ) -> None:
        """The newest replaces one that was not done yet.

        It also tells of a new holder of the lease. An older generation is no holder any more:
        its wishes are left for the governor to refuse.
        """
        if self.lease is None or generation > self.lease.generation:
            self.hear_lease(lease_id, generation)
        issued_s = self.server_clock.at_s(sent_ms)
        self._wish = Wish(lease_id, generation, sequence, issued_s, speed_kmh, incline_pct)

    def hear_nudge(self, sent_ms: float, speed_kmh: float, incline_pct: float) -> None:
        self._nudges.append(Nudge(self.server_clock.at_s(sent_ms), speed_kmh, incline_pct))

    def hear_stop(self) -> None:
        self._stop = True

    def take(self) -> Heard:
        """What was said since the last call; one nudge at a time."""
        nudge = self._nudges.popleft() if self._nudges else None
        heard = Heard(self._stop, self._wish, nudge)
        self._stop = False
        self._wish = None
        if heard.stop:
            self._nudges.clear()
        return heard
