"""`beatrunner server` with one route more: `GET /v1/empty` answers `{}` and does nothing else.

It passes through everything that surrounds every request, so it says what the house itself costs.
"""

from __future__ import annotations

from fastapi import APIRouter

from beatrunner import wiring
from beatrunner.cli.serving import serve_on
from beatrunner.kit.settings import Settings

router = APIRouter()


@router.get("/v1/empty")
async def get_empty() -> dict[str, str]:
    return {}


if __name__ == "__main__":
    wiring.ROUTERS = (*wiring.ROUTERS, router)
    serve_on(Settings(), None)
