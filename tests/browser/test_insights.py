"""Which music makes the demo runner run, looked up in a real browser."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_new_user import enter_demo
from tests.browser.waiting import until

#: Runs are imported, aligned, measured and fitted before there is a headline.
FITTED_WITHIN_MS = 120_000

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


async def open_insights(page: Page) -> None:
    await enter_demo(page)
    await page.get_by_role("link", name="Insights").click()
    await expect(page.get_by_text("Faster songs make you run faster")).to_be_visible(
        timeout=FITTED_WITHIN_MS
    )


async def test_look_up_what_makes_the_demo_runner_run(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await open_insights(page)
    await look_at_findings(page)
    await correct_a_tempo(page)
    await page.set_viewport_size(PHONE["viewport"])
    await read_charts(page)


async def look_at_findings(page: Page) -> None:
    await expect(page.get_by_text(re.compile(r"\+0\.\d.% per 10 beats/min")).first).to_be_visible()
    await expect(page.get_by_text("The player’s shuffle decided").first).to_be_visible()
    await expect(page.get_by_role("heading", name="What we cannot tell")).to_be_visible()
    await expect(page.get_by_text("songs are compared with songs, never with")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"At your usual 5:\d\d./km that is"))).to_be_visible()

    await page.get_by_role("radio", name="Heart rate").check(force=True)
    await expect(page.get_by_text("your heart rate at the same pace").first).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("radio", name="Heart rate")).to_be_checked()
    await page.get_by_role("radio", name="You chose").check(force=True)
    await expect(page.get_by_text("that you chose there are")).to_be_visible()
    await page.get_by_role("radio", name="Shuffled").check(force=True)
    await page.get_by_role("radio", name="Pace").check(force=True)


async def read_charts(page: Page) -> None:
    await until(page, FITS)
    songs = page.get_by_role("region", name="By song")
    await songs.get_by_role("button", name="What is this?").click()
    await expect(songs.get_by_text("the bar where the truth lies 19 times")).to_be_visible()
    await songs.get_by_role("button", name="As a table").click()
    row = songs.get_by_role("row").filter(has_text="Copper Wire Heart")
    await expect(row).to_contain_text("faster")
    await until(page, FITS)

    curve = page.get_by_role("slider", name="By tempo")
    before = await curve.get_attribute("aria-valuetext")
    await curve.press("ArrowRight")
    await expect(curve).not_to_have_attribute("aria-valuetext", before or "")


async def correct_a_tempo(page: Page) -> None:
    await page.get_by_role("button", name="tempo of Copper Wire Heart").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("as one source says")).to_be_visible()
    await dialog.get_by_role("button", name="Half of it").click()
    await expect(dialog.get_by_text("86 beats/min")).to_be_visible()
    await expect(dialog.get_by_text("as you say")).to_be_visible()
    await dialog.get_by_role("button", name="Forget my word").click()
    await expect(dialog.get_by_text("172 beats/min")).to_be_visible()
    await dialog.get_by_role("button", name="Close").click()
