from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest

from beatrunner.codecs.apple_health import Split, read_workout, split_export
from beatrunner.core.refusals import Refusal, UnreadableFileError
from benchmarks.health_export import export_xml, routes, run_start

EXPORT = b"".join(export_xml(6))
ROUTES = dict(routes(6))
FIRST_WORKOUT = EXPORT.index(b"<Workout ")


def split(export: bytes, chunk_bytes: int = 1 << 20) -> tuple[Split, dict[str, bytes]]:
    def read() -> Iterator[bytes]:
        for start in range(0, len(export), chunk_bytes):
            yield export[start : start + chunk_bytes]

    target = io.BytesIO()
    done = split_export(read, ROUTES.get, io.BytesIO(), target)
    with zipfile.ZipFile(target) as archive:
        return done, {name: archive.read(name) for name in archive.namelist()}


def test_each_workout_becomes_a_file_of_what_was_recorded_in_it() -> None:
    done, files = split(EXPORT)
    assert (done.workouts, done.is_damaged) == (3, False)
    assert done.routes == set(ROUTES)
    assert list(files) == [f"2022-03-0{day} 06.00 Running {day // 2 + 1}.xml" for day in (1, 3, 5)]
    outdoors, indoors, _ = files.values()
    # Beats every 5 s for an hour, and at its very end; nothing of the rest of the day.
    assert outdoors.count(b"IdentifierHeartRate") == 721
    assert b"RunningPower" not in outdoors
    assert (outdoors.count(b"<trkpt"), indoors.count(b"<trkpt")) == (3600, 0)
    (run,) = read_workout(outdoors)
    assert run.started_at == run_start(0)


@pytest.mark.parametrize("chunk_bytes", [997, 65_536, 10 << 20])
def test_how_the_file_is_cut_makes_no_difference(chunk_bytes: int) -> None:
    small = b"".join(export_xml(1))
    assert split(small, chunk_bytes) == split(small)


def test_another_export_of_the_same_data_gives_the_same_files() -> None:
    """Another zone, another place in the phone's memory, another day, another order."""
    other = b"".join(export_xml(6, pointer=0x1234)).replace(b"2026-11-20", b"2026-11-21")

    def an_hour_further(match: re.Match[bytes]) -> bytes:
        hour = int(match[2]) + 1
        return b"%s%02d%s+0300" % (match[1], hour, match[3]) if hour < 24 else match[0]

    other = re.sub(rb'(="\d{4}-\d\d-\d\d )(\d\d)(:\d\d:\d\d )\+0200', an_hour_further, other)
    first_record, first_workout = other.index(b" <Record "), other.index(b" <Workout ")
    records = other[first_record:first_workout].splitlines(keepends=True)
    reordered = b"".join([other[:first_record], *reversed(records), other[first_workout:]])
    assert split(reordered)[1] == split(EXPORT)[1]


NAME = "Ada’s".encode()
HARMLESS = {
    "a document type that is none": EXPORT.replace(
        b"]>\n<HealthData", b"<!ELEMENT (((\n<HealthData"
    ),
    "attributes told twice": EXPORT.replace(b' unit="kcal"', b' unit="kcal" unit="J"'),
    "characters XML forbids": EXPORT.replace(NAME, b"Ada\x01s"),
    "references to such": EXPORT.replace(NAME, b"Ada&#x1;s"),
    "a reference to the end of a line": EXPORT.replace(NAME, b"Ada&#10;s"),
    "bytes that are no UTF-8": EXPORT.replace(NAME, b"Ada\xff\xfes"),
    "an entity nobody declared": EXPORT.replace(NAME, b"Ada&eacute;s"),
    "a stretch of zeros": EXPORT[:FIRST_WORKOUT] + b"\0" * 5000 + EXPORT[FIRST_WORKOUT:],
}
LOSSY = {
    "tags that do not end": EXPORT.replace(b'"/>\n', b'"\n', 3),
    "a stretch that is lost": EXPORT[: FIRST_WORKOUT - 90_000] + EXPORT[FIRST_WORKOUT - 50_000 :],
    "ends of what never began": EXPORT[:FIRST_WORKOUT]
    + b"</Record></Correlation></HealthData>"
    + EXPORT[FIRST_WORKOUT:],
    "a document type in the middle": EXPORT[:FIRST_WORKOUT]
    + b"<!DOCTYPE a [<!ENTITY e 'x'>]>"
    + EXPORT[FIRST_WORKOUT:],
    "depths": EXPORT[:FIRST_WORKOUT] + b"<a>" * 50_000 + EXPORT[FIRST_WORKOUT:],
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_apple_itself_gets_wrong_is_no_damage(what: str) -> None:
    done, files = split(HARMLESS[what])
    assert (done.workouts, done.is_damaged) == (3, False)
    assert [data.count(b"<Record") for data in files.values()] == [
        data.count(b"<Record") for data in split(EXPORT)[1].values()
    ]


@pytest.mark.parametrize("what", LOSSY)
def test_behind_the_damage_the_reading_goes_on_and_it_is_told(what: str) -> None:
    done, _ = split(LOSSY[what])
    assert (done.workouts, done.is_damaged) == (3, True)


def test_what_was_cut_off_costs_what_is_behind() -> None:
    last = EXPORT.rindex(b"<Workout ")
    done, files = split(EXPORT[: last + 300])
    assert (done.workouts, done.is_damaged) == (2, True)
    assert list(files.values()) == list(split(EXPORT)[1].values())[:2]


def test_a_damaged_workout_costs_itself() -> None:
    at = FIRST_WORKOUT
    done, files = split(EXPORT[: at + 100] + EXPORT[at + 300 :])
    assert done.is_damaged
    assert list(files.values()) == list(split(EXPORT)[1].values())[1:]


def test_a_reader_that_fails_in_the_middle_is_a_cut() -> None:
    whole = split(EXPORT)[1]

    def read() -> Iterator[bytes]:
        yield EXPORT[: EXPORT.rindex(b"<Workout ")]
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE)

    target = io.BytesIO()
    done = split_export(read, ROUTES.get, io.BytesIO(), target)
    assert (done.workouts, done.is_damaged) == (2, True)
    with zipfile.ZipFile(target) as archive:
        assert [archive.read(name) for name in archive.namelist()] == list(whole.values())[:2]


@pytest.mark.parametrize(
    ("export", "reason"),
    [
        (EXPORT[:FIRST_WORKOUT], Refusal.NO_WORKOUTS),
        (b"<?xml version='1.0'?><HealthData></HealthData>", Refusal.NO_WORKOUTS),
        (b"<!DOCTYPE HealthData [<!ENTITY e 'ha'>]><HealthData/>", Refusal.UNSAFE_XML),
        (b"", Refusal.NO_WORKOUTS),
    ],
)
def test_refusals(export: bytes, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        split(export)
    assert caught.value.reason is reason


def test_workouts_told_twice_are_one_and_two_at_once_are_two() -> None:
    start = b' <Workout workoutActivityType="HKWorkoutActivityType%s"'
    times = b' startDate="2022-03-01 08:00:00 +0200" endDate="2022-03-01 08:10:00 +0200"/>\n'
    run, walk = start % b"Running" + times, start % b"Walking" + times
    export = EXPORT[:FIRST_WORKOUT] + run + run + walk + b"</HealthData>"
    done, files = split(export)
    assert done.workouts == 2
    assert all(data.count(b"IdentifierHeartRate") == 121 for data in files.values())
