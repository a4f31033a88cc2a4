"""What a runner hides, and what a stranger then sees: zones, and who may see a run."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_new_user import enter_demo, overflow_px
from tests.browser.test_sharing import LONG_RUN

MAP = ".map-canvas canvas"


async def open_zones(page: Page) -> Locator:
    """The button that adds one, once the map is there."""
    await page.goto("/settings/privacy")
    await expect(page.locator(MAP)).to_be_visible()
    return page.get_by_role("button", name="Add a zone here", exact=True)


async def test_where_runs_start_again_is_hidden_and_may_be_shown(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await open_zones(page)
    found = page.get_by_text(re.compile(r"^\d+ runs start or end here$"))
    await expect(found.first).to_be_visible()
    before = await found.count()
    await page.get_by_role("button", name="Let others see it", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Let others see this place?")
    await dialog.get_by_role("button", name="Let others see it", exact=True).click()
    await expect(page.get_by_text("Place 1: others see it", exact=True)).to_be_visible()
    await expect(found).to_have_count(before - 1)
    await page.get_by_role("button", name="Hide it again", exact=True).click()
    await expect(found).to_have_count(before)


async def test_a_zone_is_placed_where_streets_can_be_told(visit: Visit) -> None:
    page = await visit(PHONE)
    await enter_demo(page)
    add = await open_zones(page)
    assert await overflow_px(page) <= 0
    await zoom_out(page, add)
    while await add.is_disabled():
        await page.locator(MAP).click(position={"x": 100, "y": 120})
    await add.press("Enter")
    handle = page.get_by_role("button", name="Move Home", exact=True)
    latitude = page.get_by_label("Latitude")
    first = await latitude.input_value()
    await handle.press("ArrowUp")
    await expect(latitude).not_to_have_value(first)
    await expect(handle).to_be_focused()
    await page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog", name="Delete Home?")
    await dialog.get_by_role("button", name="Delete", exact=True).click()
    await expect(handle).to_have_count(0)

    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation({"latitude": -33.925, "longitude": 18.424})
    await zoom_out(page, add)
    await page.get_by_role("button", name="Go to where I am now", exact=True).click()
    await expect(add).to_be_enabled()
    await add.press("Enter")
    await expect(latitude).to_have_value(re.compile(r"-33\.9"))


async def zoom_out(page: Page, add: Locator) -> None:
    """Until no zone can be added, and it says why."""
    while await add.is_enabled():
        await page.get_by_role("button", name="Zoom out", exact=True).click()
    await expect(page.get_by_text("Zoom in until the cross is at the right house.")).to_be_visible()


async def test_a_public_run_is_gone_as_soon_as_it_is_private(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await page.goto(f"/runs?q={LONG_RUN}")
    await page.get_by_role("link", name=LONG_RUN).first.click()
    await page.get_by_role("button", name="Who can see this run: Only you").click()
    dialog = page.get_by_role("dialog", name="Who can see this run")
    await dialog.get_by_text("Anybody", exact=True).click()
    address = await dialog.get_by_label("Its address").input_value()
    await expect(page.get_by_text("Anybody can see this run now.")).to_be_visible()
    run = address.rpartition("/")[2]

    visitor = await visit(PHONE)
    await visitor.goto(f"/r/{run}")
    await expect(visitor.get_by_text("Start and end are not shown.")).to_be_visible()
    assert await overflow_px(visitor) <= 0

    await dialog.get_by_text("Only you", exact=True).click()
    await expect(page.get_by_text("Only you can see this run now.")).to_be_visible()
    gone = await visitor.request.get(f"/v1/public/activities/{run}")
    assert gone.status == 404
