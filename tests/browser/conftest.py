"""Fixtures for journeys in a browser.

Where no Chromium is installed these tests are skipped, loudly; with
BEATRUNNER_TEST_BROWSER=required, as in continuous integration, they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    async_playwright,
    expect,
)

from tests.browser.serving import CHROMIUM_WORDS, find_chromium, serving

#: What a page does within a second takes longer on a machine with much to do.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = find_chromium()
    if chromium is None:
        if os.environ.get("BEATRUNNER_TEST_BROWSER") == "required":
            pytest.fail("the browser tests may not be skipped here, and there is no Chromium")
        pytest.skip("NO CHROMIUM: the journeys in the browser are not tested on this machine")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_WORDS)
        yield started
        await started.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("served")) as address:
        yield address


Visit = Callable[[dict[str, Any]], Awaitable[Page]]


class Faults:
    """What went wrong in the pages of a test."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.found.append(str(error)))
        page.on("console", self._on_console)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Asking whether somebody is signed in is answered by 401; that is no fault.
        if message.type == "error" and "401" not in message.text:
            self.found.append(message.text)


@pytest.fixture
async def visit(browser: Browser, server: str) -> AsyncIterator[Visit]:
    """`await visit(DESKTOP)` opens a fresh browser at the start page."""
    contexts: list[BrowserContext] = []
    faults = Faults()

    async def open_page(device: dict[str, Any]) -> Page:
        context = await browser.new_context(base_url=server, locale="en-US", **device)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(30_000)
        faults.watch(page)
        await page.goto("/")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert faults.found == []
