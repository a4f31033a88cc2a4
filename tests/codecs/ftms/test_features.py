"""What machines claim to be able to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.ftms.features import (
    FitnessMachineFeature,
    FitnessMachineFeatures,
    TargetSettingFeatures,
    decode_fitness_machine_feature,
    encode_fitness_machine_feature,
)
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates

BITS = st.integers(0, (1 << 17) - 1)
RUNNING = (
    FitnessMachineFeatures.AVERAGE_SPEED
    | FitnessMachineFeatures.TOTAL_DISTANCE
    | FitnessMachineFeatures.INCLINATION
    | FitnessMachineFeatures.EXPENDED_ENERGY
    | FitnessMachineFeatures.ELAPSED_TIME
)
MOVING = TargetSettingFeatures.SPEED | TargetSettingFeatures.INCLINATION


def test_a_virtual_treadmill_claims() -> None:
    packet = bytes.fromhex("0d12000003000000")
    decoded = decode_fitness_machine_feature(packet)
    assert decoded == FitnessMachineFeature(RUNNING, MOVING)
    assert decoded.oddities == ()
    assert encode_fitness_machine_feature(decoded) == packet


@pytest.mark.parametrize("kinds", [FitnessMachineFeatures, TargetSettingFeatures])
def test_bits_0_to_16_have_names(
    kinds: type[FitnessMachineFeatures] | type[TargetSettingFeatures],
) -> None:
    assert sorted(kinds) == [1 << bit for bit in range(17)]


def test_claims_that_other_machines_share_have_their_bits() -> None:
    features = FitnessMachineFeatures.HEART_RATE_MEASUREMENT | FitnessMachineFeatures.PACE
    targets = TargetSettingFeatures.HEART_RATE | TargetSettingFeatures.CADENCE
    packet = encode_fitness_machine_feature(FitnessMachineFeature(features, targets))
    assert packet.hex() == "2004000010000100"


@pytest.mark.parametrize(
    ("packet", "expected", "oddity"),
    [
        ("0d12008003000080", FitnessMachineFeature(RUNNING, MOVING), Oddity.RESERVED_BITS),
        ("0d1200000300000000", FitnessMachineFeature(RUNNING, MOVING), Oddity.STRAY_BYTES),
        (
            "0d1200000300",
            FitnessMachineFeature(RUNNING, TargetSettingFeatures(0)),
            Oddity.TOO_SHORT,
        ),
    ],
)
def test_odd_claims_are_read(packet: str, expected: FitnessMachineFeature, oddity: Oddity) -> None:
    decoded = decode_fitness_machine_feature(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == (oddity,)


def test_half_a_claim_is_none() -> None:
    with pytest.raises(PacketError):
        decode_fitness_machine_feature(b"\x0d\x12\x00")


@given(
    st.builds(
        FitnessMachineFeature, BITS.map(FitnessMachineFeatures), BITS.map(TargetSettingFeatures)
    )
)
def test_claims_come_back(feature: FitnessMachineFeature) -> None:
    decoded = decode_fitness_machine_feature(encode_fitness_machine_feature(feature))
    assert decoded == feature
    assert decoded.oddities == ()


@given(PACKETS)
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_fitness_machine_feature, encode_fitness_machine_feature, packet)
