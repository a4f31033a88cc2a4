"""What a runner changes about how they sign in, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, serving
from tests.browser.test_accounts import (
    PASSWORD,
    register,
    sign_in,
    sign_out,
    type_mailed_code,
)

NEW_PASSWORD = "eleven otters under the evening bridge"
#: Longer than a sign-in is believed to be still the runner's.
STALE_S = 11 * 60


async def set_password(page: Page) -> None:
    await page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Take this password").click()


async def test_a_forgotten_password_is_renewed_by_mail(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await register(page, "grace@example.org")
    await sign_out(page)
    await page.get_by_role("button", name="Forgotten your password?").click()
    await page.get_by_label("E-mail").fill("grace@example.org")
    await page.get_by_role("button", name="Send me a code").click()
    await type_mailed_code(page, "Your code for a new BeatRunner password")
    await set_password(page)
    await expect(
        page.get_by_text("Your password is new. All devices are signed out")
    ).to_be_visible()

    await sign_in(page, "grace@example.org", PASSWORD)
    await expect(page.get_by_text("E-mail or password is not right")).to_be_visible()
    await sign_in(page, "grace@example.org", NEW_PASSWORD)
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()


async def test_address_and_password_are_changed(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await register(page, "alan@example.org")
    await page.goto("/settings/security")
    change = page.get_by_role("button", name="Change", exact=True)
    await change.first.click()
    await page.get_by_label("New e-mail").fill("alan@example.net")
    await page.get_by_role("button", name="Send me a code").click()
    await type_mailed_code(page, "Your code for a new BeatRunner address")
    await expect(page.get_by_text("alan@example.net. Verified")).to_be_visible()
    await change.last.click()
    await set_password(page)
    # The log follows what is done on its page.
    await expect(page.get_by_text("The password was changed", exact=True)).to_be_visible()

    await sign_out(page)
    await sign_in(page, "alan@example.net", NEW_PASSWORD)
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()


async def test_who_changes_something_late_is_asked_who_they_are(
    browser: Browser, tmp_path: Path
) -> None:
    context = await browser.new_context(locale="en-US", **DESKTOP)
    page = await context.new_page()
    with serving(tmp_path) as address:
        await page.goto(address)
        await register(page, "late@example.org")
    with serving(tmp_path, later_s=STALE_S) as address:
        await page.goto(f"{address}/settings/security")
        await page.get_by_role("button", name="Set it up").click()
        dialog = page.get_by_role("dialog", name="Is it you?")
        await dialog.get_by_label("Password").fill("somebody else's guess")
        await dialog.get_by_role("button", name="It is me").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await dialog.get_by_label("Password").fill(PASSWORD)
        await dialog.get_by_role("button", name="It is me").click()
        # What was begun goes on by itself.
        await expect(dialog).not_to_be_visible()
        secret = (await page.locator("code").inner_text()).replace(" ", "")
        then = datetime.now(UTC) + timedelta(seconds=STALE_S)
        await page.get_by_label("Then type the code").fill(pyotp.TOTP(secret).at(then))
        recovery = await page.locator("ol code").first.inner_text()
        await page.get_by_role("button", name="I have kept them").click()
    # From then on the password alone shows nothing.
    with serving(tmp_path, later_s=2 * STALE_S) as address:
        await page.goto(f"{address}/settings/security")
        await page.get_by_role("button", name="Make a token").click()
        await page.get_by_label("Name", exact=True).fill("Upload")
        await page.get_by_label("add runs and listening history", exact=True).check()
        await page.get_by_role("button", name="Make a token").last.click()
        await dialog.get_by_label("Password").fill(PASSWORD)
        await dialog.get_by_role("button", name="Use a recovery code").click()
        await dialog.get_by_label("Recovery code").fill(recovery)
        await dialog.get_by_role("button", name="It is me").click()
        await expect(dialog).not_to_be_visible()
        await expect(page.get_by_role("dialog", name="Your new token")).to_be_visible()
    await context.close()


async def test_the_owner_becomes_a_runner_like_any_other(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        context = await browser.new_context(base_url=address, locale="en-US", **DESKTOP)
        page = await context.new_page()
        await page.goto("/")
        await page.get_by_role("button", name="This is my computer").click()
        await expect(page.get_by_text("Start with the files you have")).to_be_visible()
        await page.goto("/settings/security")
        await page.get_by_role("button", name="Add an e-mail").click()
        await page.get_by_label("New e-mail").fill("owner@example.org")
        await page.get_by_role("button", name="Send me a code").click()
        await type_mailed_code(page, "Your code for a new BeatRunner address")
        await expect(page.get_by_text("owner@example.org. Verified")).to_be_visible()
        await page.get_by_role("button", name="Set a password").click()
        await set_password(page)
        await page.get_by_role("button", name="Close this way in").click()
        dialog = page.get_by_role("dialog", name="Close the way in without a password?")
        await dialog.get_by_role("button", name="Close this way in").click()
        said = page.get_by_text("From now on, you sign in at this computer, too.")
        await expect(said).to_be_visible()

        await sign_out(page)
        await expect(page.get_by_role("button", name="This is my computer")).to_have_count(0)
        await sign_in(page, "owner@example.org", NEW_PASSWORD)
        await expect(page.get_by_text("Start with the files you have")).to_be_visible()
        await context.close()
