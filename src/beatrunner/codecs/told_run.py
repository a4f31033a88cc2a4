"""What a service knows of a run that its file does not say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToldRun:
    """The runner's own words, where they gave any; `sport` is one of `core.sports.SPORTS`."""

    name: str | None
    description: str | None
    gear: str | None
    sport: str | None
