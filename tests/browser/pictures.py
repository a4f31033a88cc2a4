"""Take the README's pictures: `./dev pictures`.

They show the demo runner, whose runs end on the day they are made, and a virtual treadmill.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.serving import CHROMIUM_WORDS, DARK, DESKTOP, PHONE, find_chromium, serving
from tests.browser.test_sharing import make_link
from tests.browser.test_workout import (
    hold_to_start,
    hold_until_on_the_beat,
    try_virtual_treadmill,
)

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
RUN = "Follow the yellow diamonds"
#: Software rendering draws the map in its own time.
_DRAWN_AFTER_MS = 8_000
#: Until the charts of a workout show something.
_RIDDEN_MS = 40_000
_TALL = {"viewport": {"width": 1440, "height": 1240}}


async def main() -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_WORDS
        )
        with tempfile.TemporaryDirectory() as name, serving(Path(name)) as address:
            await shoot_demo(browser, address)
        with tempfile.TemporaryDirectory() as name, serving(Path(name)) as address:
            page = await open_page(browser, address, DESKTOP)
            await try_virtual_treadmill(page)
            await hold_to_start(page)
            await hold_until_on_the_beat(page)
            await page.wait_for_timeout(_RIDDEN_MS)
            await shoot(page, "workout")


async def shoot_demo(browser: Browser, address: str) -> None:
    page = await enter(browser, address, {**DESKTOP, **_TALL})
    await shoot(page, "home-light")
    await open_run(page)
    await shoot(page, "run-light")
    await page.goto("/insights")
    await expect(page.get_by_role("heading", name="By song")).to_be_visible(timeout=120_000)
    await page.wait_for_timeout(1_000)
    await shoot(page, "insights-light")
    for picture, device in (("run-dark", {**DARK, **_TALL}), ("run-phone", PHONE)):
        page = await enter(browser, address, device)
        await open_run(page)
        await shoot(page, picture)
    await shoot_as_others_see_it(browser, address)


async def shoot_as_others_see_it(browser: Browser, address: str) -> None:
    page = await enter(browser, address, DESKTOP)
    await open_run(page)
    await page.get_by_role("button", name="Share").click()
    link = await make_link(page)
    visitor = await open_page(browser, address, PHONE)
    await visitor.goto(link)
    await visitor.wait_for_timeout(_DRAWN_AFTER_MS)
    await shoot(visitor, "shared-phone")


async def open_page(browser: Browser, address: str, device: dict[str, Any]) -> Page:
    context = await browser.new_context(base_url=address, locale="en-GB", **device)
    page = await context.new_page()
    await page.goto("/")
    return page


async def enter(browser: Browser, address: str, device: dict[str, Any]) -> Page:
    page = await open_page(browser, address, device)
    await page.get_by_role("button", name="Try the demo runner").click()
    await expect(page.get_by_text("What you run to most")).to_be_visible(timeout=120_000)
    await page.goto("/")
    await expect(page.get_by_text("What you run to most")).to_be_visible()
    return page


async def open_run(page: Page) -> None:
    await page.goto("/runs")
    await page.get_by_role("link", name=re.compile(RUN)).first.click()
    await expect(page.get_by_text("Well matched.")).to_be_visible()
    await page.wait_for_timeout(_DRAWN_AFTER_MS)


async def shoot(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
