"""How much the demo runner trains and how fast they were, looked up in a real browser."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_new_user import enter_demo

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


async def test_look_up_how_much_the_demo_runner_trains(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await page.get_by_role("link", name="Training and fastest stretches").click()
    await expect(page.get_by_text(re.compile(r"(More|Less|About as) .*usual\."))).to_be_visible()
    await look_at_weeks(page)
    await page.set_viewport_size(PHONE["viewport"])
    await page.reload()
    await follow_a_stretch(page)
    await see_what_runs_told_of_the_heart(page)


async def look_at_weeks(page: Page) -> None:
    weeks = page.get_by_role("region", name="Week by week")
    await weeks.get_by_role("radio", name="Distance").check(force=True)
    await expect(page).to_have_url(re.compile("by=distance"))
    await page.reload()
    await expect(weeks.get_by_role("radio", name="Distance")).to_be_checked()
    await expect(weeks.get_by_text(re.compile(r"Week of .*: [\d.]+.km"))).to_be_visible()
    await weeks.get_by_role("button", name="As a table").click()
    await expect(weeks.get_by_role("row")).to_have_count(27)
    trend = page.get_by_role("region", name="Of late, and usually")
    await trend.get_by_role("button", name="What is this?").click()
    await expect(trend.get_by_text("you do more than you are used to")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"\d+ of \d+ runs count in the load"))).to_be_visible()


async def follow_a_stretch(page: Page) -> None:
    stretches = page.get_by_role("region", name="Fastest stretches")
    row = stretches.get_by_role("row").filter(has_text="5\u202fkm")
    await expect(row).to_contain_text(re.compile(r"2\d:\d\d"))
    assert await page.evaluate(FITS)
    await row.get_by_role("link").first.click()
    await expect(page).to_have_url(re.compile(r"/runs/.*from=\d+&to=\d+"))
    await expect(page.get_by_text("kcal")).to_be_visible()


async def see_what_runs_told_of_the_heart(page: Page) -> None:
    await page.goto("/settings/runner")
    await expect(page.get_by_text("Highest heart rate, learned")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"From \d+ runs: more than once"))).to_be_visible()
