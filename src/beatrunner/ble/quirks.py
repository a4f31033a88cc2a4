"""What real treadmills do otherwise than the specification, by name and manufacturer.

`quirks.toml` holds the rows, each with its evidence; a machine gets the fields of all rows that
match it, later rows last. A machine without a row gets the defaults below, which are the safe
ones: nothing is repeated, nothing is sent that the specification does not know.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from beatrunner.codecs.ftms.quantities import SpeedUnit


class Unlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vendor's own write that has to come before control is asked for."""

    characteristic: str
    payload_hex: str

    @property
    def payload(self) -> bytes:
        return bytes.fromhex(self.payload_hex)


class Quirks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that is done differently for one machine."""

    commands_in_mph: bool = False
    """Target speeds, and changed targets in the status, are meant in miles per hour."""
    data_in_mph: bool = False
    """The speeds of Treadmill Data are."""
    asks_again: bool = False
    """Wants control and, while the belt runs, start to be asked for before every target."""
    keep_alive_s: float | None = None
    """Wants start to be repeated this often while the belt runs."""
    start_by_hand: bool = False
    """Obeys only after it was started at its console."""
    start_looks_like_stop: bool = False
    """Says "stopped by the user" when it is started at its console."""
    without_response: bool = False
    """Answers nothing to a write with response."""
    pause_s: float = 0.0
    """Between two writes."""
    unlock: tuple[Unlock, ...] = ()
    min_speed_kmh: float | None = None
    max_speed_kmh: float | None = None
    speed_step_kmh: float | None = None
    incline_step_pct: float | None = None
    reports_incline: bool = True
    zero_debounce_s: float = 0.0
    """A speed of zero counts after this time only: single frames of zero come in mid-run."""
    speed_refused: str | None = None
    """Why the speed of this machine cannot be controlled, in words for the runner."""
    incline_refused: str | None = None
    note: str | None = None
    """What else the runner should know."""

    @property
    def command_unit(self) -> SpeedUnit:
        return SpeedUnit.MPH if self.commands_in_mph else SpeedUnit.KMH

    @property
    def data_unit(self) -> SpeedUnit:
        return SpeedUnit.MPH if self.data_in_mph else SpeedUnit.KMH


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Machines whose name begins with one of `names`, made by one of `manufacturers`.

    Case does not count; no manufacturers means any, no names any. `fields` are those of `Quirks`.
    """

    evidence: str
    fields: dict[str, Any]
    names: tuple[str, ...] = ()
    manufacturers: tuple[str, ...] = ()

    def matches(self, name: str, manufacturer: str) -> bool:
        return _begins(name, self.names) and _begins(manufacturer, self.manufacturers)


class QuirkTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    machine: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        for row in self.machine:
            if not row.names and not row.manufacturers:
                raise ValueError("a row for every machine is none")
            for unlock in msgspec.convert(row.fields, Quirks).unlock:
                bytes.fromhex(unlock.payload_hex)

    def knows(self, name: str) -> bool:
        """Whether there is a row for machines that advertise such a name."""
        return any(row.names and row.matches(name, "") for row in self.machine)

    def of(self, name: str | None, manufacturer: str | None) -> Quirks:
        """The quirks of one machine; the defaults where no row matches."""
        fields: dict[str, Any] = {}
        for row in self.machine:
            if row.matches(name or "", manufacturer or ""):
                fields |= row.fields
        return msgspec.convert(fields, Quirks)


def read_table(text: str) -> QuirkTable:
    """Raises `msgspec.ValidationError` for rows that name an unknown field or a wrong value."""
    return msgspec.toml.decode(text, type=QuirkTable)


@cache
def known_quirks() -> QuirkTable:
    """The table that BeatRunner brings along."""
    return read_table(files("beatrunner.ble").joinpath("quirks.toml").read_text("utf-8"))


def _begins(text: str, prefixes: tuple[str, ...]) -> bool:
    return not prefixes or text.lower().startswith(tuple(each.lower() for each in prefixes))
