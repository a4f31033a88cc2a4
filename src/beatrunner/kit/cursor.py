"""Where a page of a list ended, so that the next one goes on there."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from beatrunner.kit.errors import RefusedError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Microseconds since 1970 for the year 9000; no other value comes near.
_LARGEST = 2.2e17


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """The last row of a page: its sort key, its value there, its identifier."""

    sort: str
    value: float | str
    id: UUID

    @classmethod
    def of_time(cls, sort: str, time: datetime, row_id: UUID) -> Cursor:
        return cls(sort, (time - _EPOCH) // timedelta(microseconds=1), row_id)

    @property
    def time(self) -> datetime:
        """The value of a cursor `of_time`. Raises RefusedError for one before the year 1."""
        try:
            return _EPOCH + timedelta(microseconds=int(self.value))
        except OverflowError as error:
            raise RefusedError("The page asked for does not exist.", kind="bad-cursor") from error

    def encode(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, sort: str, kind: type[float] | type[str] = float) -> Cursor:
        """Raises RefusedError for what is no cursor of this order, with a value of this kind."""
        try:
            padded = text + "=" * (-len(text) % 4)
            cursor = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=cls)
        except (msgspec.DecodeError, binascii.Error, ValueError) as error:
            raise RefusedError("The page asked for does not exist.", kind="bad-cursor") from error
        if not isinstance(cursor.value, kind) or not _is_storable(cursor.value):
            raise RefusedError("The page asked for does not exist.", kind="bad-cursor")
        if cursor.sort != sort:
            raise RefusedError("The page belongs to another order.", kind="bad-cursor")
        return cursor


def _is_storable(value: float | str) -> bool:
    return "\0" not in value if isinstance(value, str) else abs(value) <= _LARGEST
