"""What the server says. Fields may be added; clients pass over those they do not know."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from msgspec import Struct

from beatrunner.codecs.live.from_clients import Song, Status, tag_of
from beatrunner.codecs.live.parts import (
    Bounds,
    Estimate,
    KeptCalibration,
    QueuedSong,
    Role,
    Settings,
    State,
)


class _FromServer(Struct, frozen=True, tag_field="type", tag=tag_of):
    pass


class Welcome(_FromServer, frozen=True, kw_only=True):
    protocol: int
    workout_id: UUID
    role: Role
    state: State
    settings: Settings
    generation: int
    lease_id: str | None
    acknowledged: int
    in_control: bool
    server_ms: int


class Problem(_FromServer, frozen=True):
    """What was wrong; after those that `docs/live.md` lists the socket is closed."""

    code: str
    detail: str


class Pulse(_FromServer, frozen=True):
    """Every two seconds. `controller_age_s`: since the runner in control was last heard."""

    sent_ms: int
    controller_age_s: float | None = None


class Setup(_FromServer, frozen=True):
    profile: Bounds
    workout: Bounds
    ceiling_bpm: float | None = None


class Wish(_FromServer, frozen=True, kw_only=True):
    """What the conductor would like the belt to do; the governor beside the belt decides."""

    lease_id: str
    generation: int
    sequence: int
    sent_ms: int
    speed_kmh: float
    incline_pct: float


class BridgeNudge(_FromServer, frozen=True, tag="nudge"):
    speed_kmh: float
    incline_pct: float
    sent_ms: int


class StopBelt(_FromServer, frozen=True, tag="stop"):
    pass


class Ack(_FromServer, frozen=True):
    """Samples up to and including `number` are committed, and may be forgotten."""

    number: int


class End(_FromServer, frozen=True):
    """Send what is left, then `bye`."""


class Beat(_FromServer, frozen=True):
    """The music as it is stepped to; only a virtual runner listens."""

    beat_spm: float | None


class Live(_FromServer, frozen=True, kw_only=True):
    """Everything the screen shows, each second and on every change.

    `beat_spm` is the song's tempo as it is stepped to, `beat_factor` the steps per beat.
    `own_gait_s` and `own_heart_s`: seconds of the runner's earlier runs from which the conductor
    knows their steps and their heart; 0 for one who is led as the population is.
    """

    status: Status | None
    bridge: Literal["none", "connected", "lost"]
    state: State
    settings: Settings
    #: Whether nudges, goals and songs are taken from whoever gets this.
    controller: bool
    elapsed_s: float | None = None
    song: Song | None = None
    next_song: QueuedSong | None = None
    beat_spm: float | None = None
    beat_factor: float | None = None
    lock: str | None = None
    advice_reasons: list[str] = []
    wanted_spm: Estimate | None = None
    block: int | None = None
    zone: int | None = None
    own_gait_s: float = 0.0
    own_heart_s: float = 0.0


class HistoryColumns(Struct, frozen=True):
    elapsed_s: list[float]
    speed_kmh: list[float | None]
    heart_rate_bpm: list[float | None]
    cadence_spm: list[float | None]
    beat_spm: list[float | None]
    incline_pct: list[float | None]


class History(_FromServer, frozen=True):
    """The workout so far, thinned out where it is long; once, after `welcome`."""

    columns: HistoryColumns


class Choose(_FromServer, frozen=True):
    """Play this one next."""

    track_id: UUID


class Ended(_FromServer, frozen=True):
    """Without an activity until it is sealed; sent again when it is."""

    activity_id: UUID | None = None


class BridgeWelcome(_FromServer, frozen=True):
    bridge_id: UUID
    name: str


class Calibrations(_FromServer, frozen=True):
    """Calibrations of this bridge's treadmills: all after the welcome, later those that are newer
    than the ones it reports. The newest holds.
    """

    items: list[KeptCalibration]


class Assignment(_FromServer, frozen=True):
    """The workout this bridge is wanted for."""

    workout_id: UUID | None = None


class Withdrawn(_FromServer, frozen=True):
    """The account has removed this bridge; its token opens nothing any more."""
