"""The page beside the belt: a calibration from the hold to what is saved, and the choice of a belt.

The belt is virtual, on real bytes; its time passes faster once nobody has to hold a button.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from beatrunner.core.simulation.quirks import EVERY_QUIRK
from tests.bridge.cellar import Cellar, cellar, page_of, two_belts

_PATIENCE_MS = 45_000


@asynccontextmanager
async def _opened(browser: Browser, url: str) -> AsyncIterator[Page]:
    async with await browser.new_page() as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        await page.goto(url)
        yield page
        assert faults == []


async def _hold(page: Page, here: Cellar) -> None:
    """Press, wait, let go; then the rest goes quickly."""
    start = page.get_by_role("button", name="Hold to calibrate")
    await expect(start).to_be_enabled()
    await start.hover()
    await page.mouse.down()
    await page.wait_for_timeout(3100)
    await page.mouse.up()
    here.pace = 25.0


async def test_a_calibration_from_the_hold_to_what_is_saved(browser: Browser) -> None:
    async with (
        cellar(quirks=EVERY_QUIRK["commands_in_mph"]) as here,
        page_of(here) as url,
        _opened(browser, url) as page,
    ):
        await expect(page.get_by_text("Not calibrated")).to_be_visible()
        here.pace = 10.0
        await expect(page.get_by_text("The belt stands still")).to_be_visible()
        here.pace = 1.0
        await page.get_by_role("button", name="Calibrate (2 minutes)").click()
        await expect(page.get_by_text("Step off. Stand beside the belt.")).to_be_visible()
        await _hold(page, here)
        await expect(page.get_by_text("The belt is being calibrated")).to_be_visible()
        await expect(page.get_by_role("progressbar")).to_be_visible()
        await expect(page.get_by_role("button", name="Stop")).to_be_visible()
        result = page.get_by_text(re.compile("Your treadmill answers in .* It counts in miles"))
        await expect(result).to_be_visible(timeout=_PATIENCE_MS)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text(re.compile("Calibrated on .*, here"))).to_be_visible()
        assert here.gym.remembered is not None
        assert here.gym.remembered.measured is not None
        assert here.gym.remembered.measured.commands_in_mph


async def test_stop_on_the_page_ends_it(browser: Browser) -> None:
    async with cellar() as here, page_of(here) as url, _opened(browser, url) as page:
        here.pace = 10.0
        await expect(page.get_by_text("The belt stands still")).to_be_visible()
        here.pace = 1.0
        await page.get_by_role("button", name="Calibrate (2 minutes)").click()
        await _hold(page, here)
        await expect(page.get_by_text("The belt goes faster")).to_be_visible(timeout=_PATIENCE_MS)
        await page.keyboard.press("Escape")
        ended = page.get_by_role("heading", name="Not calibrated")
        await expect(ended).to_be_visible(timeout=_PATIENCE_MS)
        await expect(page.locator("#result")).to_have_text("Stopped.")
        assert here.virtual.belt.speed_kmh == 0
        await page.get_by_role("button", name="Close").click()
        await expect(page.get_by_role("button", name="Calibrate (2 minutes)")).to_be_visible()


async def test_one_of_two_treadmills_is_chosen_and_forgotten(browser: Browser) -> None:
    async with two_belts() as here, page_of(here) as url, _opened(browser, url) as page:
        await expect(page.get_by_text("Several treadmills are in reach")).to_be_visible()
        await expect(page.get_by_text("has no control of speed")).to_be_visible()
        await page.get_by_role("button", name="Use BeatRunner T1").click()
        await expect(page.get_by_role("button", name="Forget BeatRunner T1")).to_be_visible()
        devices = page.get_by_role("region", name="Devices")
        await expect(devices.get_by_text("Treadmill connected")).to_be_visible()
        assert here.memory.chosen("treadmill") is not None
        await page.get_by_role("button", name="Forget BeatRunner T1").click()
        await expect(page.get_by_text("Several treadmills are in reach")).to_be_visible()
        assert here.memory.chosen("treadmill") is None
