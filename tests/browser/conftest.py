"""A real `beatrunner serve` and a real Chromium.

Where no Chromium is installed these tests are skipped, loudly; with
BEATRUNNER_TEST_BROWSER=required, as in continuous integration, they fail instead.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

STARTS_WITHIN_S = 60.0
#: Software rendering: the map needs WebGL, and test machines have no graphics card.
CHROMIUM_WORDS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    if chromium is None:
        if os.environ.get("BEATRUNNER_TEST_BROWSER") == "required":
            pytest.fail("the browser tests may not be skipped here, and there is no Chromium")
        pytest.skip("NO CHROMIUM: the journeys in the browser are not tested on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_WORDS)
        yield started
        started.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of BeatRunner, started as a new user starts it, with an empty data folder."""
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "beatrunner", "serve", "--port", str(port)],
        env={**os.environ, "BEATRUNNER_DATA_DIR": str(folder / "data")},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_well(address, process, folder / "log")
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        log.close()


def wait_until_well(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"BeatRunner did not start:\n{log.read_text(errors='replace')[-4000:]}")


DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}
DARK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "light",
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


class Visitor:
    """A page that remembers what went wrong in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._on_console)

    def _on_console(self, message: Any) -> None:
        # Asking whether somebody is signed in is answered by 401; that is no fault.
        if message.type == "error" and "401" not in message.text:
            self.faults.append(message.text)


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Any]:
    """`visit(DESKTOP)` opens a fresh browser at the start page."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_page(device: dict[str, Any]) -> Page:
        context = browser.new_context(base_url=server, locale="en-US", **device)
        contexts.append(context)
        visitor = Visitor(context)
        visitors.append(visitor)
        visitor.page.goto("/")
        return visitor.page

    yield open_page
    for context in contexts:
        context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []
