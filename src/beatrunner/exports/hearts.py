"""An account's export without its heart rates, for who has not agreed to keeping them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from beatrunner.db.portable import PortableRow
from beatrunner.workouts.summing import summary_without_heart_rate

#: Columns that say how a heart beat. What runners wrote of themselves is theirs to write.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "activities": ("mean_heart_rate_bpm", "max_heart_rate_bpm"),
    "recordings": ("mean_heart_rate_bpm", "max_heart_rate_bpm"),
    "workout_metrics": ("heart_rate_bpm",),
}


def without_heart_rates(table: str, rows: Sequence[PortableRow]) -> tuple[list[PortableRow], bool]:
    """Gives also whether nothing had to be taken away."""
    take = _TAKING.get(table, _of_columns(COLUMNS.get(table, ())))
    kept = [each for row in rows if (each := take(row)) is not None]
    return kept, kept == list(rows)


def _of_columns(names: Sequence[str]) -> Callable[[PortableRow], PortableRow]:
    return lambda row: row | {name: None for name in names if name in row}


def _of_recording(row: PortableRow) -> PortableRow:
    """The file of one with a heart rate holds it, too."""
    found = _of_columns(COLUMNS["recordings"])(row)
    return found if found == row else found | {"keeps_original": False}


def _of_workout(row: PortableRow) -> PortableRow:
    if not row.get("summary"):
        return row
    return row | {"summary": summary_without_heart_rate(row["summary"])}


def _of_sealed(row: PortableRow) -> PortableRow | None:
    return None if row["part"] == "body" else row


_TAKING: Mapping[str, Callable[[PortableRow], PortableRow | None]] = {
    "recordings": _of_recording,
    "sealed_streams": _of_sealed,
    "workouts": _of_workout,
}
