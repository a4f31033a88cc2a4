"""What a treadmill says of itself, and how far it is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.ble.machine import DISHONEST, MachineLimits, limits_of, with_measured
from beatrunner.ble.quirks import Quirks, QuirkTable, Row
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.gatt import assigned_uuid
from beatrunner.core.governor import Limits
from tests.ble.fake_radio import FakeMachine
from tests.ble.links import connected
from tests.ble.quick_time import run_quickly

SPEEDS = bytes.fromhex("6400d0070a00")
INCLINES = bytes.fromhex("000096000500")


def test_ranges_as_sent() -> None:
    assert limits_of(SPEEDS, INCLINES, Quirks()) == MachineLimits(1.0, 20.0, 0.1, 0.0, 15.0, 0.5)


def test_a_machine_that_says_nothing_gets_narrow_limits_and_no_incline() -> None:
    limits = limits_of(None, None, Quirks())
    assert limits == MachineLimits()
    assert (limits.min_incline_pct, limits.max_incline_pct) == (0, 0)
    assert limits.max_speed_kmh <= 12


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("6400", (1.0, 12.0, 0.1)),
        ("d00764000a00", (1.0, 12.0, 0.1)),  # The wrong way round.
        ("f401d0070a00", (1.0, 12.0, 0.1)),  # Nothing slower than 5 km/h.
        ("6400d0070000", (1.0, 20.0, 0.1)),  # A step of nothing.
        ("6400d007e803", (1.0, 20.0, 0.1)),  # A step of ten.
        ("0000ffff0a00", (0.1, 25.0, 0.1)),
        ("00004c040a00", (0.1, 11.0, 0.1)),
        ("0f004c043200", (0.5, 11.0, 0.5)),
        ("6400d007", (1.0, 20.0, 0.1)),
    ],
)
def test_speeds_are_believed_as_far_as_they_can_be_true(
    raw: str, expected: tuple[float, float, float]
) -> None:
    limits = limits_of(bytes.fromhex(raw), None, Quirks())
    assert (limits.min_speed_kmh, limits.max_speed_kmh, limits.speed_step_kmh) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ceff96000500", (-5.0, 15.0, 0.5)),
        ("9600ceff0500", (0.0, 0.0, 0.5)),
        ("0000ff7f0500", (0.0, 0.0, 0.5)),
        ("0a0096000500", (0.0, 15.0, 0.5)),
        ("000096000000", (0.0, 15.0, 0.5)),
        ("0000", (0.0, 0.0, 0.5)),
    ],
)
def test_inclines_are_too(raw: str, expected: tuple[float, float, float]) -> None:
    limits = limits_of(SPEEDS, bytes.fromhex(raw), Quirks())
    found = (limits.min_incline_pct, limits.max_incline_pct, limits.incline_step_pct)
    assert found == expected


def test_quirks_narrow_the_limits() -> None:
    quirks = Quirks(min_speed_kmh=1.5, max_speed_kmh=10.0, speed_step_kmh=0.5, incline_step_pct=1.0)
    assert limits_of(SPEEDS, INCLINES, quirks) == MachineLimits(1.5, 10.0, 0.5, 0.0, 15.0, 1.0)
    refused = limits_of(SPEEDS, INCLINES, Quirks(incline_refused="Not over Bluetooth."))
    assert refused.max_incline_pct == 0


@given(st.none() | st.binary(max_size=8), st.none() | st.binary(max_size=8))
def test_limits_are_always_some_that_the_governor_takes(
    speeds: bytes | None, inclines: bytes | None
) -> None:
    limits = limits_of(speeds, inclines, Quirks())
    bounds = limits.bounds
    governed = Limits(bounds, bounds, bounds, min_speed_kmh=limits.min_speed_kmh)
    assert 0 < governed.max_speed_kmh <= 25
    assert -40 <= governed.min_incline_pct <= 0 <= governed.max_incline_pct <= 40
    assert limits.uncalibrated.speed_step_kmh == limits.speed_step_kmh


def _measured(*, is_honest: bool = True) -> TreadmillCalibration:
    return TreadmillCalibration(
        "FAKE-1",
        None,
        MachineLimits(speed_step_kmh=0.5).uncalibrated,
        commands_in_mph=True,
        is_honest=is_honest,
    )


def test_what_was_measured_counts_more_than_the_table() -> None:
    known = Quirks(data_in_mph=True, pause_s=0.3)
    quirks = with_measured(known, _measured())
    assert quirks == Quirks(
        commands_in_mph=True, data_in_mph=False, speed_step_kmh=0.5, pause_s=0.3
    )
    assert with_measured(known, None) is known
    assert with_measured(known, _measured(is_honest=False)).speed_refused == DISHONEST


def test_a_connected_machine_says_who_it_is() -> None:
    machine = FakeMachine(
        values={
            uuids.SUPPORTED_SPEED_RANGE: SPEEDS,
            assigned_uuid(0x2A29): b"Acme\0",
        }
    )
    table = QuirkTable((Row(evidence="a test", manufacturers=("acme",), fields={"pause_s": 0.1}),))

    async def run() -> None:
        async with connected(
            machine, quirks=table, calibrations=lambda _address: _measured()
        ) as link:
            facts = link.machine
            assert facts
            assert (facts.name, facts.manufacturer) == ("FAKE-1", "Acme")
            assert facts.limits.max_speed_kmh == 20
            assert facts.quirks.pause_s == 0.1
            assert facts.control_refused is None
            assert facts.calibration == _measured().calibration

    run_quickly(run)


def test_a_machine_without_a_control_point_is_only_heard() -> None:
    machine = FakeMachine(absent={uuids.FITNESS_MACHINE_CONTROL_POINT})

    async def run() -> None:
        async with connected(machine) as link:
            assert link.machine
            assert "cannot be controlled" in (link.machine.control_refused or "")
            assert link.machine.calibration == link.machine.limits.uncalibrated

    run_quickly(run)
