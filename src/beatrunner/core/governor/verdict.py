"""What comes out of a tick: at most one command, and what the runner is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Start:
    number: int


@dataclass(frozen=True, slots=True)
class SetSpeed:
    number: int
    speed_kmh: float


@dataclass(frozen=True, slots=True)
class SetIncline:
    number: int
    incline_pct: float


@dataclass(frozen=True, slots=True)
class Stop:
    number: int


#: `number` rises; of two commands that wait for the radio only the later is ever sent.
Command = Start | SetSpeed | SetIncline | Stop


class Shown(StrEnum):
    """What the runner reads. `STOPPED` is proved by fresh telemetry, or not said."""

    UNKNOWN = "unknown"
    STOPPED = "stopped"
    STARTING = "starting"
    AUTOMATIC = "automatic"
    MANUAL = "manual"
    CONSOLE = "console"
    SLOWING = "slowing"
    STOPPING = "stopping"


class Alarm(StrEnum):
    """Sound and flash. Both tell the runner to use the safety key: software cannot help."""

    BELT_MAY_MOVE = "belt_may_still_be_moving"
    STOP_IGNORED = "belt_does_not_stop"


class Lock(StrEnum):
    """Why Start does nothing. Idleness is unlocked; the others end with this governor."""

    IDLE = "idle"
    DISAGREEMENT = "disagreement"
    WRONG_WAY = "wrong_way"
    FAULT = "fault"


class Reason(StrEnum):
    """Why the belt does not do what was asked."""

    BLUETOOTH_LOST = "bluetooth_lost"
    SERVER_LOST = "server_lost"
    TELEMETRY_STALE = "telemetry_stale"
    HEART_UNFIT = "heart_unfit"
    HEART_ENDED = "heart_ended"
    HEART_CEILING = "heart_ceiling"
    DISAGREEMENT = "disagreement"
    FAULT = "fault"
    LOCKED = "locked"
    CONFIRM_REFUSED = "confirm_refused"
    WISH_REFUSED = "wish_refused"
    NUDGE_REFUSED = "nudge_refused"
    LIMITED = "limited"
    PAGE_SILENT = "page_silent"
    LEASE_LAPSED = "lease_lapsed"
    TARGET_STALE = "target_stale"
    WAITING = "waiting"
    START_UNCONFIRMED = "start_unconfirmed"


@dataclass(frozen=True, slots=True)
class Verdict:
    command: Command | None
    shown: Shown
    alarm: Alarm | None
    lock: Lock | None
    reasons: tuple[Reason, ...]
