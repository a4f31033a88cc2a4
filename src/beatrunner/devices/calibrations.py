"""A treadmill's calibration in the form of its file, for the API.

What its figures may be is the codec's to judge: the same rules hold for a file that a bridge reads
by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.calibration import CalibrationFileError, decode_calibration
from beatrunner.devices import store
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotFoundError, RefusedError
from beatrunner.kit.http import STORABLE, Strict


class CalibrationFile(Strict):
    form: Literal["beatrunner-treadmill-calibration"]
    version: Literal[1]
    treadmill: Annotated[str, STORABLE]
    manufacturer: Annotated[str, STORABLE] | None
    lag_s: float
    ramp_up_kmh_s: float
    ramp_down_kmh_s: float
    overshoot_kmh: float
    settle_s: float
    speed_step_kmh: float
    incline_step_pct: float
    commands_in_mph: bool
    data_in_mph: bool
    is_honest: bool
    starts_by_command: bool
    echoes_targets: bool


def believable(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """A calibration as a bridge told it, None when it is of no treadmill."""
    try:
        return _checked(CalibrationFile.model_validate(told))
    except (ValidationError, CalibrationFileError):
        return None


def _checked(file: CalibrationFile) -> dict[str, Any]:
    """Raises CalibrationFileError."""
    decode_calibration(file.model_dump_json())
    return file.model_dump()


class Calibrations:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def get(
        self, tx: AsyncConnection, account_id: UUID, treadmill_id: UUID
    ) -> CalibrationFile:
        """Raises NotFoundError, also for what was never calibrated."""
        row = await store.get_device(tx, account_id, treadmill_id)
        if row.calibration is None:
            raise NotFoundError("This was never calibrated.")
        return CalibrationFile.model_validate(row.calibration)

    async def put(
        self, tx: AsyncConnection, account_id: UUID, treadmill_id: UUID, file: CalibrationFile
    ) -> None:
        """Raises NotFoundError, or RefusedError for what is of no treadmill."""
        row = await store.get_device(tx, account_id, treadmill_id)
        if row.kind != "treadmill":
            raise RefusedError("Only a treadmill has a calibration.", kind="no-calibration")
        try:
            calibration = _checked(file)
        except CalibrationFileError as error:
            raise RefusedError(str(error), kind="no-calibration") from error
        await store.update_device(
            tx, treadmill_id, {"calibration": calibration, "calibrated_at": self._clock()}
        )

    async def remove(self, tx: AsyncConnection, account_id: UUID, treadmill_id: UUID) -> None:
        """The time stays, so that the bridge's copy counts as older. Raises NotFoundError."""
        row = await store.get_device(tx, account_id, treadmill_id)
        if row.calibration is None:
            raise NotFoundError("This was never calibrated.")
        await store.update_device(
            tx, treadmill_id, {"calibration": None, "calibrated_at": self._clock()}
        )
