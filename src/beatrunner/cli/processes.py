"""The processes behind `beatrunner serve`.

The supervisor opens the port itself, so that a taken port is said in words and the server
processes share one socket; it starts servers and a worker as children, starts a child again when
it dies, and stops them all when it is stopped. When it is killed, they notice (`kit.parent`). It
knows nothing of pages and routes, whose import would only delay the first child.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

import click

from beatrunner.accounts.this_computer import is_loopback
from beatrunner.bridge import STOP_PATIENCE_S
from beatrunner.cli.home import tell_phones
from beatrunner.cli.owner import find_owner
from beatrunner.db import migrate as migrations
from beatrunner.db.engine import Database
from beatrunner.devices import virtual_bridge
from beatrunner.devices.bridges import admit_own
from beatrunner.kit.clock import system_clock
from beatrunner.kit.log import configure_logs, logger
from beatrunner.kit.settings import Settings

log = logger(__name__)

_LOOK_S = 0.2
#: A bridge stops its belt first.
_STOP_PATIENCE_S = STOP_PATIENCE_S + 5.0
#: A child that lives shorter than this is started again only after a growing wait.
_HEALTHY_S = 10.0
_LONGEST_WAIT_S = 30.0


async def migrate(settings: Settings) -> None:
    database = Database(settings.database, readers=1)
    try:
        await migrations.upgrade(database)
    finally:
        await database.close()


@dataclass(slots=True)
class _Child:
    name: str
    words: Sequence[str]
    pass_fds: Sequence[int] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    start_after: float = 0.0

    def start(self, environment: dict[str, str]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "beatrunner", *self.words, "--supervised"],
            stdin=subprocess.PIPE,  # nothing is written: it ends with this process
            env={**environment, **self.environment},
            pass_fds=self.pass_fds,
        )


@dataclass(slots=True)
class Supervisor:
    settings: Settings
    bridge: str | None = None
    """A bridge beside the server: `real` or `virtual`."""
    _children: list[_Child] = field(default_factory=list)
    _stopping: bool = False

    def run(self) -> int:
        """Serve until stopped; gives the exit code."""
        configure_logs(self.settings.log_format, self.settings.log_level)
        settings = self.settings
        if settings.lan and not is_loopback(settings.host):
            raise click.UsageError("--lan goes with a server that else is for this computer alone.")
        listening = self._listen(settings.host, settings.port)
        at_home = self._listen(settings.at_home().host, settings.lan_port) if settings.lan else None
        if listening is None or (settings.lan and at_home is None):
            return 1
        asyncio.run(migrate(settings))
        words, fds = ["server", "--fd", str(listening.fileno())], [listening.fileno()]
        if at_home is not None:
            words += ["--home-fd", str(at_home.fileno())]
            fds.append(at_home.fileno())
        for number in range(settings.server_processes):
            self._children.append(_Child(f"server {number + 1}", words, fds))
        self._children.append(_Child("worker", ("worker",)))
        if self.bridge is not None:
            self._children.append(self._bridge_child(is_virtual=self.bridge == "virtual"))
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, self._stop)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        click.echo(f"BeatRunner is at http://{host}:{settings.port} (Ctrl-C stops it)")
        if settings.lan:
            asyncio.run(tell_phones(settings))
        while not self._stopping:
            self._look_after_children()
            time.sleep(_LOOK_S)
        self._end_children()
        return 0

    def _bridge_child(self, *, is_virtual: bool) -> _Child:
        """On a loopback server it belongs to the owner of this computer, without a code; where
        there is no owner (any more), to whoever has it join by one.
        """
        words = ["bridge", "--server", self.settings.own_address]
        if is_virtual:
            words.append("--virtual")
        environment = {}
        token = None
        if is_loopback(self.settings.host):
            token = asyncio.run(admit_owners_bridge(self.settings, is_virtual=is_virtual))
        if token is not None:
            environment["BEATRUNNER_BRIDGE_TOKEN"] = token
        return _Child("bridge", words, environment=environment)

    def _listen(self, host: str, port: int) -> socket.socket | None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            click.echo(
                f"BeatRunner cannot listen on {host}:{port}"
                f" ({error.strerror}). Is it running already?"
                " Another port: beatrunner serve --port 8001"
                " (for the home network: BEATRUNNER_LAN_PORT=8444)",
                err=True,
            )
            return None
        listening.listen(2048)
        listening.set_inheritable(True)
        return listening

    def _look_after_children(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and (code := child.process.poll()) is not None:
                log.error("child.ended", name=child.name, exit_code=code)
                child.failures = 0 if now - child.started > _HEALTHY_S else child.failures + 1
                child.start_after = now + min(2.0**child.failures - 1.0, _LONGEST_WAIT_S)
                child.process = None
            if child.process is None and now >= child.start_after:
                child.start(self._environment())

    def _environment(self) -> dict[str, str]:
        """Children read the same settings, with what the command line changed."""
        return {
            # The fits are small: threads would wait for each other longer than they compute.
            "OPENBLAS_NUM_THREADS": "1",
            **os.environ,
            "BEATRUNNER_HOST": self.settings.host,
            "BEATRUNNER_PORT": str(self.settings.port),
            "BEATRUNNER_LAN": str(self.settings.lan),
        }

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _end_children(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + _STOP_PATIENCE_S
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()


async def admit_owners_bridge(settings: Settings, *, is_virtual: bool) -> str | None:
    """The token of this computer's bridge for its owner, who is made if nobody is there yet; None
    where there is no owner any more.
    """
    database = Database(settings.database, readers=1)
    try:
        async with database.write() as tx:
            owner = await find_owner(tx)
            if owner is None:
                return None
            name = virtual_bridge.NAME_BESIDE_SERVER if is_virtual else socket.gethostname()
            _, token = await admit_own(
                tx, owner.id, name, is_virtual=is_virtual, now=system_clock()
            )
            return token
    finally:
        await database.close()
