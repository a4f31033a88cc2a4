"""A calibration as it is shared."""

from __future__ import annotations

from typing import Any

CALIBRATION: dict[str, Any] = {
    "form": "beatrunner-treadmill-calibration",
    "version": 1,
    "treadmill": "Belt",
    "manufacturer": None,
    "lag_s": 1.2,
    "ramp_up_kmh_s": 0.5,
    "ramp_down_kmh_s": 0.6,
    "overshoot_kmh": 0.2,
    "settle_s": 4.0,
    "speed_step_kmh": 0.1,
    "incline_step_pct": 0.5,
    "commands_in_mph": False,
    "data_in_mph": False,
    "is_honest": True,
    "starts_by_command": True,
    "echoes_targets": True,
}
