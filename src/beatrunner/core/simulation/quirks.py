"""What real treadmills do otherwise than the specification says, as switches.

Each switch is a machine that somebody owns (facts: qdomyos-zwift's sources and issues, those of
hassio-ftms and python-pyftms); a few, such as a belt that reverses, are the ones nobody should
have to own. `EVERY_QUIRK` holds one machine for each, so that a test can meet them one at a time.
The belt itself obeys the first half; the virtual treadmill that puts it on the air, the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class BeltQuirks:
    """All off by default: a treadmill as the specification has it."""

    # What the belt does with a command.
    ignores_speed: bool = False
    """Speeds and inclines are accepted with success, and nothing moves (Xterra T85)."""
    refuses_speed: bool = False
    """The firmware has no speed control (Sole F85, Reebok Fr30z)."""
    refuses_incline: bool = False
    refuses_below_kmh: float = 0.0
    """Refuses slower speeds than this, whatever its range says (Mobvoi)."""
    rounds_speed_to_kmh: float = 0.0
    """Rounds to coarser steps than its range says."""
    rounds_incline_to_pct: float = 0.0
    incline_factor: float = 1.0
    """Inclines are told and reported in units of its own: so many for one percent (Kettler)."""
    must_be_started_by_hand: bool = False
    """A start is accepted with success, but only the key on the console starts the belt."""
    falls_back_on_repeat: bool = False
    """Repeated control requests and starts put the belt back to its slowest speed (YPOO, SW)."""
    wants_start_every_s: float = 0.0
    """Stops when the start was not repeated for so long (TRX3500)."""
    wants_start_before_speed: bool = False
    """Takes a speed only right after a request for control and a start (Technogym MyRun)."""
    overshoot_kmh: float = 0.0
    """Passes what it was told by so much, and comes back after the belt's settling time."""
    ignores_stop: bool = False
    """Stop is accepted with success, and the belt goes on."""
    reverses: bool = False
    """Told to go faster, goes slower by as much, and the other way round."""
    runs_faster_by_kmh: float = 0.0
    """Goes so much faster than it was told."""
    reports_target_speed: bool = False
    """Reports what it was told instead of what the belt does."""

    # How it speaks.
    commands_in_mph: bool = False
    data_in_mph: bool = False
    range_in_mph: bool = False
    writes_without_response: bool = False
    """The control point takes writes without response, and no others."""
    deaf_after_write_s: float = 0.0
    """Commands that follow another sooner than this are lost."""
    answers_after_s: float = 0.0
    """An answer takes this long (450 ms were seen)."""
    gives_no_answers: bool = False
    """Obeys, but never indicates an answer."""
    unlocked_by: bytes = b""
    """Obeys only after these bytes came to the vendor's own characteristic (YPOO Mini Pro)."""
    needs_pairing: bool = False
    """The control point wants an encrypted link."""
    rejects_with_att_error: int = 0
    """Every command is answered by this ATT error."""
    keeps_own_targets_quiet: bool = False
    """A client is not told of the changes it made itself; the specification allows that."""
    says_stopped_at_start: bool = False
    """Says "stopped by the user" when the user starts (TP1)."""
    repeats_last_status: bool = False
    """Sends its last status again to whoever subscribes."""

    # What it shows.
    hides_machine_type: bool = False
    """No service data in its advertising (Sole)."""
    only_advertises: bool = False
    """Advertises the service, but does not have it (Domyos)."""
    hides_ranges: bool = False
    """Neither speed range nor inclination range."""
    claims_everything: bool = False
    """Claims targets of a bike, too (FitShow)."""
    sets_reserved_bits: bool = False
    """In the features."""
    has_empty_training_status: bool = False
    """No bytes, until the first start (Domyos TC, Horizon 7.4)."""
    has_reserved_training_status: bool = False
    hides_incline: bool = False
    """Never reported (Schwinn 810, Yesoul)."""
    changes_fields: bool = False
    """Every other packet has fewer fields."""
    splits_records: bool = False
    """Sends more fields than one packet holds, on a link of the smallest size."""
    sends_steps: bool = False
    """A count of steps, announced by a reserved bit (CITYSPORTS)."""
    appends_bytes: bytes = b""
    """After each packet of data (Urevo 3S)."""
    cuts_packets_to: int = 0
    """Packets of data end after so many bytes."""
    zero_frame_every: int = 0
    """Each so many packets, the speed is zero in one while the belt runs (Merach)."""

    # How long it lasts.
    drops_after_s: float = 0.0
    """Each connection ends after so long (15 to 30 minutes were seen)."""
    stops_when_dropped: bool = False
    """The belt stops when its last client is gone."""
    accepts_connections: int = 0
    """So many in all, until it is switched off and on again."""


#: A treadmill as the specification has it.
NO_QUIRKS: Final = BeltQuirks()


def _one_at_a_time() -> dict[str, BeltQuirks]:
    switched: dict[str, float | bytes] = {
        "refuses_below_kmh": 1.0,
        "rounds_speed_to_kmh": 0.5,
        "rounds_incline_to_pct": 1.0,
        "incline_factor": 10.0,
        "wants_start_every_s": 1.5,
        "overshoot_kmh": 0.8,
        "runs_faster_by_kmh": 1.0,
        "deaf_after_write_s": 0.3,
        "answers_after_s": 0.45,
        "unlocked_by": bytes.fromhex("0100000308000209"),
        "rejects_with_att_error": 0x80,
        "appends_bytes": b"\x00\x01",
        "cuts_packets_to": 8,
        "zero_frame_every": 4,
        "drops_after_s": 20.0,
        "accepts_connections": 1,
    }
    names = BeltQuirks.__dataclass_fields__
    return {name: BeltQuirks(**{name: switched.get(name, True)}) for name in names}  # type: ignore[arg-type]


#: One machine for each switch, by the name of the switch.
EVERY_QUIRK: Final[Mapping[str, BeltQuirks]] = MappingProxyType(_one_at_a_time())
