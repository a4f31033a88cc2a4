"""A runner without hardware: a song drives a virtual belt, and the run is found with its music."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.contrast import expect_readable
from tests.browser.serving import DESKTOP, PHONE, serving
from tests.browser.test_new_user import overflow_px

#: The bridge, its radio and the calibration of a fresh virtual treadmill.
_START_PATIENCE_MS = 60_000
#: Governor, radio and belt together.
_BELT_PATIENCE_MS = 30_000
#: Learning the runner's steps, and finding the speed for them.
_BEAT_PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One of its own: its owner has a treadmill, unlike the owners of other journeys."""
    with serving(tmp_path_factory.mktemp("gym")) as address:
        yield address


async def try_virtual_treadmill(page: Page) -> None:
    await page.get_by_role("button", name="This is my computer").click()
    await page.get_by_role("link", name="Workout", exact=True).first.click()
    await page.get_by_role("button", name="Try a virtual treadmill").click()
    await expect(page).to_have_url(re.compile("/workout/.+"), timeout=_START_PATIENCE_MS)


def beside_belt(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='Beside the belt']")


async def press_beside(page: Page, name: str) -> None:
    await beside_belt(page).get_by_role("button", name=name).click()


async def hold_to_start(page: Page) -> None:
    start = beside_belt(page).get_by_role("button", name="Hold to start")
    await expect(start).to_be_enabled(timeout=_BELT_PATIENCE_MS)
    await start.hover()
    await page.mouse.down()
    await expect(start).to_have_text("Let go")
    await page.mouse.up()
    await expect(page.get_by_text("The belt follows")).to_be_visible(timeout=_BELT_PATIENCE_MS)


async def hold_until_on_the_beat(page: Page) -> None:
    """Let go when the steps are no longer too slow; the belt finds the rest by itself."""
    too_slow = page.get_by_text("Slower than the beat")
    await expect(too_slow).to_be_visible()
    await beside_belt(page).get_by_role("button", name="Hold to speed up").hover()
    await page.mouse.down()
    await expect(too_slow).to_be_hidden(timeout=_BELT_PATIENCE_MS)
    await page.mouse.up()
    await expect(page.get_by_text("On the beat")).to_be_visible(timeout=_BEAT_PATIENCE_MS)


async def expect_standing(page: Page) -> None:
    await expect(page.get_by_text("The belt stands", exact=True)).to_be_visible(
        timeout=_BELT_PATIENCE_MS
    )


async def test_a_song_drives_the_belt_and_the_run_keeps_it(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await try_virtual_treadmill(page)
    await expect_readable(page)
    await hold_to_start(page)
    await expect(page.get_by_role("group", name="Steps")).to_contain_text("beat 1")
    await expect(page.get_by_text("Even Steps")).to_be_visible()
    await hold_until_on_the_beat(page)
    speed = page.get_by_role("group", name="Speed")
    await expect(speed).to_contain_text(re.compile(r"[6-9]\.\d"))
    await expect_readable(page)

    await change_to_heart(page)
    await press_beside(page, "Lose heart-rate strap")
    await expect(page.get_by_text("speed will not rise by itself").first).to_be_visible(
        timeout=_BELT_PATIENCE_MS
    )
    await expect(page.get_by_text("Heart-rate strap lost", exact=True)).to_be_visible()
    await expect_readable(page)

    await page.get_by_role("button", name="Stop", exact=True).click()
    await expect_standing(page)
    await expect_readable(page)
    await page.get_by_role("button", name="End workout").click()
    await expect(page.get_by_role("heading", name="Well run")).to_be_visible()
    await expect(page.get_by_role("list", name="Soundtrack")).to_contain_text("Even Steps")
    await expect_readable(page)
    await page.get_by_role("link", name="See the run").click()
    await expect(page).to_have_url(re.compile("/runs/.+"))
    await expect(page.get_by_text("Even Steps").first).to_be_visible()


async def change_to_heart(page: Page) -> None:
    await page.get_by_role("button", name="Change").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_text("The heart leads").click()
    await expect_readable(page)
    # What covers the figures leaves Stop to be pressed.
    await page.get_by_role("button", name="Stop", exact=True).click(trial=True)
    await sheet.get_by_role("button", name="Change").click()
    await expect(sheet).to_be_hidden()
    await expect(page.get_by_text("Slower than the beat")).to_be_hidden()


async def test_an_alarm_shows_until_the_belt_is_seen_and_the_safety_key_stops(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await try_virtual_treadmill(page)
    await hold_to_start(page)

    await press_beside(page, "Lose treadmill")
    alarm = page.get_by_role("alertdialog", name="The belt may still be moving")
    await expect(alarm).to_be_visible(timeout=_BELT_PATIENCE_MS)
    await expect(page.get_by_text("The belt stands")).to_be_hidden()
    await expect_readable(page)
    await page.get_by_role("button", name="Stop", exact=True).click(trial=True)
    await press_beside(page, "Find treadmill")
    await expect(alarm).to_be_hidden(timeout=_BELT_PATIENCE_MS)

    await press_beside(page, "Press safety key")
    await expect_standing(page)
    await press_beside(page, "Put safety key back")

    other = await visit(PHONE)
    await try_virtual_treadmill(other)
    await expect(other.get_by_text("Another page leads")).to_be_visible()
    await other.get_by_role("button", name="Lead from here").click()
    await expect(other.get_by_text("Another page leads")).to_be_hidden()
    await expect(page.get_by_text("Another page leads")).to_be_visible()
    await expect_large_stop(other)


async def expect_large_stop(page: Page) -> None:
    """However the phone lies."""
    for width, height in ((390, 844), (844, 390)):
        await page.set_viewport_size({"width": width, "height": height})
        box = await page.get_by_role("button", name="Stop", exact=True).bounding_box()
        assert box is not None
        assert box["width"] >= width / 3 - 24
        assert box["y"] + box["height"] <= height
        assert await overflow_px(page) <= 0
        await expect_readable(page)
