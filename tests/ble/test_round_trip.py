"""A command there and back, a few times; `./dev bench ble` takes thousands.

No time is judged here, where others share the machine: only that the measurement tells a slow
treadmill from a quick one.
"""

from __future__ import annotations

from statistics import median

from benchmarks.ble import GOAL_MS, compare, p95, slow_control


async def test_a_slow_treadmill_is_measured_slow() -> None:
    ours_ms, plain_ms = await compare(100)
    control_ms = await slow_control(10)
    assert p95(control_ms) > GOAL_MS
    assert median(ours_ms) < min(control_ms)
    assert median(plain_ms) < min(control_ms)
