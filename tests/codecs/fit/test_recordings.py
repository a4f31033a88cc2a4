"""Sessions, chains, sports, pauses, laps, totals, time zones, devices."""

from __future__ import annotations

from datetime import timedelta

import pytest

from beatrunner.codecs.fit import read_fit
from beatrunner.core.recording import DeviceTotals, Lap, RepairCode
from beatrunner.core.sports import SPORTS
from tests.codecs.fit.odd_files import (
    ACTIVITY,
    DEVICE_INFO,
    ENUM,
    EPOCH,
    EVENT,
    FILE_ID,
    LAP,
    NOON,
    RECORD,
    SESSION,
    SPORT,
    STRING,
    TIMESTAMP,
    UINT8,
    UINT16,
    UINT32,
    OddFile,
    activity,
)

STARTED_AT = EPOCH + timedelta(seconds=NOON)
START, STOP, STOP_ALL, STOP_DISABLE_ALL = 0, 1, 4, 9


def with_timer_events(*events: tuple[int, int]) -> bytes:
    """A file whose timer events are (seconds since NOON, event type)."""
    file = activity().records(*range(100, 160))
    file.define(2, EVENT, (TIMESTAMP, UINT32), (0, ENUM), (1, ENUM))
    for second, event_type in events:
        file.data(2, NOON + second, 0, event_type)
    return file.build()


@pytest.mark.parametrize(
    ("sport", "sub_sport", "name", "is_indoor"),
    [
        (1, 0, "run", False),
        (1, 2, "run", False),
        (1, 0xFF, "run", False),
        (1, 1, "treadmill_run", True),
        (1, 45, "treadmill_run", True),
        (4, 1, "treadmill_run", True),
        (4, 15, "other", True),
        (1, 3, "trail_run", False),
        (1, 4, "track_run", False),
        (1, 58, "virtual_run", True),
        (2, 7, "ride", False),
        (2, 6, "indoor_ride", True),
        (5, 17, "swim", True),
        (11, 0, "walk", False),
        (17, 0, "hike", False),
        (10, 20, "strength", True),
        (3, 0, "other", False),
        (0xFF, 0xFF, "other", False),
    ],
)
def test_sports(sport: int, sub_sport: int, name: str, is_indoor: bool) -> None:
    file = OddFile().file_id().session(sport=sport, sub_sport=sub_sport).records(120)
    (recording,) = read_fit(file.build())
    assert (recording.sport, recording.is_indoor) == (name, is_indoor)
    assert recording.is_sport_guessed == (name == "other")
    assert recording.sport in SPORTS


def test_times_count_from_the_start_of_the_session() -> None:
    file = activity().records(120, 121, start=NOON + 3)
    (recording,) = read_fit(file.build())
    assert recording.started_at == STARTED_AT
    assert recording.sample_s.tolist() == [3, 4]


def test_start_that_was_written_before_the_clock_was_set_is_not_believed() -> None:
    file = OddFile().file_id().session(start=1000).records(120, 121)
    (recording,) = read_fit(file.build())
    assert recording.started_at == STARTED_AT
    assert recording.sample_s.tolist() == [0, 1]


def test_session_that_starts_behind_its_first_record() -> None:
    (recording,) = read_fit(activity().records(120, 121, start=NOON - 2).build())
    assert recording.started_at == STARTED_AT - timedelta(seconds=2)
    assert recording.sample_s.tolist() == [0, 1]


@pytest.mark.parametrize("has_session", [True, False])
def test_a_clock_not_yet_set_is_not_when_the_run_began(*, has_session: bool) -> None:
    file = activity() if has_session else OddFile().file_id()
    file.records(120, start=1000).records(121, 122, 123)
    (recording,) = read_fit(file.build())
    assert recording.started_at == STARTED_AT
    assert recording.sample_s.tolist() == [1000 - NOON, 0, 1, 2]


def test_halves_in_the_wrong_order_are_one_run() -> None:
    file = OddFile().file_id().records(122, 123, start=NOON + 2).records(120, 121)
    (recording,) = read_fit(file.build())
    assert recording.started_at == STARTED_AT
    assert recording.sample_s.tolist() == [2, 3, 0, 1]


def test_times_are_left_as_the_device_wrote_them() -> None:
    file = activity().records(120, 121)
    for second in (1, 0, 400):
        file.data(1, NOON + second, 122)
    (recording,) = read_fit(file.build())
    assert recording.sample_s.tolist() == [0, 1, 1, 0, 400]


def test_pauses_are_between_stop_and_start() -> None:
    data = with_timer_events(
        *((0, START), (10, STOP_ALL), (24, START), (30, STOP), (330, START)),
        (350, STOP_DISABLE_ALL),
    )
    (recording,) = read_fit(data)
    assert recording.pauses == ((10, 24), (30, 330))


def test_pause_lasts_from_the_first_of_several_stops() -> None:
    (recording,) = read_fit(with_timer_events((10, STOP), (12, STOP_ALL), (20, START)))
    assert recording.pauses == ((10, 20),)


def test_negative_pauses_are_dropped() -> None:
    (recording,) = read_fit(with_timer_events((20, STOP), (15, START), (30, STOP), (40, START)))
    assert recording.pauses == ((30, 40),)
    assert [repair.code for repair in recording.repairs] == [RepairCode.TIME_BACKWARDS]


def test_timer_events_without_a_time_are_passed_over() -> None:
    file = activity().records(120, 121)
    file.define(2, EVENT, (TIMESTAMP, UINT32), (0, ENUM), (1, ENUM))
    file.data(2, 0xFFFFFFFF, 0, STOP).data(2, NOON + 1, 0, STOP).data(2, NOON + 9, 0, START)
    (recording,) = read_fit(file.build())
    assert recording.pauses == ((1, 9),)


def test_events_of_other_kinds_are_no_pauses() -> None:
    file = activity().records(120, 121)
    file.define(2, EVENT, (TIMESTAMP, UINT32), (0, ENUM), (1, ENUM))
    file.data(2, NOON, 36, STOP).data(2, NOON + 1, 36, START)
    (recording,) = read_fit(file.build())
    assert recording.pauses == ()


def test_laps() -> None:
    file = activity().records(120)
    file.define(2, LAP, (TIMESTAMP, UINT32), (2, UINT32), (7, UINT32), (9, UINT32))
    file.data(2, NOON + 31, NOON, 30_500, 10_000)
    file.data(2, NOON + 60, NOON + 31, 0xFFFFFFFF, 0xFFFFFFFF)
    file.data(2, NOON + 60, 0xFFFFFFFF, 1000, 1000)
    (recording,) = read_fit(file.build())
    assert recording.laps == (Lap(0, 30.5, 100.0), Lap(31, 60, None))


def test_totals() -> None:
    file = OddFile().file_id().records(120)
    fields = (2, UINT32), (5, ENUM), (7, UINT32), (8, UINT32), (9, UINT32), (22, UINT16)
    file.define(2, SESSION, (TIMESTAMP, UINT32), *fields, (23, UINT16))
    file.data(2, NOON + 60, NOON, 1, 3_764_000, 3_098_000, 1_063_037, 12, 0xFFFF)
    (recording,) = read_fit(file.build())
    assert recording.totals == DeviceTotals(10630.37, 3098.0, 3764.0, 12.0, None)


@pytest.mark.parametrize(
    ("local", "offset_s"),
    [
        (7200, 7200),
        (-14400, -14400),
        (20_700, 20_700),
        (3598, 3600),
        (0, 0),
        (400_000, None),
    ],
)
def test_local_time_of_the_activity(local: int, offset_s: int | None) -> None:
    file = activity().records(120).define(2, ACTIVITY, (TIMESTAMP, UINT32), (5, UINT32))
    (recording,) = read_fit(file.data(2, NOON, NOON + local).build())
    assert recording.utc_offset_s == offset_s


@pytest.mark.parametrize(
    ("manufacturer", "product", "product_name", "device_name"),
    [
        (1, 3113, b"", "Garmin Forerunner 945"),
        (1, 65_000, b"", "Garmin"),
        (23, 35, b"Suunto 9", "Suunto 9"),
        (294, 841, b"APEX Pro", "COROS APEX Pro"),
        (4000, 1, b"Strange Watch", "Strange Watch"),
        (4000, 1, b"\xff\xfe\x01", "\ufffd\ufffd"),
        (4000, 1, b"", None),
    ],
)
def test_device_names(
    manufacturer: int, product: int, product_name: bytes, device_name: str | None
) -> None:
    file = OddFile().define(0, FILE_ID, (0, ENUM), (1, UINT16), (2, UINT16), (8, STRING, 20))
    file.data(0, 4, manufacturer, product, product_name).session().records(120)
    (recording,) = read_fit(file.build())
    assert recording.device_name == device_name


def test_device_name_from_the_device_info() -> None:
    file = activity().records(120).define(2, DEVICE_INFO, (27, STRING, 8)).data(2, b"Edge")
    (recording,) = read_fit(file.build())
    assert recording.device_name == "Garmin Edge"


def test_sport_of_the_first_lap_serves_where_nothing_else_does() -> None:
    file = OddFile().file_id().records(120)
    file.define(2, LAP, (25, ENUM), (39, ENUM)).data(2, 1, 1).data(2, 2, 0)
    (recording,) = read_fit(file.build())
    assert recording.sport == "treadmill_run"


def test_file_without_a_session_is_read_by_what_is_known() -> None:
    file = OddFile().file_id().define(2, SPORT, (0, ENUM), (1, ENUM)).data(2, 1, 3)
    (recording,) = read_fit(file.records(120, 121).build())
    assert recording.sport == "trail_run"
    assert recording.started_at == STARTED_AT
    assert recording.totals == DeviceTotals()
    assert [repair.code for repair in recording.repairs] == [RepairCode.NO_SUMMARY]


def test_sessions_of_a_multisport_file_are_recordings() -> None:
    file = OddFile().file_id().records(*range(100, 130))
    file.session(NOON + 20, 10, sport=1).session(NOON + 12, 8, sport=3).session(NOON, 12, sport=2)
    file.define(2, EVENT, (TIMESTAMP, UINT32), (0, ENUM), (1, ENUM))
    file.data(2, NOON + 22, 0, STOP).data(2, NOON + 25, 0, START)
    file.define(3, LAP, (TIMESTAMP, UINT32), (2, UINT32)).data(3, NOON + 12, NOON)
    ride, transition, run = read_fit(file.build())
    assert [r.sport for r in (ride, transition, run)] == ["ride", "other", "run"]
    assert [len(r.sample_s) for r in (ride, transition, run)] == [12, 8, 10]
    assert run.started_at == STARTED_AT + timedelta(seconds=20)
    assert run.sample_s[0] == 0
    assert run.pauses == ((2, 5),)
    assert ride.pauses == ()
    assert ride.laps == (Lap(0, 12),)
    assert run.laps == ()


def test_sessions_without_records_are_left_out() -> None:
    file = OddFile().file_id().records(120, 121).session(NOON, 5).session(NOON + 500, 5)
    (recording,) = read_fit(file.build())
    assert len(recording.sample_s) == 2


def test_chained_files_are_recordings_of_their_own() -> None:
    later = OddFile().file_id().session(NOON + 5000).records(130, start=NOON + 5000)
    first, second = read_fit(activity().records(120, 121).build() + later.build())
    assert first.columns["heart_rate_bpm"].tolist() == [120, 121]
    assert second.columns["heart_rate_bpm"].tolist() == [130]
    assert second.started_at == STARTED_AT + timedelta(seconds=5000)


def test_chained_part_without_a_file_id_continues_the_one_before() -> None:
    rest = OddFile().records(122, 123, start=NOON + 2)
    (recording,) = read_fit(activity().records(120, 121).build() + rest.build())
    assert recording.sample_s.tolist() == [0, 1, 2, 3]
    assert recording.columns["heart_rate_bpm"].tolist() == [120, 121, 122, 123]


def test_settings_chained_to_an_activity_are_passed_over() -> None:
    settings = OddFile().file_id(file_type=2).define(1, RECORD, (TIMESTAMP, UINT32), (3, UINT8))
    chained = settings.build() + activity().records(120).build() + settings.build()
    (recording,) = read_fit(chained)
    assert len(recording.sample_s) == 1
    assert recording.repairs == ()


def test_damage_of_passed_over_settings_is_told_all_the_same() -> None:
    settings = OddFile().file_id(file_type=2)
    (recording,) = read_fit(activity().records(120).build() + settings.build(checksum=1))
    assert [repair.code for repair in recording.repairs] == [RepairCode.BAD_CHECKSUM]
