from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from beatrunner.activities.preparing import prepare_apple_workout
from beatrunner.codecs.apple_health import read_workout
from beatrunner.core.recording import RawRecording
from beatrunner.core.refusals import Refusal, UnreadableFileError

TIMES = 'startDate="2026-05-03T06:12:00Z" endDate="2026-05-03T06:22:00Z"'
RUNNING = 'workoutActivityType="HKWorkoutActivityTypeRunning"'


def minute(second: int) -> str:
    return f"2026-05-03T06:{12 + second // 60:02}:{second % 60:02}Z"


def record(
    name: str, start: int, end: int, value: str, unit: str = "", source: str = "Watch"
) -> str:
    return (
        f'<Record type="HKQuantityTypeIdentifier{name}" startDate="{minute(start)}"'
        f' endDate="{minute(end)}" sourceName="{source}" unit="{unit}" value="{value}"/>\n'
    )


BEATS = "".join(record("HeartRate", s, s, "150", "count/min") for s in range(0, 600, 5))


def read(inside: str = "", after: str = BEATS, workout: str = f"{RUNNING} {TIMES}") -> RawRecording:
    text = f'<HealthWorkout><Workout sourceName="Watch" {workout}>{inside}</Workout>{after}'
    (recording,) = read_workout(f"{text}</HealthWorkout>".encode())
    return recording


def test_the_workout_says_when_where_and_with_what() -> None:
    device = "name:Apple Watch, manufacturer:Apple Inc., hardware:Watch6,10, software:10.6.1"
    run = read(
        '<MetadataEntry key="HKTimeZone" value="Asia/Tokyo"/>'
        '<MetadataEntry key="HKIndoorWorkout" value="1"/>'
        '<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="2.5"'
        ' unit="km"/>',
        workout=f'{RUNNING} {TIMES} device="{device}" duration="9.5" durationUnit="min"',
    )
    assert run.started_at == datetime(2026, 5, 3, 6, 12, tzinfo=UTC)
    assert (run.sport, run.is_indoor, run.utc_offset_s) == ("treadmill_run", True, 9 * 3600)
    assert run.device_name == "Apple Watch (Watch6,10)"
    totals = run.totals
    assert (totals.distance_m, totals.timer_s, totals.elapsed_s) == (2500.0, 570.0, 600.0)


def test_older_exports_say_the_distance_in_attributes_and_in_miles() -> None:
    run = read(workout=f'{RUNNING} {TIMES} totalDistance="2" totalDistanceUnit="mi"')
    assert run.totals.distance_m == pytest.approx(3218.688)
    assert (run.device_name, run.utc_offset_s) == ("Watch", None)


def test_until_2018_places_stood_in_the_workout() -> None:
    places = "".join(
        f'<Location date="{minute(s)}" latitude="32.9" longitude="34.{s:03}" altitude="77.6"'
        f' speed="{-1 if s == 3 else 2.5}"/>'
        for s in range(10)
    )
    run = read(places)
    assert run.columns["latitude"][:1].tolist() == [32.9]
    assert np.count_nonzero(np.isfinite(run.columns["longitude"])) == 10
    assert np.count_nonzero(np.isfinite(run.columns["speed_mps"])) == 9


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("Walking", "walk"),
        ("Hiking", "hike"),
        ("Cycling", "ride"),
        ("Yoga", "other"),
        ("", "other"),
    ],
)
def test_other_sports(word: str, sport: str) -> None:
    workout = f'workoutActivityType="HKWorkoutActivityType{word}" {TIMES}'
    run = read('<MetadataEntry key="HKIndoorWorkout" value="0"/>', workout=workout)
    assert (run.sport, run.is_indoor) == (sport, False)


def test_without_a_word_on_it_a_workout_without_a_way_was_indoors() -> None:
    assert (read().sport, read().is_indoor) == ("run", True)


def test_steps_and_distance_of_stretches_are_even_within() -> None:
    after = "".join(
        record("StepCount", s, s + 60, "174", "count")
        + record("DistanceWalkingRunning", s, s + 60, "0.2", "km")
        for s in range(0, 600, 60)
    )
    (run,) = prepare_apple_workout(
        f"<HealthWorkout><Workout {RUNNING} {TIMES}/>{after}</HealthWorkout>".encode()
    )
    assert run.summary.mean_cadence_spm == pytest.approx(174, abs=0.5)
    assert run.summary.distance_m == pytest.approx(2000)
    assert run.summary.mean_speed_mps == pytest.approx(2000 / 600, rel=0.01)


def test_of_two_sources_of_a_quantity_the_workouts_own_is_taken() -> None:
    phone = "".join(
        record("StepCount", s, s + 10, "40", "count", "Phone") for s in range(0, 600, 10)
    )
    watch = "".join(record("StepCount", s, s + 60, "174", "count") for s in range(0, 600, 60))
    assert np.nanmax(read(after=phone + watch).columns["cadence_spm"]) == pytest.approx(174)
    # An app that recorded no steps itself: whoever has the most.
    cadence = read(after=phone + watch, workout=f'{RUNNING} {TIMES} id="x"').columns["cadence_spm"]
    assert np.nanmax(cadence) == pytest.approx(174)
    strava = f'<HealthWorkout><Workout sourceName="Strava" {RUNNING} {TIMES}/>{phone}{watch}'
    (run,) = read_workout(f"{strava}</HealthWorkout>".encode())
    assert np.nanmax(run.columns["cadence_spm"]) == pytest.approx(240)


@pytest.mark.parametrize(
    ("unit", "value", "speed_mps"),
    [("km/hr", "10.8", 3.0), ("m/s", "3", 3.0), ("mi/hr", "6", 2.68224)],
)
def test_units_of_speed(unit: str, value: str, speed_mps: float) -> None:
    run = read(after=record("RunningSpeed", 5, 5, value, unit))
    assert np.nanmax(run.columns["speed_mps"]) == pytest.approx(speed_mps)


def test_an_unknown_unit_is_no_speed() -> None:
    assert "speed_mps" not in read(after=BEATS + record("RunningSpeed", 5, 5, "3", "kn")).columns


def event(kind: str, second: int) -> str:
    return f'<WorkoutEvent type="HKWorkoutEventType{kind}" date="{minute(second)}"/>'


@pytest.mark.parametrize(
    ("events", "pauses"),
    [
        (event("Pause", 60) + event("Resume", 90), ((60, 90),)),
        (event("Resume", 90) + event("Pause", 60), ((60, 90),)),
        (event("MotionPaused", 60) + event("MotionResumed", 90), ((60, 90),)),
        (event("Pause", 540), ((540, 600),)),
        (event("Resume", 90), ()),
        (event("Pause", 60) + event("Pause", 70) + event("Resume", 90), ((60, 90),)),
        (event("Segment", 60) + event("Lap", 90), ()),
    ],
)
def test_pauses_have_two_ends(events: str, pauses: tuple[tuple[float, float], ...]) -> None:
    assert read(events).pauses == pauses


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f"<HealthWorkout><Workout {RUNNING} {TIMES}/></HealthWorkout>", Refusal.BY_HAND),
        (f"<HealthWorkout><Workout {RUNNING}/></HealthWorkout>", Refusal.NO_TIMES),
        ("<HealthWorkout/>", Refusal.NOT_AN_ACTIVITY),
        ("<!DOCTYPE x><HealthWorkout/>", Refusal.UNSAFE_XML),
    ],
)
def test_refusals(data: str, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_workout(data.encode())
    assert caught.value.reason is reason


def test_odd_values_are_gaps() -> None:
    odd = "".join(
        record("HeartRate", s, s, value, "count/min")
        for s, value in enumerate(["", "NaN", "inf", "x", "150", "1e999"])
    )
    beats = read(after=odd + record("HeartRate", 20, 10, "99")).columns["heart_rate_bpm"]
    assert beats[np.isfinite(beats)].tolist() == [150.0]


def test_what_begins_where_the_workout_ends_is_not_of_it() -> None:
    after = BEATS + record("HeartRate", 600, 600, "60") + record("StepCount", 600, 900, "30")
    run = read(after=after)
    assert np.nanmin(run.columns["heart_rate_bpm"]) == 150
    assert "cadence_spm" not in run.columns


@pytest.mark.parametrize("zone", ["", "Europe/Atlantis", "../../etc/passwd", "Eu\ufffdope", "/"])
def test_a_time_zone_that_is_none(zone: str) -> None:
    assert read(f'<MetadataEntry key="HKTimeZone" value="{zone}"/>').utc_offset_s is None
