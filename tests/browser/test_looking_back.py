"""All runs of the demo runner on one map, and a year of theirs, in a real browser."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_new_user import enter_demo, overflow_px
from tests.browser.waiting import until

#: A dot of any colour on the map.
IS_DRAWN = """() => {
  const canvas = document.querySelector('[data-painted]');
  if (!canvas || Number(canvas.dataset.painted) === 0) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, i) => i % 4 === 3 && value === 255);
}"""


async def test_find_where_an_artist_played(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await page.goto("/runs")
    await page.get_by_role("link", name="Map", exact=True).click()
    await until(page, IS_DRAWN)
    in_view = page.get_by_role("status").filter(has_text="runs in view")
    await expect(in_view).to_have_text(re.compile(r"^\s*\d"))
    everything = await in_view.inner_text()
    await drag_away_and_back(page)
    await expect(in_view).to_have_text(everything)

    await page.get_by_role("radio", name="Artist").check(force=True)
    finder = page.get_by_role("combobox", name="Find where a song or an artist played")
    artist = await page.locator("datalist option").first.get_attribute("value")
    assert artist is not None
    await finder.fill(artist)
    await finder.press("Enter")
    await expect(page.get_by_text(f"Where {artist} played")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"colour=artist.*artist="))
    await page.reload()
    await expect(page.get_by_text(f"Where {artist} played")).to_be_visible()


async def drag_away_and_back(page: Page) -> None:
    box = await page.get_by_role("application").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for by in (3 * box["width"], -3 * box["width"]):
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x + by, y)
        await page.mouse.up()
        if by > 0:
            await expect(page.get_by_text("No runs in view.")).to_be_visible()


async def test_look_back_on_a_year(visit: Visit) -> None:
    page = await visit(PHONE)
    await enter_demo(page)
    await page.goto("/runs")
    await page.get_by_role("link", name="Year", exact=True).click()
    await expect(page.get_by_role("heading", name=re.compile("in music and miles"))).to_be_visible()
    await until(page, IS_DRAWN)
    assert await overflow_px(page) <= 0
    await page.get_by_role("button", name="As a table").first.click()
    await expect(page.get_by_role("row")).to_have_count(13)
    await page.get_by_role("link", name="Open the map").click()
    await expect(page).to_have_url(re.compile(r"/runs/map\?from=\d{4}-01-01"))
    await until(page, IS_DRAWN)
