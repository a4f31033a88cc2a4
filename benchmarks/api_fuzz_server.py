"""The real server in a folder of its own; told `broken`, with nothing but routes that are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from beatrunner import wiring
from beatrunner.cli.serving import serve_on
from beatrunner.kit import event_stream
from beatrunner.kit.settings import LogFormat, Settings

router = APIRouter()


@router.get("/v1/broken/{number}")
async def divide(number: int) -> float:
    return 1 / (number - number % 2)


@router.get("/v1/lying", response_model=dict[str, int])
async def lie() -> Any:
    return JSONResponse({"answer": "none"})


if __name__ == "__main__":
    folder, port, what = sys.argv[1:]
    if what == "broken":
        wiring.ROUTERS = (router,)
    # Nobody works here on what they follow.
    vars(event_stream)["_LONGEST_STREAM_S"] = 0.5
    serve_on(
        Settings(
            data_dir=Path(folder),
            port=int(port),
            access_token_s=7200,
            log_format=LogFormat.JSON,
            log_level="WARNING",
        ),
        None,
    )
