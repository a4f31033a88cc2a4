"""From the texts of trackpoints to columns of numbers.

GPX and TCX differ in where a number stands, not in what is wrong with it. Both readers collect
texts by row here, one flat pass over the tree; converting a whole column at once is what makes
them fast.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from lxml import etree

from beatrunner.codecs.sport_names import ON_FOOT
from beatrunner.codecs.xml_source import local_name
from beatrunner.core.recording import COLUMNS, Repair, RepairCode, Samples
from beatrunner.core.sample_times import first_believed_s

#: Outside 1970 to 2200 a time is damage; near the years 1 and 9999 it cannot even be reckoned with.
_EARLIEST_S, _LATEST_S = 0.0, datetime(2200, 1, 1, tzinfo=UTC).timestamp()

#: Above this, a median running cadence counts both feet: nobody takes 130 strides a minute.
_BOTH_FEET_MEDIAN = 130.0


#: Texts by row.
_Cells = dict[int, str | None]


@dataclass(frozen=True, slots=True)
class PointColumns:
    """The rows of one recording that have a time. `utc_offset_s` is None for times in UTC."""

    started_at: datetime
    sample_s: Samples
    columns: Mapping[str, Samples]
    utc_offset_s: int | None
    repairs: tuple[Repair, ...]

    @property
    def has_path(self) -> bool:
        """Whether any point has a place; indoors some devices write 0°N 0°E throughout."""
        latitude = self.columns.get("latitude")
        return latitude is not None and bool((np.isfinite(latitude) & (latitude != 0)).any())


class PointTable:
    """Texts found in trackpoints, by column and row.

    `elements` and `attributes` say what feeds which column, by local name: the same number
    stands under `ns3:`, `gpxtpx:` and `gpxdata:`.
    """

    def __init__(
        self, point: str, elements: Mapping[str, str], attributes: Mapping[str, str] | None = None
    ) -> None:
        self._cells: dict[str, _Cells] = {column: {} for column in elements.values()}
        self._cells_by_element = {name: self._cells[elements[name]] for name in elements}
        self._cells_by_attribute = {}
        for name, column in (attributes or {}).items():
            self._cells_by_attribute[name] = self._cells.setdefault(column, {})
        self._point = point
        self._tags = [f"{{*}}{name}" for name in (point, *elements)]
        self.row_count = 0

    def add_points(self, parent: etree._Element) -> None:
        """Take every trackpoint below `parent`, which holds nothing but trackpoints.

        One filtered pass in document order: an iterator for each point would cost as much again.
        """
        row = self.row_count - 1
        by_tag: dict[str, _Cells | None] = {}
        attributes = list(self._cells_by_attribute.items())
        for element in parent.iter(*self._tags):
            tag = element.tag
            try:
                cells = by_tag[tag]
            except KeyError:
                cells = by_tag[tag] = self._cells_by_element.get(local_name(tag))
            if cells is not None:
                cells[row] = element.text
            else:
                row += 1
                for name, attribute_cells in attributes:
                    attribute_cells[row] = element.get(name)
        self.row_count = row + 1

    def add_texts(self, texts: Mapping[str, Sequence[str | None]]) -> None:
        """Take whole columns that were read without a tree."""
        for column, column_texts in texts.items():
            self._cells[column] = {
                row: text for row, text in enumerate(column_texts) if text is not None
            }
            self.row_count = len(column_texts)

    def drop_last(self) -> None:
        """Forget the last point: in a truncated file its last number may lack digits."""
        self.row_count = max(0, self.row_count - 1)

    def numbers(self, column: str) -> Samples:
        """The column as numbers, NaN where a row has none; the last of several in a row wins."""
        cells = self._cells[column]
        try:
            values = np.fromiter(map(float, cells.values()), np.float64, len(cells))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            values = np.fromiter(map(_number, cells.values()), np.float64, len(cells))
        return self._by_row(cells, values)

    def times(self, column: str) -> tuple[Samples, int | None]:
        """Seconds since 1970 (NaN where there is none), and the offset the first time carries."""
        cells = self._cells[column]
        values = np.fromiter(map(epoch_s, cells.values()), np.float64, len(cells))
        return self._by_row(cells, values), utc_offset_s(next(iter(cells.values()), None))

    def _by_row(self, cells: _Cells, values: Samples) -> Samples:
        # Two rows more: what belongs to a dropped point, or to none (row -1), lands there.
        samples = np.full(self.row_count + 2, np.nan)
        samples[np.fromiter(cells, np.intp, len(cells))] = values
        return samples[: self.row_count]


def epoch_s(text: str | None) -> float:
    """ISO-8601 text to seconds since 1970; NaN if it cannot be true. A time without zone is UTC."""
    try:
        moment = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        try:
            moment = datetime.fromisoformat((text or "").strip())
        except ValueError:
            return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = moment.timestamp()
    return seconds if _EARLIEST_S <= seconds < _LATEST_S else math.nan


def utc_offset_s(text: str | None) -> int | None:
    """The offset written in a time, None for UTC: most devices write UTC wherever they are."""
    try:
        offset = datetime.fromisoformat((text or "").strip()).utcoffset()
    except ValueError:
        return None
    return int(offset.total_seconds()) or None if offset is not None else None


def timed_columns(
    seconds: Samples, offset_s: int | None, columns: Mapping[str, Samples], sport: str
) -> PointColumns | None:
    """Drop rows without a time, count cadence of both feet; None when no row has a time.

    Values that cannot be true stay: `core.plausible` judges them for every format alike.
    """
    has_time = np.isfinite(seconds)
    if not has_time.any():
        return None
    missing = int(np.count_nonzero(~has_time))
    repairs = (Repair(RepairCode.TIME_MISSING, missing),) if missing else ()
    kept = {name: columns[name][has_time] for name in COLUMNS if name in columns}
    if sport in ON_FOOT and "cadence_spm" in kept:
        kept["cadence_spm"] = _both_feet(kept["cadence_spm"])
    seconds = seconds[has_time]
    start_s = first_believed_s(seconds)
    return PointColumns(
        datetime.fromtimestamp(start_s, UTC),
        np.round(seconds - start_s, 6),  # a float since 1970 is exact to 0.2 µs only
        {name: samples for name, samples in kept.items() if np.isfinite(samples).any()},
        offset_s,
        repairs,
    )


def merged(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """One repair for each code, counts added."""
    by_code: dict[RepairCode, Repair] = {}
    for repair in repairs:
        known = by_code.get(repair.code)
        by_code[repair.code] = (
            replace(repair, count=repair.count + known.count) if known else repair
        )
    return tuple(by_code.values())


def _both_feet(cadence: Samples) -> Samples:
    """Both formats count the strides of one leg; some exporters have doubled them already."""
    moving = cadence[cadence > 0]
    if moving.size and np.median(moving) > _BOTH_FEET_MEDIAN:
        return cadence
    return cadence * 2


def _number(text: str | None) -> float:
    try:
        return float((text or "").strip().replace(",", "."))
    except ValueError:
        return math.nan
