"""Strava's activities.csv in several languages, generations and states."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.strava_export import manual_activities, read_activities_csv
from beatrunner.core.refusals import Refusal, UnreadableFileError

ENGLISH = next(
    csv.reader(
        io.StringIO(
            "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,"
            "Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,"
            "Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,"
            "Max Speed,Commute"
        )
    )
)
GERMAN = next(
    csv.reader(
        io.StringIO(
            "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,"
            "Aktivitätsbeschreibung,Verstrichene Zeit,Distanz,Max. Herzfrequenz,"
            "Relative Leistung,Pendeln,Private Anmerkung zur Aktivität,Aktivitätsausrüstung,"
            "Dateiname,Athletengewicht,Radgewicht,Verstrichene Zeit,Bewegungszeit,Distanz,"
            "Höchstgeschwindigkeit,Pendeln"
        )
    )
)
UNKNOWN = [f"Säule {number}" for number in range(20)]
FILE = "activities/123.fit.gz"
ROW = [
    "99", "May 6, 2024, 4:02:34 AM", "Morning, easy", "Trail Run", 'Said "go"\nand went', "3600",
    "10.0", "170", "50", "false", "my knee", "Old shoes", FILE, "70", "", "3600.0", "3500",
    "10012.5", "4", "0",
]  # fmt: skip


def table(header: list[str], *rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.mark.parametrize("header", [ENGLISH, GERMAN, UNKNOWN], ids=["en", "de", "unknown"])
def test_every_language(header: list[str]) -> None:
    activity = read_activities_csv(b"\xef\xbb\xbf" + table(header, ROW))[FILE]
    assert activity.activity_id == "99"
    assert activity.name == "Morning, easy"
    assert activity.description == 'Said "go"\nand went'
    assert activity.private_note == "my knee"
    assert activity.gear == "Old shoes"
    assert (activity.sport, activity.sport_word) == ("trail_run", "Trail Run")
    assert activity.started_at == datetime(2024, 5, 6, 4, 2, 34, tzinfo=UTC)
    assert (activity.elapsed_s, activity.distance_m) == (3600, 10012.5)


def test_another_order_and_more_columns_are_found_by_name() -> None:
    order = [12, 0, 2, 19, *[n for n in range(20) if n not in (12, 0, 2, 19)]]
    header = [ENGLISH[n] for n in order] + ["Media"]
    activity = read_activities_csv(table(header, [*(ROW[n] for n in order), "media/1.jpg"]))[FILE]
    assert (activity.name, activity.gear, activity.distance_m) == (
        "Morning, easy",
        "Old shoes",
        10012.5,
    )


def test_tables_from_before_the_private_note() -> None:
    kept = [n for n in range(20) if n not in (7, 10)]
    activity = read_activities_csv(table([UNKNOWN[n] for n in kept], [ROW[n] for n in kept]))[FILE]
    assert (activity.gear, activity.private_note) == ("Old shoes", None)
    assert activity.distance_m == 10012.5


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("10012,5", 10012.5),
        ("10.012,5", 10012.5),
        ("10,012.5", 10012.5),
        ("10\u202f012,5", 10012.5),
        ("", None),
        ("far", None),
        ("-1", None),
    ],
)
def test_numbers_of_every_locale(text: str, metres: float | None) -> None:
    row = [*ROW]
    row[17] = text
    assert read_activities_csv(table(ENGLISH, row))[FILE].distance_m == metres


@pytest.mark.parametrize(
    ("date", "started_at"),
    [
        ("Dec 31, 2023, 12:00:00\u202fPM", datetime(2023, 12, 31, 12, tzinfo=UTC)),
        ("06.05.2024, 04:02:34", None),
        ("", None),
    ],
)
def test_dates_are_read_in_english_only(date: str, started_at: datetime | None) -> None:
    row = [ROW[0], date, *ROW[2:]]
    assert read_activities_csv(table(ENGLISH, row))[FILE].started_at == started_at


@pytest.mark.parametrize(
    ("word", "sport"),
    [("Run", "run"), ("Lauf", "run"), ("Course à pied", "run"), ("Virtual Run", "virtual_run"),
     ("Radfahrt", "ride"), ("Workout", None), ("", None)],
)  # fmt: skip
def test_sports(word: str, sport: str | None) -> None:
    assert read_activities_csv(table(ENGLISH, [*ROW[:3], word, *ROW[4:]]))[FILE].sport == sport


def test_rows_without_a_file_are_manual() -> None:
    manual = ["7", *ROW[1:12], "", *ROW[13:]]
    data = table(ENGLISH, ROW, manual)
    assert list(read_activities_csv(data)) == [FILE]
    assert [activity.activity_id for activity in manual_activities(data)] == ["7"]


def test_short_and_blank_rows_are_no_harm() -> None:
    found = read_activities_csv(table(ENGLISH, [], ["5"], [""] * 20, ROW))
    assert list(found) == [FILE]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"\n\n", Refusal.EMPTY),
        (b"a,b\n1,2\n", Refusal.UNKNOWN_KIND),
        (b"Filename\n" + b"x" * 200_000, Refusal.DAMAGED),
    ],
)
def test_refusals(data: bytes, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_activities_csv(data)
    assert caught.value.reason is reason


@settings(deadline=None)
@given(st.data())
def test_only_unreadable_file_error_escapes(data: st.DataObject) -> None:
    mutant = bytearray(table(ENGLISH, ROW, ROW))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutant)))
        mutant[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    try:
        read_activities_csv(bytes(mutant))
    except UnreadableFileError:
        return
