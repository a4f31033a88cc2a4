"""What the controller remembers from second to second, and keeps over a restart of the server."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from beatrunner.core.controller.heart_observer import HeartObserver, Hypothesis
from beatrunner.core.gait import GaitModel


@dataclass(frozen=True, slots=True)
class ControllerState:
    """Everything learnt and everything under way. `to_json` is plain JSON, exact both ways."""

    gait: GaitModel
    observer: HeartObserver
    elapsed_s: float | None = None
    moving_s: float = 0.0
    """On a belt that moves: the clock of a plan."""
    belt_kmh: float = 0.0
    belt_pct: float = 0.0
    """Belt speed and incline as last seen."""
    speed_kmh: float | None = None
    incline_pct: float | None = None
    """The last wish."""
    bias_spm: float = 0.0
    """Slow integral of the cadence error: aim so much higher."""
    song_key: str | None = None
    on_song_s: float = 0.0
    broken: bool = False
    """The lock is broken for the heart until it has recovered."""
    arrived: bool = False
    """The heart has reached its target once: the cautious start is over."""

    def to_json(self) -> dict[str, Any]:
        whole = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**whole, "gait": self.gait.to_json(), "observer": asdict(self.observer)}

    @classmethod
    def from_json(cls, whole: dict[str, Any]) -> Self:
        """Raises KeyError or TypeError for what is not a state."""
        observer = whole["observer"]
        return cls(
            **{
                **whole,
                "gait": GaitModel.from_json(whole["gait"]),
                "observer": HeartObserver(
                    tuple(Hypothesis(**each) for each in observer["hypotheses"]),
                    observer["dead_time_s"],
                    tuple((ago_s, mps) for ago_s, mps in observer["past"]),
                    observer["residual_bpm"],
                ),
            }
        )
