"""Two runs on one axis: chosen, looked at, swapped, and sent as an address."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
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


async def test_compare_two_runs_by_distance_and_time(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await choose_another_run(page)
    await expect(
        page.get_by_text(re.compile(r"was .+ faster over the first .+\s(km|mi)\."))
    ).to_have_count(2)
    charts = page.get_by_role("slider", name="Charts of both runs")
    await charts.focus()
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Shift+ArrowRight")
    await expect(charts).to_have_attribute(
        "aria-valuetext", re.compile(r"^After 0\.\d\d.(km|mi); .*Pace: A .+, B ")
    )
    first = re.search(r"a=([\w-]+)&b=([\w-]+)", page.url)
    assert first is not None

    await page.get_by_role("radio", name="Time").check(force=True)
    await expect(page).to_have_url(re.compile("axis=time"))
    await page.get_by_role("link", name="Swap").click()
    await expect(page).to_have_url(re.compile(f"a={first[2]}&b={first[1]}&axis=time"))
    await page.reload()
    await expect(page.get_by_role("radio", name="Time")).to_be_checked()
    await page.get_by_role("button", name="As a table").click()
    await expect(page.get_by_role("columnheader", name="Pace A")).to_be_visible()


async def test_compare_on_a_phone_and_without_a_run(visit: Visit) -> None:
    page = await visit(PHONE)
    await enter_demo(page)
    await choose_another_run(page)
    assert await overflow_px(page) <= 0
    await page.goto("/runs/compare")
    await expect(page.get_by_role("heading", name="Which runs?")).to_be_visible()
