"""Nothing within the cut of a run's ends comes out, in whatever column, however it was run."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.core.align import Play, Span, align
from beatrunner.core.ascent import ascent_descent_m
from beatrunner.core.clip import clip, shown_spans
from beatrunner.core.hiding import CUT_M, SHIFT_M, hidden_circles
from beatrunner.core.path import EARTH_RADIUS_M, haversine_m
from beatrunner.core.recording import Samples, Streams

KEY = b"the runner's key"
RUN = b"a run"
HOME = (52.52, 13.405)


def streams_of(north_m: Samples, east_m: Samples, at: tuple[float, float] = HOME) -> Streams:
    """A path in metres from `at`; every other column tells its row, so that leaks are seen."""
    length_s = len(north_m)
    rows = np.arange(length_s, dtype=float)
    latitude = at[0] + np.degrees(north_m / EARTH_RADIUS_M)
    longitude = at[1] + np.degrees(east_m / EARTH_RADIUS_M / math.cos(math.radians(at[0])))
    steps_m = np.hypot(np.diff(north_m), np.diff(east_m))
    columns = {
        "latitude": latitude,
        "longitude": longitude,
        "distance_m": np.append(0.0, np.cumsum(np.nan_to_num(steps_m))),
        "altitude_m": 1000.0 + rows,
        "heart_rate_bpm": 100.0 + rows / 1e5,
        "cadence_spm": 160.0 + rows / 1e5,
    }
    return Streams(length_s, columns, np.ones(length_s, dtype=bool))


def straight(length_m: float) -> Streams:
    along_m = np.arange(0.0, length_m, 3.0)
    return streams_of(along_m, np.zeros_like(along_m))


def loop(radius_m: float, rounds: int = 1) -> Streams:
    angle = np.linspace(0.0, 2.0 * math.pi * rounds, int(2.0 * radius_m * rounds))
    return streams_of(radius_m * np.sin(angle), radius_m * (1.0 - np.cos(angle)))


@st.composite
def runs(draw: st.DrawFn) -> Streams:
    """Wandering about, with turns back, leaps and gaps, anywhere on Earth."""
    seed = draw(st.integers(0, 2**32 - 1))
    length_s = draw(st.integers(1, 1500))
    rng = np.random.default_rng(seed)
    heading = np.cumsum(rng.normal(0.0, draw(st.sampled_from([0.01, 0.1, 1.0])), length_s))
    step_m = rng.uniform(0.0, draw(st.sampled_from([1.0, 4.0, 20.0])), length_s)
    at = draw(st.tuples(st.floats(-84.0, 84.0), st.floats(-180.0, 180.0)))
    made = streams_of(np.cumsum(step_m * np.cos(heading)), np.cumsum(step_m * np.sin(heading)), at)
    is_gap = rng.random(length_s) < draw(st.sampled_from([0.0, 0.02, 0.5]))
    for name in ("latitude", "longitude"):
        made.columns[name][is_gap] = np.nan
    return made


def distances_m(streams: Streams, row: int) -> Samples:
    latitude, longitude = streams.columns["latitude"], streams.columns["longitude"]
    return haversine_m(latitude, longitude, latitude[row : row + 1], longitude[row : row + 1])


def known_rows(streams: Streams) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.isfinite(streams.columns["latitude"]))


def known_at(rows: range, also: tuple[range, ...] = ()) -> Streams:
    """Five kilometres of which only these seconds and both ends have a position."""
    streams = straight(5000.0)
    is_known = np.isin(np.arange(streams.length_s), [0, streams.length_s - 1, *rows])
    for more in also:
        is_known[more.start : more.stop] = True
    for name in ("latitude", "longitude"):
        streams.columns[name][~is_known] = np.nan
    return streams


def test_less_than_a_minute_is_nothing_to_show() -> None:
    shown = clip(known_at(range(800, 860)), (), KEY, RUN)
    assert shown is not None
    assert shown.source_rows.tolist() == list(range(800, 860))
    assert clip(known_at(range(800, 859)), (), KEY, RUN) is None


def test_pieces_of_less_than_ten_seconds_go() -> None:
    pieces = range(700, 710), range(720, 729)
    shown = clip(known_at(range(800, 900), pieces), (), KEY, RUN)
    assert shown is not None
    # The row between two pieces has the second before it.
    assert shown.source_rows.tolist() == [*range(700, 710), 709, *range(800, 900)]
    assert np.flatnonzero(~shown.streams.is_moving).tolist() == [10]
    for values in shown.streams.columns.values():
        assert np.flatnonzero(np.isnan(values)).tolist() == [10]
    assert shown.figures.elapsed_s == 110


def test_figures_are_put_together_from_the_pieces() -> None:
    streams = known_at(range(600, 700), (range(800, 900), range(1000, 1100)))
    columns = streams.columns
    columns["distance_m"][800:900] = np.nan
    columns["altitude_m"][800:900] = 1900.0 - 0.5 * np.arange(100)
    columns["heart_rate_bpm"][600:700], columns["heart_rate_bpm"][800:] = 120.0, np.nan
    columns["cadence_spm"][600:700], columns["cadence_spm"][800:] = 0.0, 170.0
    columns["cadence_spm"][1000:1100] = 1.0
    streams.is_moving[1050:1100] = False
    shown = clip(streams, (), KEY, RUN)
    assert shown is not None
    figures = shown.figures
    assert (figures.elapsed_s, figures.moving_s) == (300, 250)
    distance_m = shown.streams.columns["distance_m"]
    assert distance_m[[0, 99, 202, 301]].tolist() == [0.0, 297.0, 297.0, 594.0]
    assert figures.distance_m == 594.0
    assert figures.mean_speed_mps == 594.0 / 250
    pieces = (columns["altitude_m"][first : first + 100] for first in (600, 800, 1000))
    climbs = np.array([ascent_descent_m(piece) for piece in pieces])
    assert climbs[0, 0] > 50.0 < climbs[2, 0]
    assert climbs[1, 1] > 20.0
    assert (figures.ascent_m, figures.descent_m) == tuple(climbs.sum(axis=0))
    assert figures.mean_heart_rate_bpm == 120.0
    # Neither nought nor what was counted while standing.
    assert figures.mean_cadence_spm == pytest.approx((100 * 170.0 + 50 * 1.0) / 150)


def test_what_was_not_measured_has_no_figure() -> None:
    still = np.zeros(30, dtype=bool)
    nothing = np.full(30, np.nan)
    columns = {"distance_m": nothing, "heart_rate_bpm": nothing, "cadence_spm": nothing}
    for found in ({}, columns, {"distance_m": np.zeros(30)}):
        shown = clip(Streams(30, dict(found), still), (), KEY, RUN)
        assert shown is not None
        assert shown.figures.elapsed_s == 30
        assert shown.figures.moving_s == 0
        assert shown.figures.mean_speed_mps is None
        assert shown.figures.mean_heart_rate_bpm is None
        assert shown.figures.mean_cadence_spm is None
        assert shown.figures.distance_m == (0.0 if len(found) == 1 else None)
    moving = clip(Streams(5, {}, np.ones(5, dtype=bool)), (), KEY, RUN)
    assert moving is not None
    assert (moving.figures.moving_s, moving.figures.mean_speed_mps) == (5, None)


def test_a_song_is_whole_when_all_of_it_is_seen() -> None:
    rows = np.array([*range(100, 200), 199, *range(300, 400)])
    plays = [(0, 100), (0, 101), (100, 150), (150, 200), (150, 310), (320, 400), (399, 500)]
    spans = [Span(None, None, start_s, end_s, 0.0) for start_s, end_s in plays]
    seen = [(each.index, each.is_whole) for each in shown_spans(spans, rows)]
    assert seen == [(1, False), (2, True), (3, False), (4, False), (5, True), (6, False)]


def test_both_ends_of_a_straight_run_are_cut() -> None:
    streams = straight(5000.0)
    shown = clip(streams, (), KEY, RUN)
    assert shown is not None
    assert shown.is_clipped
    distance_m = shown.figures.distance_m or 0.0
    hidden_m = 2 * (CUT_M[1] + 2 * SHIFT_M[1])
    assert 5000.0 - hidden_m <= distance_m <= 5000.0 - 2 * CUT_M[0]
    assert shown.streams.columns["distance_m"][0] == 0.0


def test_the_cut_is_fixed_for_a_run_and_differs_between_runs() -> None:
    streams = straight(5000.0)
    assert hidden_circles(streams, (), KEY, RUN) == hidden_circles(streams, (), KEY, RUN)
    zones = [hidden_circles(streams, (), KEY, bytes([run]))[0] for run in range(50)]
    assert len({zone.cut_m for zone in zones}) == 50
    assert max(zone.cut_m for zone in zones) - min(zone.cut_m for zone in zones) > 100.0
    # The centre is of the place: many runs from one door do not average to the door.
    assert len({(zone.latitude, zone.longitude) for zone in zones}) == 1
    door = np.array([HOME[0]]), np.array([HOME[1]])
    away_m = haversine_m(*door, np.array([zones[0].latitude]), np.array([zones[0].longitude]))
    assert SHIFT_M[0] <= away_m[0] <= SHIFT_M[1] + 0.1


def test_who_has_another_key_knows_nothing() -> None:
    streams = straight(5000.0)
    assert hidden_circles(streams, (), KEY, RUN) != hidden_circles(streams, (), b"another", RUN)


def test_the_middle_that_comes_by_the_start_is_hidden() -> None:
    shown = clip(loop(600.0, rounds=3), (), KEY, RUN)
    assert shown is not None
    gaps = np.flatnonzero(np.isnan(shown.streams.columns["latitude"]))
    assert len(gaps) == 2  # one row each, however long it took
    assert not shown.streams.is_moving[gaps].any()


@pytest.mark.parametrize("streams", [straight(400.0), loop(60.0, rounds=10), straight(3.0)])
def test_of_a_run_about_the_house_nothing_is_left(streams: Streams) -> None:
    assert clip(streams, (), KEY, RUN) is None


def test_out_and_back_shows_the_far_half() -> None:
    out_m = np.arange(0.0, 3000.0, 3.0)
    there_and_back = np.concatenate([out_m, out_m[::-1]])
    shown = clip(streams_of(there_and_back, np.zeros_like(there_and_back)), (), KEY, RUN)
    assert shown is not None
    assert not np.isnan(shown.streams.columns["latitude"]).any()


def test_a_treadmill_hides_nothing() -> None:
    streams = straight(2000.0)
    indoors = Streams(
        streams.length_s,
        {name: streams.columns[name] for name in ("distance_m", "heart_rate_bpm")},
        streams.is_moving,
    )
    shown = clip(indoors, (), KEY, RUN)
    assert shown is not None
    assert not shown.is_clipped
    assert shown.streams.length_s == streams.length_s
    assert shown.figures.distance_m == streams.columns["distance_m"][-1]
    assert shown.figures.ascent_m is None


def test_no_seconds_are_no_run() -> None:
    assert clip(Streams(0, {}, np.zeros(0, dtype=bool)), (), KEY, RUN) is None


def test_seconds_without_a_position_stay_hidden() -> None:
    streams = straight(5000.0)
    for name in ("latitude", "longitude"):
        streams.columns[name][800:900] = np.nan
    shown = clip(streams, (), KEY, RUN)
    assert shown is not None
    assert not np.isin(shown.source_rows, np.arange(800, 900)).any()


def test_songs_keep_their_place_and_hidden_ones_go() -> None:
    streams = straight(5000.0)
    plays = [Play("first", 0.0, 20.0), Play("second", 20.0, 600.0), Play("third", 600.0, 1667.0)]
    spans = align(plays, streams.length_s, 0.0)
    shown = clip(streams, (), KEY, RUN)
    assert shown is not None
    second, third = shown_spans(spans, shown.source_rows)
    before, after = second.span, third.span
    assert (spans[second.index].track_key, spans[third.index].track_key) == ("second", "third")
    assert before.start_s == 0
    assert before.end_s == after.start_s
    assert shown.source_rows[after.start_s] == 600
    assert after.end_s == shown.streams.length_s


@settings(max_examples=150)
@given(streams=runs(), key=st.binary(max_size=32), run=st.binary(min_size=1, max_size=16))
def test_nothing_near_the_ends_comes_out(streams: Streams, key: bytes, run: bytes) -> None:
    shown = clip(streams, (), key, run)
    if shown is None:
        return
    known = known_rows(streams)
    if len(known) == 0:
        assert not shown.is_clipped
        return
    zones = hidden_circles(streams, (), key, run)
    ends = [int(known[0]), int(known[-1])]
    near = np.zeros(streams.length_s, dtype=bool)
    for end, zone in zip(ends, zones, strict=True):
        assert CUT_M[0] <= zone.cut_m < CUT_M[1]
        away_m = distances_m(streams, end)
        near |= ~(away_m > zone.cut_m - 1e-6)  # also where it is not known
        latitude, longitude = streams.columns["latitude"][end], streams.columns["longitude"][end]
        out_m = haversine_m(
            shown.streams.columns["latitude"],
            shown.streams.columns["longitude"],
            np.array([latitude]),
            np.array([longitude]),
        )
        assert not (out_m < zone.cut_m - 1e-6).any()
    # Every column tells its row: none of a hidden one is there, be it elevation or pulse.
    for name in ("altitude_m", "heart_rate_bpm", "cadence_spm"):
        values = shown.streams.columns[name]
        assert not np.isin(values[np.isfinite(values)], streams.columns[name][near]).any()
    for values in shown.streams.columns.values():
        assert len(values) == shown.streams.length_s


@settings(max_examples=80)
@given(streams=runs())
def test_figures_are_of_what_is_shown(streams: Streams) -> None:
    shown = clip(streams, (), KEY, RUN)
    if shown is None:
        return
    columns, figures = shown.streams.columns, shown.figures
    assert (
        figures.elapsed_s == np.isfinite(columns["altitude_m"]).sum() >= min(60, streams.length_s)
    )
    assert figures.moving_s == figures.elapsed_s
    # Of each step that is shown, and of no other.
    steps_m = [
        streams.columns["distance_m"][b] - streams.columns["distance_m"][a]
        for a, b in pairwise(shown.source_rows.tolist())
        if b == a + 1
    ]
    assert figures.distance_m == pytest.approx(sum(steps_m), abs=1e-6)
    assert figures.ascent_m is not None
    assert figures.ascent_m <= figures.elapsed_s


def nearest_guess_m(streams: list[Streams], key: bytes) -> float:
    """How far from the door somebody ends who has many cut runs of it, by the better of two
    ways: the circle on which they begin, after Kåsa (1976), and the mean of their beginnings.
    """
    points_m = []
    for number, each in enumerate(streams):
        shown = clip(each, (), key, number.to_bytes(4, "big"))
        assert shown is not None
        first = (shown.streams.columns[name][0] for name in ("latitude", "longitude"))
        points_m.append(np.radians(np.subtract(tuple(first), HOME)) * EARTH_RADIUS_M)
    found_m = np.array(points_m) * (1.0, math.cos(math.radians(HOME[0])))
    system = np.column_stack([found_m, np.ones(len(found_m))])
    fit, *_ = np.linalg.lstsq(system, (found_m**2).sum(axis=1), rcond=None)
    return min(math.hypot(*(fit[:2] / 2.0)), math.hypot(*found_m.mean(axis=0)))


def test_many_runs_do_not_lead_to_the_door() -> None:
    headings = np.linspace(0.0, 2.0 * math.pi, 50, endpoint=False)
    along_m = np.arange(0.0, 3000.0, 3.0)
    streams = [streams_of(along_m * math.cos(h), along_m * math.sin(h)) for h in headings]
    errors_m = [nearest_guess_m(streams, bytes([runner])) for runner in range(20)]
    assert min(errors_m) > 40.0
