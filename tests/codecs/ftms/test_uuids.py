"""The addresses of the characteristics."""

from __future__ import annotations

import pytest

from beatrunner.codecs.ftms import uuids


@pytest.mark.parametrize(
    ("uuid", "number"),
    [
        (uuids.FITNESS_MACHINE_SERVICE, "1826"),
        (uuids.FITNESS_MACHINE_FEATURE, "2acc"),
        (uuids.TREADMILL_DATA, "2acd"),
        (uuids.TRAINING_STATUS, "2ad3"),
        (uuids.SUPPORTED_SPEED_RANGE, "2ad4"),
        (uuids.SUPPORTED_INCLINATION_RANGE, "2ad5"),
        (uuids.SUPPORTED_HEART_RATE_RANGE, "2ad7"),
        (uuids.FITNESS_MACHINE_CONTROL_POINT, "2ad9"),
        (uuids.FITNESS_MACHINE_STATUS, "2ada"),
    ],
)
def test_uuids_are_those_of_the_specification(uuid: str, number: str) -> None:
    assert uuid == f"0000{number}-0000-1000-8000-00805f9b34fb"
