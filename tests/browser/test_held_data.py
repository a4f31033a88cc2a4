"""What is held of a runner, in a real browser: by whose leave, and how all of it goes."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_accounts import PASSWORD, register, sign_in
from tests.browser.test_new_user import overflow_px
from tests.browser.test_offline import KEPT, wait_for_worker
from tests.browser.waiting import until


async def test_heart_rate_is_agreed_to_and_withdrawn(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await register(page, "heart@example.org")
    await page.goto("/settings/data")
    await page.get_by_role("button", name="Keep my heart rate").click()
    await expect(page.get_by_text("Your heart rate is kept from now on.")).to_be_visible()
    await page.get_by_role("button", name="Keep it no longer").click()
    dialog = page.get_by_role("dialog", name="Keep your heart rate no longer?")
    await dialog.get_by_role("button", name="Keep it no longer").click()
    await expect(page.get_by_role("button", name="Keep my heart rate")).to_be_visible()


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
