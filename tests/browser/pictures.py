"""Take the README's pictures: `./dev pictures`.

They show the demo runner, whose runs end on the day they are made.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.serving import CHROMIUM_WORDS, DARK, DESKTOP, PHONE, find_chromium, serving

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
RUN = "Follow the yellow diamonds"
#: Software rendering draws the map in its own time.
_DRAWN_AFTER_MS = 8_000
_TALL = {"viewport": {"width": 1440, "height": 1240}}


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_WORDS)
        page = enter(browser, address, {**DESKTOP, **_TALL})
        shoot(page, "home-light")
        open_run(page)
        shoot(page, "run-light")
        for picture, device in (("run-dark", {**DARK, **_TALL}), ("run-phone", PHONE)):
            page = enter(browser, address, device)
            open_run(page)
            shoot(page, picture)


def enter(browser: Browser, address: str, device: dict[str, Any]) -> Page:
    page = browser.new_context(base_url=address, locale="en-GB", **device).new_page()
    page.goto("/")
    page.get_by_role("button", name="Try the demo runner").click()
    expect(page.get_by_text("What you run to most")).to_be_visible(timeout=120_000)
    page.goto("/")
    expect(page.get_by_text("What you run to most")).to_be_visible()
    return page


def open_run(page: Page) -> None:
    page.goto("/runs")
    page.get_by_role("link", name=re.compile(RUN)).first.click()
    expect(page.get_by_text("Well matched.")).to_be_visible()
    page.wait_for_timeout(_DRAWN_AFTER_MS)


def shoot(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
