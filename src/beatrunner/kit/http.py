"""How a route gets at the objects that wiring built: by their type.

`web.app` puts each object into the application under its class; a route names the class:

    Receiver = Annotated[UploadReceiver, Depends(provided(UploadReceiver))]

Nothing is global, and a test builds an application from other objects.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, TypeVar, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Depends, FastAPI, Query, Response
from fastapi.requests import HTTPConnection
from pydantic import AfterValidator, BaseModel, ConfigDict

from beatrunner.kit.errors import RefusedError

T = TypeVar("T")


def provide(app: FastAPI, objects: Iterable[object]) -> None:
    app.state.provided = {type(found): found for found in objects}


def provided(kind: type[T]) -> Callable[[HTTPConnection], Awaitable[T]]:
    """A dependency that gives the application's object of `kind`."""

    # Not awaiting anything, and async all the same: FastAPI runs the others in threads.
    async def find(connection: HTTPConnection) -> T:
        return cast("T", connection.app.state.provided[kind])

    return find


class Strict(BaseModel):
    """What a client sends: unknown fields and numbers that are none are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def _is_storable(text: str) -> str:
    # PostgreSQL has no place for it in a text.
    if "\0" in text:
        raise ValueError("holds a character that no text has")
    return text


#: For `Annotated`: a text from a client that reaches the database.
STORABLE = AfterValidator(_is_storable)


def _asked_zone(time_zone: Annotated[str, Query(max_length=64)] = "UTC") -> ZoneInfo:
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RefusedError(f"There is no time zone {time_zone!r}.") from error


#: The parameter `time_zone` of a route whose days and weeks are those of the runner.
AskedZone = Annotated[ZoneInfo, Depends(_asked_zone)]


def attachment(name: str) -> dict[str, str]:
    """Headers of an answer that is to be kept as a file of this name, whatever letters it has."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def json_answer(shape: BaseModel) -> Response:
    """The answer as it is. A route that returns the shape itself has it checked a second time,
    which for a page of fifty runs takes longer than reading them.
    """
    return Response(shape.model_dump_json(), media_type="application/json")
