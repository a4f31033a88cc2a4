"""What bridges, runners and watchers say. Unknown fields are refused."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from beatrunner.codecs.live.parts import (
    MAX_SAMPLES,
    Address,
    CadenceSpm,
    Calibrating,
    Count,
    Found,
    HeartRateBpm,
    InclinePct,
    Link,
    Metres,
    Milliseconds,
    Name,
    QueuedSong,
    Role,
    Sample,
    Seconds,
    Settings,
    SpeedChangeKmh,
    SpeedKmh,
    TempoBpm,
    Token,
    Word,
)


def tag_of(class_name: str) -> str:
    """`PulseBack` is `pulse_back` on the wire."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", class_name).lower()


class _FromClient(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag=tag_of):
    pass


class Hello(_FromClient, frozen=True):
    """The first message of a workout's socket, within five seconds."""

    protocol: Count
    role: Role
    token: Token


class PulseBack(_FromClient, frozen=True):
    """The answer to `pulse`, with its `sent_ms`."""

    sent_ms: Milliseconds


class Samples(_FromClient, frozen=True):
    samples: Annotated[list[Sample], Meta(min_length=1, max_length=MAX_SAMPLES)]


class Status(_FromClient, frozen=True, kw_only=True):
    """What the bridge knows now, each second and on every change.

    `trouble`: why there is no treadmill, and what to do about it, in words.
    """

    shown: Word
    control: Literal["none", "runner", "automation"]
    treadmill: Link
    heart: Link
    pod: Link
    heart_fit: bool
    is_calibrated: bool
    page_url: Address
    alarm: Word | None = None
    lock: Word | None = None
    reasons: Annotated[list[Word], Meta(max_length=40)] = []
    speed_kmh: SpeedKmh | None = None
    incline_pct: InclinePct | None = None
    heart_rate_bpm: HeartRateBpm | None = None
    cadence_spm: CadenceSpm | None = None
    asked_kmh: SpeedKmh | None = None
    asked_incline_pct: InclinePct | None = None
    elapsed_s: Seconds | None = None
    distance_m: Metres | None = None
    treadmill_name: Name | None = None
    trouble: Name | None = None


class Bye(_FromClient, frozen=True):
    """Every sample is acknowledged, and the bridge is done with this workout."""


class Stop(_FromClient, frozen=True):
    """Stop the belt. Also from the server to the bridge."""


class Nudge(_FromClient, frozen=True):
    """The runner pressed + or -: so much more or less."""

    speed_kmh: SpeedChangeKmh = 0.0
    incline_pct: InclinePct = 0.0


class Goal(_FromClient, frozen=True):
    settings: Settings


class Song(_FromClient, frozen=True, kw_only=True):
    """What plays now; at each start, pause and seek, and every five seconds.

    `is_shuffled`: chance, not the runner, chose to play this song now; None when nobody knows.
    """

    title: Name
    artist: Name
    position_s: Seconds
    playing: bool
    track_id: UUID | None = None
    tempo_bpm: TempoBpm | None = None
    duration_s: Seconds | None = None
    is_shuffled: bool | None = None


class Queue(_FromClient, frozen=True):
    """What the player could play next, in its order."""

    songs: Annotated[list[QueuedSong], Meta(max_length=200)]


class Finish(_FromClient, frozen=True):
    """The workout is over: stop the belt and seal the run."""


class TakeControl(_FromClient, frozen=True):
    """Nudges, goals and songs come from here from now on."""


# A paired bridge, while no workout needs it.


class BridgeHello(_FromClient, frozen=True, kw_only=True):
    """The first message of a bridge's standing socket, within five seconds."""

    protocol: Count
    token: Token
    version: Word
    is_virtual: bool
    page_url: Address


class Report(_FromClient, frozen=True, kw_only=True):
    """What is within reach of the radio; on change and every ten seconds.

    `trouble`: why there is no treadmill, and what to do about it, in words.
    """

    treadmill: Found | None = None
    heart: Found | None = None
    pod: Found | None = None
    calibrating: Calibrating | None = None
    trouble: Name | None = None
