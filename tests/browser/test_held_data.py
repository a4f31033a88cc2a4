"""What is held of a runner, in a real browser: by whose leave, and how all of it goes."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_accounts import PASSWORD, register, sign_in
from tests.browser.test_imports import write_files
from tests.browser.test_new_user import drop, overflow_px
from tests.browser.test_offline import KEPT, wait_for_worker
from tests.browser.waiting import until

_IMPORT_PATIENCE_MS = 60_000


async def hand_in(page: Page, file: Path) -> None:
    await expect(page.get_by_role("heading", name="Drop runs and music here")).to_be_visible()
    await drop(page, page.locator("body"), [file])


async def open_import(page: Page, what: str) -> None:
    """When it is done and says `what`."""
    told = re.compile(what, re.IGNORECASE)
    link = page.get_by_role("main").get_by_role("link", name=told).first
    await expect(link).to_be_visible(timeout=_IMPORT_PATIENCE_MS)
    await link.click()
    await expect(page.get_by_role("heading", name=told)).to_be_visible()


async def has_heart_rate(page: Page, run: str) -> bool:
    await page.goto(run)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.get_by_role("radio", name="Pace")).to_be_visible()
    return await page.get_by_role("radio", name="Heart").count() > 0


async def test_heart_rate_is_asked_for_agreed_to_and_withdrawn(
    visit: Visit, tmp_path: Path
) -> None:
    page = await visit(DESKTOP)
    watch, _ = write_files(tmp_path, "Asked first")
    await register(page, "heart@example.org")
    await page.goto("/import")
    await hand_in(page, watch)
    asked = page.get_by_role("dialog", name="Keep the heart rate of your runs?")
    await asked.get_by_role("button", name="Import without it").click()
    await open_import(page, "^1 activity")
    address = await page.get_by_role("link", name="Open the run").get_attribute("href")
    assert address is not None
    here = page.url
    assert not await has_heart_rate(page, address)

    await page.goto(here)
    await page.get_by_role("button", name="Keep my heart rate").click()
    await page.get_by_role("link", name="Import again").click()
    await hand_in(page, watch)
    await open_import(page, "nothing new")
    assert await has_heart_rate(page, address)

    await page.goto("/settings/data")
    await page.get_by_role("button", name="Keep it no longer").click()
    dialog = page.get_by_role("dialog", name="Keep your heart rate no longer?")
    await expect(dialog.get_by_text("the heart rate of one recording")).to_be_visible()
    await dialog.get_by_role("button", name="Keep it no longer").click()
    await expect(page.get_by_role("button", name="Keep my heart rate")).to_be_visible()
    async with asyncio.timeout(20):
        while await has_heart_rate(page, address):
            await page.wait_for_timeout(200)


async def test_an_account_is_deleted_and_that_is_thought_better_of(visit: Visit) -> None:
    page = await visit(PHONE)
    await register(page, "gone@example.org")
    await wait_for_worker(page)
    await page.goto("/settings/data")
    await until(page, f"({KEPT}).then(count => count === 1)")
    await page.get_by_role("button", name="Delete everything").click()
    dialog = page.get_by_role("dialog", name="Delete your account and everything in it?")
    await dialog.get_by_role("button", name="Delete my account").click()
    await page.get_by_role("button", name="With e-mail or a passkey").click()
    await until(page, f"({KEPT}).then(count => count === 0)")

    await sign_in(page, "gone@example.org", PASSWORD)
    note = page.get_by_role("status").filter(has_text="Your account and everything in it go on")
    await expect(note).to_be_visible()
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()
    assert await overflow_px(page) <= 0
    await page.goto("/settings/data")
    await expect(page.get_by_text("Until then everything works as before")).to_be_visible()
    await note.get_by_role("button", name="Keep my account").click()
    await expect(page.get_by_text("Your account stays.")).to_be_visible()
    await expect(page.get_by_role("button", name="Delete everything")).to_be_visible()
    await expect(note).to_have_count(0)
