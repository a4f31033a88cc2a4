"""From the texts of trackpoints to columns of numbers.

GPX and TCX differ in where a number stands, not in what is wrong with it. Both readers collect
texts by row here, one flat pass over the tree; converting a whole column at once is what makes
them fast.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from lxml import etree

from beatrunner.codecs.sport_names import ON_FOOT
from beatrunner.codecs.xml_source import local_name
from beatrunner.core.recording import COLUMNS, Repair, RepairCode, Samples

#: Above this, a median running cadence counts both feet: nobody takes 130 strides a minute.
_BOTH_FEET_MEDIAN = 130.0


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

    `names` says which element feeds which column, by local name: the same number comes under
    `ns3:`, `gpxtpx:`, `gpxdata:` and prefixes that were never declared.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._cells: dict[str, tuple[list[int], list[str | None]]] = {
            column: ([], []) for column in names.values()
        }
        self._cells_by_tag: dict[str, tuple[list[int], list[str | None]] | None] = {}
        self.row_count = 0

    def add_point(self, point: etree._Element) -> None:
        """Take one trackpoint as the next row."""
        row = self.row_count
        self.row_count = row + 1
        by_tag = self._cells_by_tag
        for element in point.iterdescendants("*"):
            tag = element.tag
            try:
                cells = by_tag[tag]
            except KeyError:
                cells = by_tag[tag] = self._cells.get(self._names.get(local_name(tag), ""))
            if cells is not None:
                cells[0].append(row)
                cells[1].append(element.text)

    def add_texts(self, column: str, texts: Iterable[str | None]) -> None:
        """Give a whole column at once, one text for each row: GPX positions are attributes."""
        cells = list(texts)
        self._cells[column] = (list(range(len(cells))), cells)

    def numbers(self, column: str) -> Samples:
        """The column as numbers, NaN where a row has none; the last of several in a row wins."""
        rows, texts = self._cells.get(column, ([], []))
        samples = np.full(self.row_count, np.nan)
        if rows:
            try:
                samples[rows] = [float(text) for text in texts]  # type: ignore[arg-type]
            except (TypeError, ValueError):
                samples[rows] = [_number(text) for text in texts]
        return samples

    def times(self, column: str) -> tuple[Samples, int | None]:
        """Seconds since 1970 (NaN where there is none), and the offset the first time carries."""
        rows, texts = self._cells.get(column, ([], []))
        samples = np.full(self.row_count, np.nan)
        offset_s = None
        if rows:
            samples[rows] = [epoch_s(text) for text in texts]
            offset_s = utc_offset_s(texts[0])
        return samples, offset_s


def epoch_s(text: str | None) -> float:
    """ISO-8601 text to seconds since 1970; NaN if it is none. A time without zone is UTC."""
    try:
        moment = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        try:
            moment = datetime.fromisoformat((text or "").strip())
        except ValueError:
            return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()


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
    started_at = datetime.fromtimestamp(float(seconds[0]), UTC)
    return PointColumns(
        started_at,
        np.round(seconds - seconds[0], 6),  # a float since 1970 is exact to 0.2 µs only
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
