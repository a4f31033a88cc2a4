from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import APIRouter

from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat, Settings
from beatrunner.web.app import create_app
from tests.web.client import make_client

router = APIRouter()


@router.get("/v1/things/{name}")
async def get_thing(name: str) -> dict[str, str]:
    return {"name": name}


@router.get("/v1/breaks")
async def breaks() -> None:
    password = "a password in a variable"
    raise RuntimeError(f"{len(password)} went wrong")


@contextmanager
def logging_to(stream: io.StringIO, log_format: LogFormat) -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:]
    configure_logs(log_format, "INFO")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield
    root.handlers[:] = before


@pytest.mark.parametrize("log_format", list(LogFormat))
async def test_a_request_is_one_line_without_its_query(log_format: LogFormat) -> None:
    logged = io.StringIO()
    async with make_client(create_app([router], [], Settings())) as client:
        with logging_to(logged, log_format):
            answer = await client.get("/v1/things/a?token=secret")
    (line,) = logged.getvalue().splitlines()
    assert "/v1/things/a" in line
    assert "secret" not in line
    if log_format is LogFormat.JSON:
        event: dict[str, Any] = json.loads(line)
        assert event["event"] == "request"
        assert event["method"] == "GET"
        assert event["status"] == 200
        assert event["request"] == answer.headers["x-request-id"]
        assert event["elapsed_ms"] >= 0


@pytest.mark.parametrize("log_format", list(LogFormat))
async def test_a_crash_is_logged_without_the_values_of_variables(log_format: LogFormat) -> None:
    logged = io.StringIO()
    async with make_client(create_app([router], [], Settings())) as client:
        with logging_to(logged, log_format):
            await client.get("/v1/breaks")
    text = logged.getvalue()
    assert "24 went wrong" in text
    assert "test_envelope.py" in text
    # A line of code may be shown, what its variable held may not.
    assert text.count("a password in a variable") <= text.count('password = "')
