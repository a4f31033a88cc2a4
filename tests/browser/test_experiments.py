"""Making an experiment and taking it along, and what chance has shown, in a real browser."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_insights import open_insights
from tests.browser.test_new_user import overflow_px


async def test_an_experiment_is_made_and_taken_along(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await open_insights(page)
    await page.get_by_role("link", name="Experiments").click()
    await expect(page.get_by_text("Faster songs make you run faster")).to_be_visible()
    await expect(page.get_by_text("None yet. What you start is kept here.")).to_be_visible()
    await start(page)
    await page.set_viewport_size(PHONE["viewport"])
    assert await overflow_px(page) <= 0

    await page.get_by_role("button", name="Run to it").click()
    await expect(page.get_by_text("None of these songs is in this browser")).to_be_visible()
    await page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Its list will be gone.")
    await dialog.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("None yet. What you start is kept here.")).to_be_visible()


async def start(page: Page) -> None:
    await page.get_by_label("How many songs").fill("8")
    await page.get_by_label("How many songs").press("Enter")
    await expect(page.get_by_text("Which 8 songs")).to_be_visible()
    await page.get_by_role("button", name="Start an experiment").click()
    mine = page.get_by_role("region", name="Your experiments")
    await expect(mine.get_by_text("Not heard in any run yet")).to_be_visible()
    order = await mine.get_by_role("listitem").locator("strong").all_inner_texts()
    assert len(order) == 8
    async with page.expect_download() as download:
        await mine.get_by_role("button", name="M3U").click()
    saved = await download.value
    assert re.fullmatch(r"Experiment \d{4}-\d\d-\d\d\.m3u8", saved.suggested_filename)
    lines = (await saved.path()).read_text().splitlines()
    titles = [line.partition(" - ")[2] for line in lines if line.startswith("#EXTINF")]
    assert titles == order


async def test_shuffle_is_said_to_be_on(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await page.get_by_role("button", name="This is my computer").click()
    await page.get_by_role("link", name="Workout", exact=True).first.click()
    await page.get_by_role("button", name="Shuffle", exact=True).click()
    await expect(page.get_by_text("Chance decides what comes")).to_be_visible()
    await page.get_by_role("button", name="Shuffled", pressed=True).click()
    await expect(page.get_by_text("Chance decides what comes")).to_be_hidden()
