"""The pages of an account fit on a phone, and every text of them can be read."""

from __future__ import annotations

from uuid import UUID

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.contrast import expect_readable
from tests.browser.serving import PHONE
from tests.browser.test_accounts import PASSWORD, register
from tests.browser.test_new_user import overflow_px

#: By what each page says when it is there, and its last part has come.
SETTINGS = {
    "/settings/security": "Your account was made",
    "/settings/privacy": "Add a zone here",
    "/settings/data": "Delete everything",
    "/settings/sharing": "No link is live.",
    "/settings/runner": "Training zones",
    "/settings/devices": "No treadmill yet",
}


async def expect_fit_and_readable(page: Page) -> None:
    """With all that can be unfolded."""
    await page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    assert await overflow_px(page) <= 0, page.url
    await expect_readable(page)


async def test_the_settings_fit_and_can_be_read(visit: Visit) -> None:
    page = await visit(PHONE)
    await register(page, "reader@example.org")
    for address, said in SETTINGS.items():
        await page.goto(address)
        await expect(page.get_by_text(said, exact=True)).to_be_visible()
        await expect_fit_and_readable(page)

    await page.goto("/settings/security")
    await page.get_by_role("button", name="Set it up", exact=True).click()
    await expect(page.get_by_label("Then type the code")).to_be_visible()
    await expect_fit_and_readable(page)
    await page.get_by_role("button", name="Make a token", exact=True).click()
    await expect_fit_and_readable(page)


async def test_the_ways_in_fit_and_can_be_read(browser: Browser, server: str) -> None:
    # No visit: a wrong link, as meant here, is a fault to the browser.
    async with await browser.new_page(base_url=server, locale="en-US", **PHONE) as page:
        await page.goto("/")
        await page.get_by_role("button", name="With e-mail or a passkey").click()
        await page.get_by_label("E-mail").fill("nobody@example.org")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await expect_fit_and_readable(page)
        for step in ("Forgotten your password?", "Back to signing in", "New here? Make an account"):
            await page.get_by_role("button", name=step, exact=True).click()
            await expect_fit_and_readable(page)

        await page.goto("/invitation#made-up")
        await expect(page.get_by_role("alert")).to_be_visible()
        await expect_fit_and_readable(page)
        await page.goto(f"/new-password#{UUID(int=0)}.made-up")
        await page.get_by_label("New password", exact=True).fill(PASSWORD)
        await expect_fit_and_readable(page)
        await page.get_by_role("button", name="Take this password").click()
        await expect(page.get_by_text("This link is no longer good")).to_be_visible()
        await expect_fit_and_readable(page)
