from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from beatrunner.kit import errors
from beatrunner.kit.http import Strict
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from tests.web.client import make_client

router = APIRouter()


class Lap(Strict):
    start_s: float


class Laps(Strict):
    laps: list[Lap]


@router.post("/v1/laps")
async def post_laps(body: Laps, limit: Annotated[int, Query(le=200)] = 50) -> dict[str, int]:
    return {"laps": len(body.laps), "limit": limit}


@router.get("/v1/raises/{name}")
async def raises(name: str) -> None:
    if name == "TooManyError":
        raise errors.TooManyError(17)
    raise getattr(errors, name)("Some words.")


@router.get("/v1/full")
async def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "/secret/place")


@router.get("/v1/not-found")
async def not_found() -> None:
    raise FileNotFoundError("/secret/place")


@router.get("/v1/breaks")
async def breaks() -> None:
    raise RuntimeError("the secret is 42")


@router.get("/v1/breaks-off")
async def breaks_off() -> StreamingResponse:
    async def body() -> AsyncIterator[str]:
        yield "begun"
        raise RuntimeError("the secret is 42")

    return StreamingResponse(body())


async def ask(method: str, path: str, **arguments: object) -> httpx2.Response:
    async with make_client(create_app([router], [], Settings())) as client:
        return await client.request(method, path, **arguments)  # type: ignore[arg-type]


def check_shape(answer: httpx2.Response) -> dict[str, object]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    problem: dict[str, object] = answer.json()
    assert problem.keys() - {"errors"} == {"type", "title", "status", "detail"}
    assert problem["status"] == answer.status_code
    return problem


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("NotFoundError", 404, "not-found"),
        ("NotSignedInError", 401, "not-signed-in"),
        ("ForbiddenError", 403, "forbidden"),
        ("ConflictError", 409, "conflict"),
        ("RefusedError", 422, "refused"),
        ("TooLargeError", 413, "too-large"),
        ("TooManyError", 429, "too-many-requests"),
    ],
)
async def test_a_use_cases_error_becomes_a_problem(name: str, status: int, kind: str) -> None:
    answer = await ask("GET", f"/v1/raises/{name}")
    problem = check_shape(answer)
    assert answer.status_code == status
    assert problem["type"] == f"/problems/{kind}"
    if name == "TooManyError":
        assert answer.headers["retry-after"] == "17"
    else:
        assert problem["detail"] == "Some words."


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("/v1/laps", b'{"laps": [{"start_s": 0}, {}]}', ["laps.1.start_s"]),
        ("/v1/laps", b'{"laps": [], "more": 1}', ["more"]),
        ("/v1/laps", b'{"laps": [{"start_s": NaN}]}', ["laps.0.start_s"]),
        ("/v1/laps", b'{"laps": [{"start_s": Infinity}]}', ["laps.0.start_s"]),
        ("/v1/laps", b'{"laps": [{"start_s": 1e999}]}', ["laps.0.start_s"]),
        ("/v1/laps?limit=201", b'{"laps": []}', ["limit"]),
        ("/v1/laps?limit=x", b"{}", ["limit", "laps"]),
        ("/v1/laps", b"{", ["body"]),
        ("/v1/laps", b"", ["body"]),
        ("/v1/laps", b"[]", ["body"]),
    ],
)
async def test_what_cannot_be_accepted_is_named(path: str, body: bytes, fields: list[str]) -> None:
    answer = await ask("POST", path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    problem = check_shape(answer)
    assert problem["type"] == "/problems/validation"
    assert isinstance(problem["errors"], list)
    assert [found["field"] for found in problem["errors"]] == fields
    assert str(problem["detail"]).startswith(f"{fields[0]}: ")


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\xfe", b"\x00"])
async def test_a_body_that_breaks_parsers_is_the_clients_fault(body: bytes) -> None:
    answer = await ask(
        "POST", "/v1/laps", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    check_shape(answer)


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1", 404, "not-found"),
        ("POST", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/laps/", 404, "not-found"),
        ("PUT", "/v1/laps", 405, "method-not-allowed"),
        ("BREW", "/v1/laps", 405, "method-not-allowed"),
        ("POST", "/runs", 405, "method-not-allowed"),
    ],
)
async def test_what_is_not_there_is_a_problem_too(
    method: str, path: str, status: int, kind: str
) -> None:
    answer = await ask(method, path)
    assert answer.status_code == status
    assert check_shape(answer)["type"] == f"/problems/{kind}"


async def test_a_crash_tells_nothing() -> None:
    answer = await ask("GET", "/v1/breaks")
    assert answer.status_code == 500
    assert check_shape(answer)["type"] == "/problems/internal"
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text


async def test_an_answer_that_breaks_off_is_not_made_whole() -> None:
    with pytest.raises(RuntimeError):
        await ask("GET", "/v1/breaks-off")


async def test_the_openapi_document_tells_of_problems() -> None:
    document = (await ask("GET", "/v1/openapi.json")).json()
    responses = document["paths"]["/v1/laps"]["post"]["responses"]
    assert responses.keys() == {"200", "4XX"}
    schema = responses["4XX"]["content"]["application/problem+json"]["schema"]
    assert {"type", "title", "status", "detail"} <= schema["properties"].keys()


async def test_a_full_disk_is_told_and_nothing_about_it() -> None:
    answer = await ask("GET", "/v1/full")
    problem = check_shape(answer)
    assert (problem["type"], answer.status_code) == ("/problems/disk-full", 507)
    assert "Free some space" in str(problem["detail"])
    assert answer.headers["retry-after"] == "5"
    assert "secret" not in answer.text
    assert (await ask("GET", "/v1/not-found")).status_code == 500


async def test_what_is_away_for_now_says_when_to_try_again() -> None:
    answer = await ask("GET", "/v1/raises/UnavailableError")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
