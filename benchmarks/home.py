"""How soon the home page of a runner with 1,000 runs can be used, in Chromium on this machine.

Chromium starts with an empty cache, signs in through "this computer" and opens the home page
anew each time. Usable means: its figures and the newest run are on the page, and the browser's
main thread has been idle since. Beside it a blank page of the same server process.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from beatrunner.kit.settings import Settings
from benchmarks.figures import Report, at_most, plain
from benchmarks.populated import RUNS, populate
from benchmarks.serving import serving
from tests.browser.serving import free_port

MOST_MS = 1000
REPETITIONS = 5
_PATIENCE_MS = 15_000
#: Long enough that nothing is about to begin.
_IDLE = "() => new Promise(done => requestIdleCallback(() => done(performance.now())))"


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name:
        return measure(Settings(data_dir=Path(name), port=free_port()))


def measure(settings: Settings) -> Report:
    asyncio.run(populate(settings))
    with serving(settings) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        blank = [_blank(browser, address) for _ in range(REPETITIONS)]
        first = [_home(browser, address, is_first_visit=True) for _ in range(REPETITIONS)]
        again = [_home(browser, address, is_first_visit=False) for _ in range(REPETITIONS)]
        browser.close()
    what = f"home page with {RUNS:,} runs usable"
    return {
        "bench": "home",
        "figures": [
            at_most(f"{what}, nothing cached", statistics.median(first), "ms", MOST_MS),
            at_most(f"{what}, visited before", statistics.median(again), "ms", MOST_MS),
            plain("blank page of the same server", statistics.median(blank), "ms"),
        ],
    }


def _blank(browser: Browser, address: str) -> float:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/v1/empty")
        return float(page.evaluate(_IDLE))


def _home(browser: Browser, address: str, *, is_first_visit: bool) -> float:
    """Milliseconds since the navigation began."""
    with browser.new_context() as context:
        context.request.post(f"{address}/v1/auth/this-computer", data={}).dispose()
        page = context.new_page()
        if not is_first_visit:
            _open(page, address)
        return _open(page, address)


def _open(page: Page, address: str) -> float:
    page.goto(f"{address}/", wait_until="commit")
    page.wait_for_selector("a[href*='/runs/']", timeout=_PATIENCE_MS)
    return float(page.evaluate(_IDLE))


if __name__ == "__main__":
    print(json.dumps(main()))
