from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.fit import read_fit, write_fit
from beatrunner.codecs.gpx import read_gpx, write_gpx
from beatrunner.codecs.run_export import (
    ExportedRun,
    SongSpan,
    raw_of,
    write_geojson,
    write_seconds,
    write_songs,
)
from beatrunner.core.recording import DeviceTotals, RawRecording, Samples, Streams

STARTED_AT = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
NAN = float("nan")


def span(start_s: int, end_s: int, title: str | None, artist: str | None = "Artist") -> SongSpan:
    return SongSpan(
        start_s,
        end_s,
        1.0,
        title,
        artist if title is not None else None,
        None,
        172.0,
        float(end_s - start_s),
        30.0,
        3.014,
        3.1,
        151.0,
        171.0,
        0.5,
        88.0,
    )


def exported(columns: dict[str, list[float]], *spans: SongSpan, name: str = "Run") -> ExportedRun:
    arrays = {key: np.array(values, float) for key, values in columns.items()}
    length_s = len(next(iter(arrays.values())))
    streams = Streams(length_s, arrays, np.ones(length_s, bool))
    sample_s, known = raw_of(streams)
    raw = RawRecording(
        sport="run",
        started_at=STARTED_AT,
        sample_s=sample_s,
        columns=known,
        totals=DeviceTotals(distance_m=12.3),
        name=name,
    )
    return ExportedRun(raw, streams, spans)


WAY = {
    "latitude": [48.1, 48.1001, 48.1002, NAN, 48.1004, 48.1005],
    "longitude": [-11.5, -11.5001, -11.5002, NAN, -11.5004, -11.5005],
    "altitude_m": [500, 501, 502, 503, NAN, 505],
    "heart_rate_bpm": [120, 121, NAN, 123, 124, 125],
}


def features(run: ExportedRun) -> list[dict[str, Any]]:
    found = json.loads(write_geojson(run))
    assert found["type"] == "FeatureCollection"
    listed: list[dict[str, Any]] = found["features"]
    assert all(one["type"] == "Feature" and one.keys() >= {"properties"} for one in listed)
    return listed


def rows(pieces: Iterable[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces).removeprefix("\ufeff"))))


def test_geojson_has_the_way_and_each_song() -> None:
    way, first, second, nowhere = features(
        exported(
            WAY,
            span(0, 2, "First"),
            span(2, 3, None),
            span(2, 6, "Second"),
            span(3, 4, "Nowhere"),
        )
    )
    assert way["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [
            [[-11.5, 48.1, 500], [-11.5001, 48.1001, 501], [-11.5002, 48.1002, 502]],
            [[-11.5004, 48.1004], [-11.5005, 48.1005]],
        ],
    }
    assert way["properties"]["distance_m"] == 12.3
    assert first["geometry"]["type"] == "LineString"
    # To where the next song began.
    assert len(first["geometry"]["coordinates"]) == 3
    assert first["properties"] | {"title": "First", "speed_mps": 3.01} == first["properties"]
    assert second["properties"]["started_at"] == "2026-03-01T06:30:02.000Z"
    assert second["geometry"]["type"] == "LineString"
    assert nowhere["geometry"] is None


def test_geojson_of_a_treadmill_has_songs_without_a_way() -> None:
    way, song = features(exported({"speed_mps": [3.0, 3.1]}, span(0, 2, "Song")))
    assert way["geometry"] is None
    assert song["geometry"] is None


def test_each_second_is_a_row_with_its_song() -> None:
    run = exported(WAY, span(0, 2, "=1+1", '"A", B'), span(2, 6, None))
    table = rows(write_seconds(run))
    assert len(table) == 6
    assert table[0] == {
        "elapsed_s": "0",
        "time_utc": "2026-03-01T06:30:00.000Z",
        "latitude_deg": "48.100000",
        "longitude_deg": "-11.500000",
        "altitude_m": "500.0",
        "heart_rate_bpm": "120",
        "is_moving": "1",
        "title": "'=1+1",
        "artist": '"A", B',
    }
    assert table[3]["latitude_deg"] == ""
    assert table[3]["title"] == ""


def test_the_soundtrack_as_a_table() -> None:
    first, silence = rows(write_songs(exported(WAY, span(0, 2, "@x"), span(2, 6, None))))
    assert first["started_at_utc"] == "2026-03-01T06:30:00.000Z"
    assert (first["title"], first["speed_mps"], first["album"]) == ("'@x", "3.01", "")
    assert (silence["start_s"], silence["title"]) == ("2", "")


def _column(low: float, high: float, digits: int) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda value: round(value, digits))


SECONDS = st.lists(
    st.fixed_dictionaries(
        {
            "latitude": _column(40, 41, 6),
            "longitude": _column(10, 11, 6),
            "altitude_m": _column(-100, 4000, 1) | st.just(NAN),
            "distance_m": _column(0, 9000, 1),
            "speed_mps": _column(0, 9, 2) | st.just(NAN),
            "heart_rate_bpm": st.integers(40, 220).map(float) | st.just(NAN),
            "cadence_spm": st.integers(60, 100).map(lambda half: half * 2.0) | st.just(NAN),
        }
    ),
    min_size=2,
    max_size=12,
)


def _assert_near(found: Samples, wanted: Samples, step: float) -> None:
    np.testing.assert_allclose(found, wanted, rtol=0, atol=step / 2 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(SECONDS)
def test_gpx_and_fit_come_back_as_the_same_streams(seconds: list[dict[str, float]]) -> None:
    """Within what each form keeps: FIT a fifth of a metre of altitude, GPX all but distance."""
    raw = exported({name: [one[name] for one in seconds] for name in seconds[0]}).raw
    (fit,) = read_fit(write_fit(raw))
    (gpx,) = read_gpx(write_gpx(raw))
    steps = {"altitude_m": 0.2, "latitude": 1e-6, "longitude": 1e-6, "cadence_spm": 0.02}
    for name, wanted in raw.columns.items():
        _assert_near(fit.columns[name], wanted, steps.get(name, 0.01))
        if name != "distance_m":
            _assert_near(gpx.columns[name], wanted, 0.01 if name != "cadence_spm" else 2.0)
    for found in (fit, gpx):
        assert found.started_at == raw.started_at
        np.testing.assert_array_equal(found.sample_s, raw.sample_s)


def test_seconds_of_which_nothing_is_known_are_no_samples() -> None:
    raw = exported({"speed_mps": [NAN, 3.0, NAN], "heart_rate_bpm": [NAN, NAN, NAN]}).raw
    assert raw.sample_s.tolist() == [1.0]
    assert raw.columns.keys() == {"speed_mps"}


def test_a_run_without_a_way_is_no_gpx() -> None:
    with pytest.raises(ValueError, match="positions"):
        write_gpx(replace(exported({"speed_mps": [3.0]}).raw))
