"""Records of Treadmill Data that come in several notifications (FTMS v1.0, sections 4.1, 4.19).

A notification carries at most ATT_MTU - 3 bytes, 20 by default. A longer record is split: every
part but the last sets More Data, and the speed comes with the last one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from beatrunner.codecs.ftms.quantities import SPEED, SpeedUnit
from beatrunner.codecs.ftms.treadmill_data import FIELDS, TreadmillData, encode_treadmill_data
from beatrunner.codecs.gatt import UINT16, Oddity, PacketError

DEFAULT_PAYLOAD_BYTES = 20

#: May come with every part, so that each can be put at its time.
_REPEATED = "elapsed_time_s"


def split_treadmill_data(
    data: TreadmillData,
    payload_bytes: int = DEFAULT_PAYLOAD_BYTES,
    speed_unit: SpeedUnit = SpeedUnit.KMH,
) -> tuple[bytes, ...]:
    """A whole record as notifications of at most `payload_bytes`, which is 20 or more.

    Raises `PacketError` as `encode_treadmill_data` does, and for a record without speed.
    """
    if payload_bytes < DEFAULT_PAYLOAD_BYTES:
        raise PacketError("no link carries less than 20 bytes")
    parts: list[dict[str, float | None]] = [{}]
    size = UINT16.size
    for _flag, group in groupby(FIELDS[1:], key=lambda field: field.flag):
        fields = list(group)
        values = {field.name: getattr(data, field.name) for field in fields}
        if all(value is None for value in values.values()):
            continue
        size += sum(field.number.size for field in fields)
        if size > payload_bytes:
            parts.append({})
            size = UINT16.size + sum(field.number.size for field in fields)
        parts[-1].update(values)
    if size + SPEED.size > payload_bytes:
        parts.append({})
    *first, last = (TreadmillData(**part, more_data=True, oddities=()) for part in parts)
    last = replace(last, more_data=False, instantaneous_speed_kmh=data.instantaneous_speed_kmh)
    return tuple(encode_treadmill_data(part, speed_unit) for part in (*first, last))


class DataRecord:
    """Puts the parts of records together, in their order of arrival; one for each connection.

    A part that brings again what was brought already belongs to the next record: the last part
    of the one before was lost, and what there was of it is dropped (PART_LOST). So no field is
    older than the record before, and a machine that never sends a last part never delivers.
    """

    def __init__(self) -> None:
        self._pending = TreadmillData(more_data=True)

    def add(self, part: TreadmillData) -> TreadmillData | None:
        """The whole record if `part` was its last, else None."""
        pending = self._pending
        if _present(pending) & _present(part) - {_REPEATED}:
            pending = TreadmillData(oddities=(Oddity.PART_LOST,))
        values = {name: getattr(part, name) for name in _present(part)}
        oddities = tuple(dict.fromkeys(pending.oddities + part.oddities))
        record = replace(pending, **values, more_data=part.more_data, oddities=oddities)
        self._pending = record if part.more_data else TreadmillData(more_data=True)
        return None if part.more_data else record


def _present(data: TreadmillData) -> set[str]:
    return {field.name for field in FIELDS if getattr(data, field.name) is not None}
