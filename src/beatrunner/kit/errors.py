"""Errors a use case raises for its caller; `web.problems` turns each into problem+json.

ProductError            status, stable `type`, and words that say what to do
├── NotFoundError       404
├── NotSignedInError    401
├── ForbiddenError      403
├── ConflictError       409
├── RefusedError        422
├── TooLargeError       413
├── TooManyError        429, with the seconds to wait
└── UnavailableError    503
"""

from __future__ import annotations


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
    status = 503
    kind = "unavailable"
    title = "This cannot be had now."
