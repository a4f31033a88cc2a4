"""Two runs on one axis: chosen from a run, on a phone, and without any."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import PHONE
from tests.browser.test_new_user import enter_demo, overflow_px

LONG_RUN = "Lunch can wait"


async def choose_another_run(page: Page) -> None:
    """From a run to its comparison with the first one that is suggested."""
    await page.goto(f"/runs?q={LONG_RUN}")
    await page.get_by_role("link", name=LONG_RUN).first.click()
    await page.get_by_role("button", name="Compare with…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("link").first.click()
    await expect(page.get_by_role("heading", name="Compare two runs")).to_be_visible()
    await expect(page.get_by_role("slider", name="Charts of both runs")).to_be_visible()
    await expect(dialog).to_be_hidden()


async def test_compare_on_a_phone_and_without_a_run(visit: Visit) -> None:
    page = await visit(PHONE)
    await enter_demo(page)
    await choose_another_run(page)
    assert await overflow_px(page) <= 0
    await page.goto("/runs/compare")
    await expect(page.get_by_role("heading", name="Which runs?")).to_be_visible()
