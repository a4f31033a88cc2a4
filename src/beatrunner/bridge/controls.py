"""What was pressed on the page beside the belt.

A hold is measured here, from the press to the release, and by the page as well: the shorter of the
two counts, so that a page that stood still between a tap's two ends starts nothing.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from beatrunner.bridge.ports import Monotonic
from beatrunner.core.governor import Confirm, Nudge

_NUDGES_KEPT = 8
#: A page repeats four times a second that it is there while a finger is down.
HOLDER_SILENT_S = 1.0


@dataclass(frozen=True, slots=True)
class Pressed:
    """What happened on the page since the last tick."""

    stop: bool = False
    unlock: bool = False
    confirm: Confirm | None = None
    nudge: Nudge | None = None


class Controls:
    """Filled by the page's sockets, emptied by the driver. `holder` names the page that holds."""

    def __init__(self, clock: Monotonic) -> None:
        self._clock = clock
        self._stop = False
        self._unlock = False
        self._nudges: deque[Nudge] = deque(maxlen=_NUDGES_KEPT)
        self._confirm: Confirm | None = None
        self._confirms = 0
        self._holder: object | None = None
        self._pressed_s = 0.0
        self.heard_s: float | None = None

    @property
    def held_s(self) -> float | None:
        """How long Start has been held; None while nobody does."""
        return None if self._holder is None else self._clock() - self._pressed_s

    @property
    def is_held(self) -> bool:
        """Whether Start is held right now, by a page that is heard."""
        heard_s = self.heard_s
        return (
            self._holder is not None
            and heard_s is not None
            and self._clock() - heard_s <= HOLDER_SILENT_S
        )

    def hear(self) -> None:
        """A page is there."""
        self.heard_s = self._clock()

    def stop(self) -> None:
        self._stop = True
        self._holder = None

    def unlock(self) -> None:
        self._unlock = True

    def nudge(self, speed_kmh: float, incline_pct: float) -> None:
        self._nudges.append(Nudge(self._clock(), speed_kmh, incline_pct))

    def press(self, holder: object) -> None:
        """A finger goes down on Start. One of two pages has it."""
        if self._holder is None:
            self._holder = holder
            self._pressed_s = self._clock()

    def release(self, holder: object, held_s: float) -> None:
        """The finger is lifted; the page measured `held_s`."""
        if self._holder is not holder:
            return
        self._holder = None
        now_s = self._clock()
        if math.isfinite(held_s):
            self._confirms += 1
            pressed_s = max(self._pressed_s, now_s - held_s)
            self._confirm = Confirm(self._confirms, pressed_s, now_s, local=True)

    def leave(self, holder: object) -> None:
        """The page went away: what it held is let go, and counts for nothing."""
        if self._holder is holder:
            self._holder = None

    def take(self) -> Pressed:
        """What happened since the last call; one press of + or - at a time."""
        nudge = self._nudges.popleft() if self._nudges else None
        pressed = Pressed(self._stop, self._unlock, self._confirm, nudge)
        self._stop = self._unlock = False
        self._confirm = None
        if pressed.stop:
            self._nudges.clear()
        return pressed
