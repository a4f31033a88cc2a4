"""`beatrunner serve --bridge`: who is started again, who outlives whom, and how all of it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.browser.serving import free_port

PATIENCE_S = 60.0


class Served:
    """`beatrunner serve --bridge --virtual` as somebody starts it in a shell."""

    def __init__(self, folder: Path) -> None:
        self.port, self.bridge_port = free_port(), free_port()
        self.log = folder / "log"
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "beatrunner", "serve"),
                    *("--bridge", "--virtual", "--port", str(self.port)),
                ],
                env={
                    **os.environ,
                    "BEATRUNNER_DATA_DIR": str(folder / "data"),
                    "BEATRUNNER_BRIDGE_PORT": str(self.bridge_port),
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.supervisor = psutil.Process(self._process.pid)

    def child(self, word: str) -> psutil.Process | None:
        """The child that was started by `beatrunner WORD`."""
        for child in self.supervisor.children():
            if child.cmdline()[3:4] == [word]:
                return child
        return None

    def answers(self, port: int, path: str = "/") -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                return True
        except OSError:
            return False

    def is_whole(self) -> bool:
        """Whether server and bridge answer, and the bridge has joined the server."""
        joined = self.log.read_bytes().count(b"bridge.paired")
        return bool(
            joined and self.answers(self.port, "/health") and self.answers(self.bridge_port)
        )

    def wait_until(self, found: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not found():
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")[-4000:]
            time.sleep(0.05)

    @contextmanager
    def workout(self) -> Iterator[None]:
        """That this computer's owner begins with the bridge."""
        origin = f"http://127.0.0.1:{self.port}"
        with httpx2.Client(base_url=origin, headers={"Origin": origin}) as api:
            session = api.post("/v1/auth/this-computer", json={}).raise_for_status().json()
            api.headers["Authorization"] = f"Bearer {session['access_token']}"
            devices = api.get("/v1/devices").raise_for_status().json()["items"]
            bridge_id = next(each["id"] for each in devices if each["kind"] == "bridge")
            wanted = {"bridge_id": bridge_id, "settings": {"mode": "manual"}}
            api.post("/v1/workouts", json=wanted).raise_for_status()
            yield

    def end(self) -> int:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(PATIENCE_S)

    def clear_away(self) -> None:
        """Whatever a test that failed has left."""
        for left in psutil.process_iter(["pid"]):
            try:
                if os.getsid(left.pid) == self._process.pid:
                    left.kill()
            except (OSError, psutil.Error):
                continue
        self._process.wait()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    found = Served(tmp_path)
    yield found
    found.clear_away()


def test_a_bridge_that_dies_is_started_again_and_ctrl_c_ends_all(served: Served) -> None:
    served.wait_until(served.is_whole)
    bridge = served.child("bridge")
    assert bridge is not None
    bridge.kill()
    served.wait_until(lambda: served.log.read_bytes().count(b"bridge.paired") == 2)
    served.wait_until(served.is_whole)
    again = served.child("bridge")
    assert again is not None
    assert again.pid != bridge.pid
    children = served.supervisor.children(recursive=True)
    assert served.end() == 0
    psutil.wait_procs(children, 5)
    assert not [child for child in children if child.is_running()]
    assert b"bridge.ended" in served.log.read_bytes()


def test_a_bridge_outlives_its_server(served: Served) -> None:
    served.wait_until(served.is_whole)
    bridge, server = served.child("bridge"), served.child("server")
    assert bridge is not None
    assert server is not None
    server.kill()
    served.wait_until(lambda: served.log.read_bytes().count(b"bridge.paired") == 2)
    assert served.child("bridge") == bridge
    assert served.answers(served.bridge_port)


def test_nothing_is_left_of_a_supervisor_that_is_killed_but_the_belt_comes_down_first(
    served: Served,
) -> None:
    served.wait_until(served.is_whole)
    children = served.supervisor.children(recursive=True)
    assert len(children) >= 3
    page = f"http://127.0.0.1:{served.bridge_port}"
    address = f"{page.replace('http', 'ws')}/socket"
    with served.workout(), connect(address, origin=Origin(page)) as socket:
        ride(socket, 2.0)
        served.supervisor.kill()
        before_s = time.monotonic()
        shown = [view["shown"] for view in views_of(socket)]
    assert time.monotonic() - before_s > 6.5
    assert [each for each, _same in groupby(shown)] == ["manual", "slowing", "stopping", "stopped"]
    served.wait_until(lambda: not any(child.is_running() for child in children))
    log = served.log.read_bytes()
    assert b"bridge.ended" in log
    assert b"worker.stopped" in log
    assert b"Traceback" not in log


def views_of(socket: ClientConnection) -> Iterator[dict[str, Any]]:
    """What the page beside the belt shows, until the bridge has ended."""
    with suppress(ConnectionClosed):
        while True:
            socket.send('{"type": "here"}')
            yield json.loads(socket.recv(10))


def ride(socket: ClientConnection, speed_kmh: float) -> None:
    """Hold Start, and press + until the belt is as fast."""
    views = views_of(socket)
    next(each for each in views if each["no_start"] is None)
    socket.send('{"type": "press"}')
    next(each for each in views if each["held"] == 1)
    socket.send('{"type": "release", "held_ms": 3100}')
    next(each for each in views if each["shown"] == "automatic")
    socket.send(json.dumps({"type": "nudge", "speed_kmh": 1.0}))
    next(each for each in views if (each["speed_kmh"] or 0) >= speed_kmh)
