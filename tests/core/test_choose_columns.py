from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.core.choose_columns import Choice, Source, choose, put_together
from beatrunner.core.recording import RawRecording, RepairCode, Streams
from tests.outings import outing, recorded, recorded_run

TRUTH = outing(7)


def source(
    key: str,
    raw: RawRecording,
    *,
    provenance: str = "file",
    file_format: str = "fit",
    repairs: tuple[RepairCode, ...] = (),
) -> Source:
    return Source(key, recorded_run(raw), provenance, file_format, frozenset(repairs))


def together(*sources: Source) -> tuple[Choice, Streams]:
    choice = choose(sources)
    by_key = {each.key: each.streams for each in sources}
    columns = {
        key: {**streams.columns, "is_moving": streams.is_moving.astype(float)}
        for key, streams in by_key.items()
    }
    given = [(part, columns[key]) for key, part in choice.parts.items()]
    return choice, put_together(by_key[choice.leading].length_s, given)


def test_a_copy_gives_nothing() -> None:
    watch = source("a", recorded(TRUTH, 1))
    copy = source("b", recorded(TRUTH, 1, without=("heart_rate_bpm",)), file_format="gpx")
    choice, streams = together(copy, watch)
    assert (choice.leading, choice.parts["b"].columns) == ("a", ())
    assert streams.columns.keys() == watch.streams.columns.keys()
    for name, column in watch.streams.columns.items():
        np.testing.assert_array_equal(streams.columns[name], column)
    np.testing.assert_array_equal(streams.is_moving, watch.streams.is_moving)


def test_heart_rate_of_a_strap_on_another_device() -> None:
    phone = source("a", recorded(TRUTH, 1, without=("heart_rate_bpm", "cadence_spm")))
    strap = source(
        "b", recorded(TRUTH, 2, first=30, without=("latitude", "longitude", "altitude_m"))
    )
    choice, streams = together(phone, strap)
    assert choice.leading == "a"
    assert set(choice.parts["b"].columns) == {"heart_rate_bpm", "cadence_spm"}
    heart_rate_bpm = streams.columns["heart_rate_bpm"]
    assert np.isnan(heart_rate_bpm[:28]).all()
    np.testing.assert_allclose(heart_rate_bpm[40:], TRUTH.heart_rate_bpm[40:], atol=6)


def test_who_was_there_all_the_time_leads() -> None:
    rich = source("a", recorded(TRUTH, 1, end=900))
    whole = source("b", recorded(TRUTH, 2, without=("heart_rate_bpm",)), file_format="gpx")
    choice, streams = together(rich, whole)
    assert (choice.leading, streams.length_s) == ("b", 1500)
    assert choice.giver("heart_rate_bpm") == "a"
    assert np.isnan(streams.columns["heart_rate_bpm"][905:]).all()


def test_of_equals_the_device_that_measured_the_distance_leads() -> None:
    of_path = source("a", recorded(TRUTH, 1), repairs=(RepairCode.DISTANCE_FROM_PATH,))
    measured = source("b", recorded(TRUTH, 2))
    assert choose([of_path, measured]).leading == "b"


def test_a_belt_leads_and_takes_no_place() -> None:
    belt = source("b", recorded(TRUTH, 1, is_indoor=True, without=("cadence_spm",)))
    belt = replace(belt, provenance="live")
    watch = source("a", recorded(TRUTH, 2))
    choice, streams = together(watch, belt)
    assert choice.leading == "b"
    assert set(choice.parts["a"].columns) == {"cadence_spm"}
    assert "latitude" not in streams.columns


def test_a_wrist_that_counted_steps_is_passed_over() -> None:
    watch = recorded(TRUTH, 1)
    watch.columns["heart_rate_bpm"][:] = watch.columns["cadence_spm"]
    phone = source("b", recorded(TRUTH, 2, without=("cadence_spm",)))
    choice, _ = together(source("a", watch), phone)
    assert (choice.leading, choice.giver("heart_rate_bpm")) == ("a", "b")


def test_altitude_of_a_barometer() -> None:
    satellites = source("a", recorded(TRUTH, 1, rough_m=2.0))
    barometer = source("b", recorded(TRUTH, 2, without=("cadence_spm",)))
    choice, streams = together(satellites, barometer)
    assert choice.leading == "a"
    assert choice.giver("altitude_m") == choice.giver("grade_pct") == "b"
    speed_mps, adjusted = (streams.columns[n] for n in ("speed_mps", "grade_adjusted_speed_mps"))
    assert (np.isfinite(adjusted) == np.isfinite(speed_mps + streams.columns["grade_pct"])).all()


def test_path_from_another_where_the_leading_one_has_none() -> None:
    pod = source("a", recorded(TRUTH, 1, without=("latitude", "longitude", "altitude_m")))
    phone = source("b", recorded(TRUTH, 2, end=1000))
    choice, streams = together(pod, phone)
    assert choice.leading == "a"
    assert {"latitude", "longitude", "altitude_m"} <= set(choice.parts["b"].columns)
    assert np.isfinite(streams.columns["latitude"]).sum() == pytest.approx(1000, abs=3)


COLUMNS = ("latitude", "heart_rate_bpm", "cadence_spm", "altitude_m")


@st.composite
def several(draw: st.DrawFn) -> list[Source]:
    sources = []
    for number in range(draw(st.integers(1, 4))):
        raw = recorded(
            TRUTH,
            draw(st.integers(0, 3)),
            first=draw(st.sampled_from([0, 15, 300])),
            end=draw(st.sampled_from([None, 1490, 1100])),
            without=tuple(draw(st.sets(st.sampled_from(COLUMNS)))),
            is_indoor=draw(st.booleans()),
        )
        provenance = draw(st.sampled_from(["file", "live", "strava_export"]))
        file_format = draw(st.sampled_from(["fit", "tcx", "gpx", "json"]))
        sources.append(source(str(number), raw, provenance=provenance, file_format=file_format))
    return sources


@settings(max_examples=12, deadline=None)
@given(several())
def test_the_order_does_not_matter_and_every_column_has_one_giver(sources: list[Source]) -> None:
    choice, streams = together(*sources)
    for order in (sources[::-1], sources[1:] + sources[:1]):
        other, again = together(*order)
        assert other == choice
        for name, column in streams.columns.items():
            np.testing.assert_array_equal(again.columns[name], column)
    given_columns = [name for part in choice.parts.values() for name in part.columns]
    assert len(given_columns) == len(set(given_columns))
    assert choice.giver("latitude") == choice.giver("longitude")
    leading = next(each for each in sources if each.key == choice.leading)
    assert set(leading.streams.columns) <= set(streams.columns)
    assert streams.length_s == leading.streams.length_s
    assert all(len(column) == streams.length_s for column in streams.columns.values())


@settings(max_examples=8, deadline=None)
@given(several())
def test_one_that_is_there_twice_changes_nothing(sources: list[Source]) -> None:
    _, streams = together(*sources)
    _, again = together(*sources, replace(sources[0], key="z"))
    assert streams.columns.keys() == again.columns.keys()
    for name, column in streams.columns.items():
        np.testing.assert_array_equal(again.columns[name], column)
