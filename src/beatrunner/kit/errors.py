"""Errors a use case raises for its caller; `web.problems` turns each into problem+json.

ProductError            status, stable `type`, and words that say what to do
├── NotFoundError       404
├── NotSignedInError    401
├── ForbiddenError      403
├── ConflictError       409
├── RefusedError        422
├── TooLargeError       413
├── TooManyError        429, with the seconds to wait
└── UnavailableError    503, with the seconds after which it may be tried again
    └── DiskFullError   507
"""

from __future__ import annotations

import errno
from typing import Literal


class ProductError(Exception):
    status = 500
    kind = "internal"
    title = "Something went wrong."

    def __init__(self, detail: str = "", *, kind: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        if kind is not None:
            self.kind = kind


class NotFoundError(ProductError):
    status = 404
    kind = "not-found"
    title = "There is nothing here."


class NotSignedInError(ProductError):
    status = 401
    kind = "not-signed-in"
    title = "Sign in first."


class ForbiddenError(ProductError):
    status = 403
    kind = "forbidden"
    title = "This is not open to you."


class ConflictError(ProductError):
    status = 409
    kind = "conflict"
    title = "This contradicts what is already there."


class RefusedError(ProductError):
    status = 422
    kind = "refused"
    title = "This cannot be accepted as it is."


class TooLargeError(ProductError):
    status = 413
    kind = "too-large"
    title = "This is larger than BeatRunner accepts."


class TooManyError(ProductError):
    status = 429
    kind = "too-many-requests"
    title = "Too many tries. Wait a little."

    def __init__(self, retry_after_s: int, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class UnavailableError(ProductError):
    """Nothing is wrong with what was asked; later it may go through as it is."""

    status = 503
    kind = "unavailable"
    title = "This cannot be had now."
    retry_after_s = 5


class DiskFullError(UnavailableError):
    status = 507
    kind = "disk-full"
    title = "The disk is full. Free some space."


#: The kinds of what holds work up.
HoldUp = Literal["disk-full", "database-busy", "database-away"]

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def hold_up_of(error: Exception) -> UnavailableError | None:
    """What keeps this from going on for now; None when waiting will not help."""
    if isinstance(error, UnavailableError):
        return error
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return DiskFullError()
    return None
