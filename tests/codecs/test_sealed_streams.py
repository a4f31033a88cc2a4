"""Sealed streams: exact to half a step, small, and never wrong without saying so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.sealed_streams import GROUPS, STEPS_PER_UNIT, quantise, seal, unseal
from beatrunner.core.recording import COLUMNS, Samples

cells = st.floats(-1e6, 1e6) | st.just(math.nan)
names = st.sampled_from(sorted(STEPS_PER_UNIT))


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Samples]:
    length = draw(st.integers(0, 40))
    chosen = draw(st.lists(names, unique=True, max_size=4))
    column = st.lists(cells, min_size=length, max_size=length)
    return {name: np.array(draw(column), dtype=float) for name in chosen}


def noisy_hour() -> dict[str, Samples]:
    """An hour on hilly streets with a noisy receiver and a pulse that wanders."""
    random = np.random.default_rng(7)
    second = np.arange(3600)
    speed = 2.9 + 0.3 * np.sin(second / 140) + random.normal(0, 0.08, 3600)
    heading = np.cumsum(random.normal(0, 0.03, 3600))
    altitude = 120 + 25 * np.sin(second / 400) + np.cumsum(random.normal(0, 0.05, 3600))
    grade = 6 * np.cos(second / 400) + random.normal(0, 0.3, 3600)
    jitter = random.normal(0, 3e-6, (2, 3600))
    return {
        "latitude": 50.1 + np.cumsum(speed * np.cos(heading)) / 111_000 + jitter[0],
        "longitude": 8.6 + np.cumsum(speed * np.sin(heading)) / 71_000 + jitter[1],
        "distance_m": np.cumsum(speed),
        "altitude_m": altitude,
        "speed_mps": speed,
        "heart_rate_bpm": 150 + 10 * np.sin(second / 300) + random.normal(0, 0.8, 3600),
        "cadence_spm": 168 + 2 * np.round(random.normal(0, 1, 3600)),
        "grade_pct": grade,
        "grade_adjusted_speed_mps": speed * (1 + grade / 40),
    }


@given(tables())
def test_round_trip_is_exact_to_half_a_step(columns: dict[str, Samples]) -> None:
    again = unseal(seal(columns))
    assert list(again) == list(columns)
    for name, samples in columns.items():
        half_step = 0.5 / STEPS_PER_UNIT[name]
        np.testing.assert_array_equal(np.isnan(again[name]), np.isnan(samples))
        np.testing.assert_allclose(again[name], samples, rtol=1e-14, atol=half_step * 1.000001)


@given(tables())
def test_sealing_what_was_unsealed_changes_nothing(columns: dict[str, Samples]) -> None:
    once = seal(columns)
    assert seal(unseal(once)) == once


@given(names, st.lists(cells, max_size=40))
def test_quantised_deltas_follow_the_contract(name: str, values: list[float]) -> None:
    scale, deltas = quantise(name, np.array(values, dtype=float))
    total = 0
    for value, delta in zip(values, deltas, strict=True):
        if delta is None:
            assert math.isnan(value)
        else:
            total += delta
            assert total * scale == pytest.approx(value, rel=1e-12, abs=scale * 0.500001)


def test_infinity_is_a_gap() -> None:
    samples = np.array([1.0, math.inf, 2.0])
    assert quantise("distance_m", samples) == (0.1, [10, None, 10])
    np.testing.assert_array_equal(
        unseal(seal({"distance_m": samples}))["distance_m"], [1.0, math.nan, 2.0]
    )


def test_a_noisy_hour_seals_to_twenty_kilobytes() -> None:
    columns = noisy_hour()
    sizes = {
        group: len(seal({name: columns[name] for name in members if name in columns}))
        for group, members in GROUPS.items()
    }
    assert sum(sizes.values()) <= 20_000, sizes


def test_every_column_has_one_group_and_a_step() -> None:
    grouped = [name for members in GROUPS.values() for name in members]
    assert sorted(grouped) == sorted(STEPS_PER_UNIT)
    assert set(COLUMNS) <= set(grouped)


def test_unknown_columns_unequal_lengths_and_huge_values_are_refused() -> None:
    with pytest.raises(ValueError, match="no step"):
        seal({"mood": np.zeros(3)})
    with pytest.raises(ValueError, match="differ in length"):
        seal({"latitude": np.zeros(3), "longitude": np.zeros(4)})
    with pytest.raises(ValueError, match="too large"):
        seal({"latitude": np.array([1e12])})


@given(tables().filter(bool), st.data())
def test_a_damaged_blob_is_a_value_error(columns: dict[str, Samples], data: st.DataObject) -> None:
    blob = bytearray(seal(columns))
    at = data.draw(st.integers(0, len(blob) - 1))
    if data.draw(st.booleans()):
        del blob[at:]
    else:
        blob[at] ^= data.draw(st.integers(1, 255))
    try:
        again = unseal(bytes(blob))
    except ValueError:
        return
    # Only bits that carry no meaning may change unnoticed.
    assert seal(again) == seal(columns)


@given(st.binary(max_size=200))
def test_noise_is_a_value_error(noise: bytes) -> None:
    with pytest.raises(ValueError, match="sealed stream"):
        unseal(b"BRS\x01" + noise)
    with pytest.raises(ValueError, match="sealed stream"):
        unseal(noise)
