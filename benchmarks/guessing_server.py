"""The real server in a folder of its own, which also tells what guessing cost it.

It has one route more, `GET /v1/cost`: how often each password hash was checked, and the most memory
that the process has held.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from beatrunner import wiring
from beatrunner.accounts import build
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.cli import serving
from beatrunner.kit.settings import LogFormat, Settings
from benchmarks.memory import peak_bytes

#: Whom the server takes itself for: not for one that only this computer reaches.
HOST = "runs.example"
router = APIRouter()
_checks = Counter[str]()


class CountingHasher(PasswordHasher):
    """Works, and counts."""

    async def verify(self, password: str, password_hash: str | None, **more: Any) -> bool:
        is_right = await super().verify(password, password_hash, **more)
        _checks[password_hash or "nobody's"] += 1
        return is_right


@router.get("/v1/cost")
async def get_cost() -> dict[str, Any]:
    return {"checks": _checks, "peak_bytes": peak_bytes()}


if __name__ == "__main__":
    folder, port, tries = sys.argv[1:]
    vars(build)["PasswordHasher"] = CountingHasher
    wiring.ROUTERS = (*wiring.ROUTERS, router)
    serving.serve_on(
        Settings(
            data_dir=Path(folder),
            port=int(port),
            allowed_hosts=(HOST,),
            sign_in_attempts_per_hour=int(tries),
            log_format=LogFormat.JSON,
            log_level="WARNING",
        ),
        None,
    )
