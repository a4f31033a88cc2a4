"""What the bridge remembers of devices: the ones that were chosen, and calibrations.

A file in the data folder. Calibrations are kept by address; the newest holds, be it measured here
or told by the server, and one that was removed leaves the time of that, so that an older one does
not come back. Times are those of the computers involved: whose clock is wrong loses or wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from beatrunner.codecs.calibration import (
    CalibrationFileError,
    TreadmillCalibration,
    decode_calibration,
    encode_calibration,
)
from beatrunner.codecs.live import KeptCalibration
from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger
from beatrunner.kit.whole_file import write_whole

#: Of device; a key in the file.
Kind = Literal["treadmill", "heart", "pod"]

log = logger(__name__)


class Choice(msgspec.Struct, frozen=True):
    """A device that was chosen out of several."""

    address: str
    name: str


class Remembered(msgspec.Struct, frozen=True):
    """A calibration in the form of its file, or None where it was removed, and when that was."""

    at: datetime
    calibration: dict[str, Any] | None
    is_from_here: bool

    @property
    def measured(self) -> TreadmillCalibration | None:
        if self.calibration is None:
            return None
        return decode_calibration(msgspec.json.encode(self.calibration))


class _File(msgspec.Struct):
    chosen: dict[Kind, Choice] = {}
    calibrations: dict[str, Remembered] = {}


class Memory:
    """`path` None: nothing outlives the process."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._file = _read(path)

    def chosen(self, kind: Kind) -> Choice | None:
        return self._file.chosen.get(kind)

    def choose(self, kind: Kind, choice: Choice | None) -> None:
        """None forgets."""
        if choice is None:
            self._file.chosen.pop(kind, None)
        else:
            self._file.chosen[kind] = choice
        self._write()

    def calibration(self, address: str) -> Remembered | None:
        """Of the treadmill at `address`; None where there never was one."""
        return self._file.calibrations.get(address.lower())

    def keep(self, address: str, measured: TreadmillCalibration | None) -> None:
        """It was measured now, here; None: what is known is to be forgotten."""
        form = None if measured is None else msgspec.json.decode(encode_calibration(measured))
        self._file.calibrations[address.lower()] = Remembered(self._clock(), form, True)
        self._write()

    def take(self, told: Sequence[KeptCalibration]) -> None:
        """What the server has, where it is newer and is a calibration.

        It tells all with each connection: what is no news touches no disk, for the tick waits.
        """
        has_news = False
        for each in told:
            known = self.calibration(each.address)
            if known is not None and known.at >= each.calibrated_at:
                continue
            news = Remembered(each.calibrated_at, each.calibration, False)
            try:
                _ = news.measured
            except CalibrationFileError as error:
                log.warning("bridge.calibration_not_taken", error=str(error))
                continue
            self._file.calibrations[each.address.lower()] = news
            log.info("bridge.calibration_taken", removed=each.calibration is None)
            has_news = True
        if has_news:
            self._write()

    def _write(self) -> None:
        """A full disk costs the memory, not the run."""
        if self._path is None:
            return
        try:
            write_whole(self._path, msgspec.json.encode(self._file))
        except OSError as error:
            log.error("bridge.memory_not_written", error=str(error))


def _read(path: Path | None) -> _File:
    """What was written last; nothing where that cannot be read."""
    if path is None or not path.exists():
        return _File()
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
        for each in file.calibrations.values():
            _ = each.measured
    except (OSError, msgspec.MsgspecError, CalibrationFileError) as error:
        log.warning("bridge.memory_not_read", error=str(error))
        return _File()
    return file
