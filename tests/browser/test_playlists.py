"""Making a playlist and changing it, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DARK, DESKTOP, PHONE
from tests.browser.test_new_user import enter_demo, overflow_px


async def make_playlist(page: Page) -> None:
    await page.goto("/playlists")
    await page.get_by_role("button", name="Make playlist").click()
    # The demo runner's usual steps.
    await expect(page.get_by_role("heading", name="171 steps")).to_be_visible()
    await expect(page.get_by_text("The songs come in this order")).to_be_visible()


async def titles(page: Page) -> list[str]:
    return await page.get_by_role("list", name="Songs in order").locator("strong").all_inner_texts()


async def test_a_playlist_is_made_changed_and_taken_along(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await make_playlist(page)
    made = await titles(page)
    assert len(made) > 5

    down = page.get_by_role("button", name=f"Move {made[0]} down")
    await down.press("Enter")
    await expect(down).to_be_focused()
    await down.press("Enter")
    await expect(page.get_by_text(f"{made[0]} is now 3 of {len(made)}")).to_be_attached()
    await page.get_by_role("button", name=f"Remove {made[1]}").click()
    await expect(page.get_by_text(f"{len(made) - 1} songs ·")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text(f"{len(made)} songs ·")).to_be_visible()

    await page.get_by_role("button", name="Rename").click()
    await page.get_by_label("Name").fill("Evening")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Evening")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Evening")).to_be_visible()
    assert await titles(page) == [made[1], made[2], made[0], *made[3:]]

    async with page.expect_download() as download:
        await page.get_by_role("button", name="Spotify").click()
    saved = await download.value
    assert saved.suggested_filename == "Evening.txt"
    file = await saved.path()
    uris = file.read_text().splitlines()
    assert len(uris) == len(made)
    assert all(re.fullmatch("spotify:track:[0-9A-Za-z]{22}", uri) for uri in uris)

    await page.get_by_role("button", name="Run to it").click()
    await expect(page.get_by_text("None of these songs is in this browser")).to_be_visible()

    await page.get_by_role("button", name="Delete").click()
    await expect(page).to_have_url(re.compile("/playlists$"))
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("heading", name="Evening")).to_be_visible()


@pytest.mark.parametrize("device", [DARK, PHONE], ids=["dark", "phone"])
async def test_playlists_fit(visit: Visit, device: dict[str, Any]) -> None:
    page = await visit(device)
    await enter_demo(page)
    await make_playlist(page)
    assert await overflow_px(page) <= 0
    await page.goto("/playlists")
    await page.get_by_text("Plan", exact=True).click()
    await expect(page.get_by_text("36:00 in all")).to_be_visible()
    assert await overflow_px(page) <= 0
