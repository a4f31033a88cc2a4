"""A runner without hardware: a song drives a virtual belt, and the run is found with its music."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_new_user import overflow_px

#: The bridge, its radio and the calibration of a fresh virtual treadmill.
_START_PATIENCE_MS = 60_000
#: Governor, radio and belt together.
_BELT_PATIENCE_MS = 30_000
#: Start takes three seconds of holding.
_HOLD_MS = 3_500


async def try_virtual_treadmill(page: Page) -> None:
    await page.get_by_role("button", name="Try the demo runner").click()
    await expect(page.get_by_text("What you run to most")).to_be_visible(timeout=120_000)
    await page.goto("/workout")
    await page.get_by_role("button", name="Try a virtual treadmill").click()
    await expect(page).to_have_url(re.compile("/workout/.+"), timeout=_START_PATIENCE_MS)


def beside_belt(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='Beside the belt']")


async def hold_to_start(page: Page) -> None:
    start = beside_belt(page).get_by_role("button", name="Hold to start")
    await expect(start).to_be_enabled(timeout=_BELT_PATIENCE_MS)
    await start.hover()
    await page.mouse.down()
    await page.wait_for_timeout(_HOLD_MS)
    await page.mouse.up()


async def test_a_song_drives_the_belt_and_the_run_keeps_it(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await try_virtual_treadmill(page)
    await hold_to_start(page)

    await expect(page.get_by_text("The belt follows")).to_be_visible(timeout=_BELT_PATIENCE_MS)
    speed = page.get_by_role("group", name="Speed")
    await expect(speed).to_contain_text(re.compile(r"[1-9]\.\d"), timeout=_BELT_PATIENCE_MS)
    await expect(page.get_by_role("group", name="Steps")).to_contain_text("beat 1")
    await expect(page.get_by_text("Even Steps")).to_be_visible()

    await change_to_heart(page)
    await beside_belt(page).get_by_role("button", name="Lose heart-rate strap").click()
    await expect(page.get_by_text("speed will not rise by itself").first).to_be_visible(
        timeout=_BELT_PATIENCE_MS
    )

    await page.get_by_role("button", name="Stop", exact=True).click()
    await expect(page.get_by_text("The belt stands", exact=True)).to_be_visible(
        timeout=_BELT_PATIENCE_MS
    )
    await page.get_by_role("button", name="End workout").click()
    await expect(page.get_by_role("heading", name="Well run")).to_be_visible()
    await page.get_by_role("link", name="See the run with its soundtrack").click()
    await expect(page).to_have_url(re.compile("/runs/.+"))
    await expect(page.get_by_text("Even Steps").first).to_be_visible()


async def change_to_heart(page: Page) -> None:
    await page.get_by_role("button", name="Change").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_text("The heart leads").click()
    await sheet.get_by_role("button", name="Change").click()
    await expect(sheet).to_be_hidden()


@pytest.mark.parametrize(
    "device",
    [PHONE, {**PHONE, "viewport": {"width": 844, "height": 390}}],
    ids=["phone", "landscape"],
)
async def test_stop_is_large_wherever_the_phone_lies(visit: Visit, device: dict[str, Any]) -> None:
    page = await visit(device)
    await try_virtual_treadmill(page)
    box = await page.get_by_role("button", name="Stop", exact=True).bounding_box()
    assert box is not None
    assert box["width"] >= device["viewport"]["width"] / 3 - 24
    assert box["y"] + box["height"] <= device["viewport"]["height"]
    assert await overflow_px(page) <= 0
