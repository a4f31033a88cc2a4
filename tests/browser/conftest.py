"""Fixtures for journeys in a browser.

Where no Chromium is installed these tests are skipped, loudly; with
BEATRUNNER_TEST_BROWSER=required, as in continuous integration, they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.serving import CHROMIUM_WORDS, find_chromium, serving


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


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("served")) as address:
        yield address


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
