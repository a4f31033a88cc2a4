"""The values that messages are made of, and their bounds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

#: In one message; a bridge that has more sends several.
MAX_SAMPLES = 100

SpeedKmh = Annotated[float, Meta(ge=0, le=60)]
SpeedChangeKmh = Annotated[float, Meta(ge=-60, le=60)]
InclinePct = Annotated[float, Meta(ge=-60, le=60)]
HeartRateBpm = Annotated[float, Meta(ge=0, le=300)]
CadenceSpm = Annotated[float, Meta(ge=0, le=500)]
TempoBpm = Annotated[float, Meta(gt=0, le=1000)]
Seconds = Annotated[float, Meta(ge=0, le=1_000_000)]
Metres = Annotated[float, Meta(ge=0, le=10_000_000)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
SampleNumber = Annotated[int, Meta(ge=1, le=2**31 - 1)]
#: Of the sender's monotonic clock: good for differences only.
Milliseconds = Annotated[int, Meta(ge=0, le=2**53)]
Time = Annotated[datetime, Meta(tz=True)]
# PostgreSQL has no place for the character 0 in a text.
_STORABLE = r"^[^\u0000]*$"
Word = Annotated[str, Meta(max_length=40, pattern=_STORABLE)]
Name = Annotated[str, Meta(max_length=300, pattern=_STORABLE)]
Address = Annotated[str, Meta(max_length=2000, pattern=_STORABLE)]
Token = Annotated[str, Meta(max_length=8192)]

Role = Literal["bridge", "runner", "watcher"]
Mode = Literal["manual", "beat", "heart", "plan"]
State = Literal["ready", "live", "ended", "sealed", "dropped"]
Link = Literal["none", "searching", "connecting", "connected", "lost"]


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A value within a message of a client."""


class Block(Part, frozen=True, kw_only=True):
    """A part of a plan."""

    kind: Literal["warm_up", "work", "recovery", "cool_down"]
    duration_s: Annotated[float, Meta(gt=0, le=86_400)]
    target_low_bpm: HeartRateBpm | None = None
    target_high_bpm: HeartRateBpm | None = None
    speed_kmh: SpeedKmh | None = None
    cadence_spm: CadenceSpm | None = None


class Settings(Part, frozen=True, kw_only=True):
    """What the runner wants of a workout."""

    mode: Mode
    speed_kmh: SpeedKmh | None = None
    target_low_bpm: HeartRateBpm | None = None
    target_high_bpm: HeartRateBpm | None = None
    ceiling_bpm: HeartRateBpm | None = None
    max_speed_kmh: SpeedKmh | None = None
    max_incline_pct: InclinePct | None = None
    blocks: Annotated[tuple[Block, ...], Meta(max_length=100)] = ()


class Sample(Part, frozen=True, kw_only=True, gc=False):
    """One second. The same number always comes with the same time."""

    number: SampleNumber
    at: Time
    elapsed_s: Seconds
    speed_kmh: SpeedKmh | None = None
    incline_pct: InclinePct | None = None
    heart_rate_bpm: HeartRateBpm | None = None
    cadence_spm: CadenceSpm | None = None
    distance_m: Metres | None = None
    asked_kmh: SpeedKmh | None = None


class QueuedSong(Part, frozen=True, kw_only=True):
    track_id: UUID
    title: Name
    artist: Name
    tempo_bpm: TempoBpm | None = None
    duration_s: Seconds | None = None


class Bounds(Struct, frozen=True):
    max_speed_kmh: float
    min_incline_pct: float
    max_incline_pct: float


class Estimate(Struct, frozen=True):
    """A 95 % interval around `value`."""

    value: float
    low: float
    high: float


class Found(Part, frozen=True, kw_only=True):
    """A device that a bridge sees, with what `ble` knows of its limits and calibration.

    `calibrated_at` by the bridge's time of day; None: never measured, only taken for granted.
    """

    address: Word
    name: Name
    state: Link
    manufacturer: Name | None = None
    limits: dict[Word, Any] | None = None
    calibration: dict[Word, Any] | None = None
    calibrated_at: Time | None = None


class KeptCalibration(Struct, frozen=True, kw_only=True):
    """What the account has for a treadmill; without a calibration: it was removed then."""

    address: str
    calibrated_at: datetime
    calibration: dict[str, Any] | None = None


class Calibrating(Part, frozen=True):
    step: Word
    share: Annotated[float, Meta(ge=0, le=1)]
