"""A real server process, with one route more: `GET /v1/empty` (`server_under_load`)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from beatrunner.kit.settings import Settings


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The address of a server process that lives as long as the block."""
    address = f"http://127.0.0.1:{settings.port}"
    environment = {
        **os.environ,
        "BEATRUNNER_DATA_DIR": str(settings.data_dir),
        "BEATRUNNER_PORT": str(settings.port),
        "BEATRUNNER_LOG_FORMAT": "json",
        # As many live as the load has users.
        "BEATRUNNER_ACCESS_TOKEN_S": "3600",
    }
    with (settings.data_dir / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.server_under_load"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        await_answer(f"{address}/health")
        yield address
    finally:
        process.terminate()
        process.wait(15)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def await_answer(address: str, patience_s: float = 60.0) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            get(address)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own server
        content: bytes = answer.read()
    return content
