"""A run shown to others: as a picture, by a link, and no longer when that is withdrawn."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_new_user import enter_demo, overflow_px

LONG_RUN = "Lunch can wait"


async def share_a_run(page: Page) -> None:
    await page.goto(f"/runs?q={LONG_RUN}")
    await page.get_by_role("link", name=LONG_RUN).first.click()
    await page.get_by_role("button", name="Share").click()


async def test_share_a_run_and_take_it_back(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await share_a_run(page)
    dialog = page.get_by_role("dialog", name="Share this run")
    await expect(dialog.get_by_text("Where the run begins and ends is cut out")).to_be_visible()
    async with page.expect_download() as saved:
        await dialog.get_by_role("button", name="Save the picture").click()
    assert (await saved.value).suggested_filename.endswith(".png")
    link = await make_link(page)
    assert "this computer alone" in await dialog.inner_text()

    visitor = await visit(PHONE)
    await visitor.goto(link)
    await expect(visitor.get_by_text("Start and end are not shown.")).to_be_visible()
    assert await overflow_px(visitor) <= 0
    assert await visitor.get_by_role("navigation").count() == 0

    await page.goto("/settings/sharing")
    await expect(page.get_by_text("Opened once")).to_be_visible()
    await page.get_by_role("button", name="Withdraw").click()
    await expect(page.get_by_text("No link is live.")).to_be_visible()


async def make_link(page: Page) -> str:
    """Returns its path."""
    await page.get_by_role("dialog").get_by_text("A link", exact=True).click()
    await page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("The link")
    await expect(address).to_have_value(re.compile(r"/s/[\w-]{32}$"))
    return re.sub(r"^https?://[^/]+", "", await address.input_value())


async def test_what_others_see_is_seen_before(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await share_a_run(page)
    await page.get_by_role("checkbox", name="My heart rate").check()
    await page.get_by_role("link", name="See the page as others do").click()
    await expect(page.get_by_text("This is what others see.", exact=True)).to_be_visible()
    await expect(page.get_by_text("Heart rate").first).to_be_visible()
    await page.get_by_role("link", name="Back to the run").click()
    await expect(page.get_by_role("button", name="Share")).to_be_visible()
