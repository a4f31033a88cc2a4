"""The table of quirks, and how it is read."""

from __future__ import annotations

import msgspec
import pytest

from beatrunner.ble.quirks import Quirks, QuirkTable, known_quirks, read_table
from beatrunner.codecs.ftms.quantities import SpeedUnit


def test_an_unknown_machine_gets_the_safe_defaults() -> None:
    quirks = known_quirks().of("Nobody's treadmill", None)
    assert quirks == Quirks() == known_quirks().of(None, None)
    assert not quirks.asks_again
    assert quirks.keep_alive_s is None
    assert not quirks.unlock


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MYRUN 1234", {"asks_again": True}),
        ("trx3500-12", {"keep_alive_s": 1.0}),
        ("SF-T4400", {"asks_again": False, "keep_alive_s": None}),
        ("BFX_T9", {"commands_in_mph": True, "data_in_mph": False}),
        ("MRK-T25", {"commands_in_mph": True, "data_in_mph": True, "zero_debounce_s": 3.0}),
        ("MOBVOI TMP", {"min_speed_kmh": 1.0, "reports_incline": False}),
        ("SCHWINN 810", {"reports_incline": False}),
        ("TP1", {"start_looks_like_stop": True}),
    ],
)
def test_what_is_known_of_some(name: str, expected: dict[str, object]) -> None:
    quirks = known_quirks().of(name, None)
    assert {field: getattr(quirks, field) for field in expected} == expected


@pytest.mark.parametrize("name", ["F85", "FR30Z", "FS-BT-02"])
def test_what_cannot_be_driven_is_said_in_words(name: str) -> None:
    words = known_quirks().of(name, None).speed_refused
    assert words
    assert "only listens" in words


def test_a_vendors_unlock_is_bytes_for_a_characteristic() -> None:
    (unlock,) = known_quirks().of("YPOO-MINI PRO-1", None).unlock
    assert unlock.payload[0] == 1
    assert unlock.characteristic.startswith("d18d2c10-")


def test_later_rows_count_more_and_all_that_match_count() -> None:
    table = read_table(
        """
        [[machine]]
        evidence = "one"
        names = ["a"]
        fields = { pause_s = 0.1, asks_again = true }
        [[machine]]
        evidence = "two"
        names = ["AB"]
        manufacturers = ["Acme"]
        fields = { pause_s = 0.3 }
        """
    )
    assert table.of("abc", None) == Quirks(pause_s=0.1, asks_again=True)
    assert table.of("abc", "ACME Inc.") == Quirks(pause_s=0.3, asks_again=True)
    assert table.of("b", "Acme") == Quirks()


def test_units() -> None:
    assert Quirks().command_unit is Quirks().data_unit is SpeedUnit.KMH
    assert Quirks(commands_in_mph=True).command_unit is SpeedUnit.MPH
    assert Quirks(data_in_mph=True).data_unit is SpeedUnit.MPH


@pytest.mark.parametrize(
    "row",
    [
        'evidence = "e"\nnames = ["a"]\nfields = { pause = 1.0 }',
        'evidence = "e"\nnames = ["a"]\nfields = { pause_s = "long" }',
        'evidence = "e"\nfields = { pause_s = 1.0 }',
        'names = ["a"]\nfields = { pause_s = 1.0 }',
        'evidence = ""\nnames = ["a"]\nfields.unlock = [{characteristic = "", payload_hex = "z"}]',
    ],
)
def test_a_wrong_row_is_found_when_the_table_is_read(row: str) -> None:
    with pytest.raises((msgspec.ValidationError, ValueError)):
        read_table(f"[[machine]]\n{row}")


def test_an_empty_table_knows_nothing() -> None:
    assert QuirkTable().of("MYRUN 1", "Technogym") == Quirks()
