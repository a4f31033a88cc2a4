from __future__ import annotations

import numpy as np

from beatrunner.core.drawn_path import MOST_POINTS, drawn_path
from beatrunner.core.recording import Samples, Streams

LENGTH_S = 600


def streams(**columns: Samples) -> Streams:
    speed_mps = columns.get("speed_mps", np.full(LENGTH_S, 3.0))
    return Streams(LENGTH_S, columns, speed_mps > 0.5)


def winding() -> dict[str, Samples]:
    s = np.arange(LENGTH_S, dtype=np.float64)
    return {"latitude": 52.0 + 1e-4 * np.sin(s / 20.0), "longitude": 13.0 + 4e-5 * s}


def test_points_lie_where_the_runner_was_at_their_seconds() -> None:
    columns = winding()
    columns["latitude"][100:160] = np.nan
    path = drawn_path(streams(**columns))
    assert path is not None
    assert len(path.seconds) == MOST_POINTS
    assert path.seconds[[0, -1]].tolist() == [0, LENGTH_S - 1]
    rows = path.seconds.astype(int)
    assert (np.diff(rows) > 0).all()
    assert not ((rows >= 100) & (rows < 160)).any()
    np.testing.assert_array_equal(path.latitudes, columns["latitude"][rows])
    np.testing.assert_array_equal(path.longitudes, columns["longitude"][rows])


def test_a_speed_is_the_mean_while_moving_up_to_its_point() -> None:
    speed_mps = np.full(LENGTH_S, 4.0)
    speed_mps[300:303] = 0.0
    speed_mps[500:] = np.nan
    path = drawn_path(streams(**winding(), speed_mps=speed_mps))
    assert path is not None
    assert np.isnan(path.speeds_mps[0])
    before = path.seconds[:-1]
    np.testing.assert_array_equal(path.speeds_mps[1:][before < 499], 4.0)
    assert np.isnan(path.speeds_mps[1:][before >= 500]).all()


def test_a_run_that_went_nowhere_has_no_path() -> None:
    still = np.full(LENGTH_S, 52.0)
    assert drawn_path(streams(speed_mps=np.full(LENGTH_S, 3.0))) is None
    assert drawn_path(streams(latitude=still, longitude=still + 1e-5)) is None
    assert drawn_path(streams(latitude=still * np.nan, longitude=still)) is None
