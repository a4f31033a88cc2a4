"""What a workout is to be, on what machine, and to which songs: the words of the controller."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Who leads: the runner alone, the song, the heart, or a plan of blocks."""

    MANUAL = "manual"
    BEAT = "beat"
    HEART = "heart"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Song:
    """A song that plays or may be played; `key` is the player's own name for it."""

    key: str
    tempo_bpm: float | None = None
    duration_s: float | None = None


class BlockKind(StrEnum):
    WARM_UP = "warm_up"
    WORK = "work"
    RECOVERY = "recovery"
    COOL_DOWN = "cool_down"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a plan. The first of heart-rate target, cadence and speed that is given leads.

    With none of them the block goes at the pace of its kind.
    """

    kind: BlockKind
    duration_s: float
    target_low_bpm: float | None = None
    target_high_bpm: float | None = None
    speed_kmh: float | None = None
    cadence_spm: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What the runner asked for.

    `ceiling_bpm` is the governor's: at it the belt falls. The controller keeps away from it.
    `speed_kmh` is the pace that suits the runner; in beat mode the songs vary it.
    """

    mode: Mode
    ceiling_bpm: float | None = None
    target_low_bpm: float | None = None
    target_high_bpm: float | None = None
    speed_kmh: float | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """What the belt can do, already narrowed to what profile and workout allow.

    `lag_s` is from a wish to the first movement, as calibrated.
    """

    min_speed_kmh: float
    max_speed_kmh: float
    speed_step_kmh: float = 0.1
    min_incline_pct: float = 0.0
    max_incline_pct: float = 0.0
    incline_step_pct: float = 0.5
    lag_s: float = 1.0

    def speed_kmh(self, wanted_kmh: float) -> float:
        """The nearest speed the belt can go at."""
        return _stepped(wanted_kmh, self.min_speed_kmh, self.max_speed_kmh, self.speed_step_kmh)

    def incline_pct(self, wanted_pct: float) -> float:
        """The nearest incline the belt can take."""
        return _stepped(
            wanted_pct, self.min_incline_pct, self.max_incline_pct, self.incline_step_pct
        )


def _stepped(wanted: float, low: float, high: float, step: float) -> float:
    nearest = round(wanted / step) * step if step > 0 else wanted
    return round(min(max(nearest, low), high), 2)
