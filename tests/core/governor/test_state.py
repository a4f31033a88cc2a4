"""What is read from the telemetry of a tick."""

import math

from beatrunner.core.governor import Telemetry
from beatrunner.core.governor.state import measured, measured_incline
from tests.core.governor.belts import Ride


def test_i8_what_is_not_fresh_is_not_measured() -> None:
    fresh = Telemetry(8.0, 2.0, 3.0)
    tick = Ride().now(telemetry=fresh)
    assert (measured(tick), measured_incline(tick)) == (8.0, 2.0)
    for change in (
        {"telemetry": None},
        {"telemetry": Telemetry(8.0, 2.0, 3.25)},
        {"telemetry": fresh, "bluetooth_up": False},
    ):
        tick = Ride().now(**change)
        assert measured(tick) is None
        assert measured_incline(tick) is None


def test_i8_a_slope_that_is_no_number_is_not_measured() -> None:
    for untold_pct in (None, math.nan, math.inf):
        tick = Ride().now(telemetry=Telemetry(8.0, untold_pct, 0.0))
        assert measured(tick) == 8.0
        assert measured_incline(tick) is None
