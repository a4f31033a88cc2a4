"""Every error as `application/problem+json` (RFC 9457), with a `type` that stays the same.

What went wrong inside is logged, never answered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from beatrunner.kit.errors import ProductError, TooManyError, UnavailableError, hold_up_of

_HTTP_KINDS = {
    400: ("bad-request", "The request cannot be read."),
    404: ("not-found", "There is nothing here."),
    405: ("method-not-allowed", "This cannot be done here."),
    413: ("too-large", "This is larger than BeatRunner accepts."),
}


class Problem(BaseModel):
    """What every error looks like."""

    type: str
    title: str
    status: int
    detail: str
    # Not a model of its own: its schema is inlined, and could not refer to another.
    errors: list[dict[Literal["field", "message"], str]] | None = None


class ProblemResponse(Response):
    media_type = "application/problem+json"

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        content: dict[str, Any] = {
            "type": f"/problems/{kind}",
            "title": title,
            "status": status,
            "detail": detail or title,
            **(more or {}),
        }
        if errors is not None:
            content["errors"] = list(errors)
        super().__init__(json.dumps(content), status_code=status, headers=headers)


#: For FastAPI's `responses`, so that the OpenAPI document tells it once for every route.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "What is wrong with the request, in words.",
        "content": {
            "application/problem+json": {"schema": Problem.model_json_schema()},
        },
    }
}


def internal_problem() -> ProblemResponse:
    return ProblemResponse(500, ProductError.kind, ProductError.title)


def install_problem_handlers(app: FastAPI) -> None:
    @app.exception_handler(ProductError)
    async def _product(_request: Request, error: ProductError) -> Response:
        headers = {}
        if isinstance(error, TooManyError | UnavailableError):
            headers["Retry-After"] = str(error.retry_after_s)
        if error.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return ProblemResponse(error.status, error.kind, error.title, error.detail, headers=headers)

    @app.exception_handler(OSError)
    async def _no_room(request: Request, error: OSError) -> Response:
        held_up = hold_up_of(error)
        if held_up is None:
            raise error
        return await _product(request, held_up)

    @app.exception_handler(RequestValidationError)
    async def _validation(_request: Request, error: RequestValidationError) -> Response:
        errors = [_field_error(found) for found in error.errors()]
        detail = "; ".join(f"{found['field']}: {found['message']}" for found in errors[:5])
        title = "Some of this cannot be accepted."
        return ProblemResponse(422, "validation", title, detail, errors=errors)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> Response:
        fallback = ("http", HTTPStatus(error.status_code).phrase)
        kind, title = _HTTP_KINDS.get(error.status_code, fallback)
        return ProblemResponse(error.status_code, kind, title, headers=error.headers)


def _field_error(found: Mapping[str, Any]) -> dict[str, str]:
    """The field's name and what is wrong with it; never what was sent, it may be a password."""
    place, *names = found["loc"]
    if found["type"] == "json_invalid":
        return {"field": str(place), "message": "This is not JSON."}
    return {"field": ".".join(map(str, names)) or str(place), "message": found["msg"]}
