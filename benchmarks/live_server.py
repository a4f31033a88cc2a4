"""A server process on a listening socket that outlives it, as under the product's supervisor."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


class LiveServer:
    """`module` is run as `beatrunner` is: it takes `server --fd`."""

    def __init__(self, folder: Path, database: str, module: str, **settings: str) -> None:
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(2048)
        self._listening.set_inheritable(True)
        port = self._listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._words = [sys.executable, "-m", module, "server"]
        self._words += ["--fd", str(self._listening.fileno())]
        self._environment = {
            **os.environ,
            "BEATRUNNER_DATA_DIR": str(folder),
            "BEATRUNNER_DATABASE_URL": database,
            "BEATRUNNER_PORT": str(port),
            "BEATRUNNER_LOG_LEVEL": "WARNING",
            # Compiled once, as an installed product is.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled"),
            **{f"BEATRUNNER_{name.upper()}": value for name, value in settings.items()},
        }
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator[LiveServer]:
        self.start()
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=60):  # noqa: S310
                pass
            yield self
        finally:
            self.kill()
            self._listening.close()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._words,
                env=self._environment,
                pass_fds=[self._listening.fileno()],
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def cpu_s(self) -> float:
        """Seconds of a core that the process has used."""
        assert self._process is not None
        times = psutil.Process(self._process.pid).cpu_times()
        used_s: float = times.user + times.system
        return used_s
