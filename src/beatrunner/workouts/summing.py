"""The figures of a workout that its activity does not have: energy, zones, time in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beatrunner.core.energy import kcal_per_min, treadmill_vo2
from beatrunner.core.heart import Runner, Zone, zone_at
from beatrunner.core.span_figures import IN_STEP_PCT
from beatrunner.core.summary import Summary
from beatrunner.db.types import AnyRow

#: A second may stand for so many when the ones after it are missing.
_LONGEST_S = 5.0
_MOVING_MPS = 0.15


def summed_up(
    summary: Summary, rows: Sequence[AnyRow], runner: Runner, zones: tuple[Zone, ...]
) -> dict[str, Any]:
    """As `workouts.shapes.Summary` tells it. `rows` are the seconds in their order, not none."""
    zone_s = [0.0] * len(zones)
    kcal = low_kcal = high_kcal = ascent_m = beat_s = in_step_s = 0.0
    ends_s = [row.elapsed_s for row in rows[1:]] + [rows[-1].elapsed_s + 1.0]
    for row, end_s in zip(rows, ends_s, strict=True):
        lasted_s = min(max(end_s - row.elapsed_s, 0.0), _LONGEST_S)
        speed_mps, grade_pct = row.speed_mps or 0.0, row.grade_pct or 0.0
        if row.heart_rate_bpm is not None:
            zone = zone_at(row.heart_rate_bpm, zones)
            if zone is not None:
                zone_s[zone - 1] += lasted_s
        if speed_mps < _MOVING_MPS:
            continue
        per_min = kcal_per_min(treadmill_vo2(speed_mps, grade_pct), runner.weight_kg)
        minutes = lasted_s / 60.0
        kcal += per_min.value * minutes
        low_kcal += per_min.low * minutes
        high_kcal += per_min.high * minutes
        ascent_m += max(speed_mps * grade_pct / 100.0, 0.0) * lasted_s
        if row.beat_spm is not None:
            beat_s += lasted_s
            if _is_in_step(row.cadence_spm, row.beat_spm):
                in_step_s += lasted_s
    return {
        "distance_m": summary.distance_m,
        "elapsed_s": summary.elapsed_s,
        "moving_s": summary.moving_s,
        "mean_heart_rate_bpm": summary.mean_heart_rate_bpm,
        "max_heart_rate_bpm": summary.max_heart_rate_bpm,
        "mean_cadence_spm": summary.mean_cadence_spm,
        "ascent_m": round(ascent_m, 1),
        "energy_kcal": {
            "value": round(kcal, 1),
            "low": round(low_kcal, 1),
            "high": round(high_kcal, 1),
        },
        "zone_s": [round(each, 1) for each in zone_s],
        "in_step_s": round(in_step_s, 1),
        "beat_s": round(beat_s, 1),
    }


def summary_without_heart_rate(summary: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **summary,
        "mean_heart_rate_bpm": None,
        "max_heart_rate_bpm": None,
        "zone_s": [0.0] * len(summary["zone_s"]),
    }


def _is_in_step(cadence_spm: float | None, beat_spm: float) -> bool:
    if cadence_spm is None:
        return False
    return abs(cadence_spm - beat_spm) <= beat_spm * IN_STEP_PCT / 100.0
