"""Getting an account and back into it, in a real browser: codes and passwords."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP

PASSWORD = "nine herons in the morning mist"


async def register(page: Page, email: str) -> None:
    await page.get_by_role("button", name="With e-mail or a passkey").click()
    await page.get_by_role("button", name="New here? Make an account").click()
    await page.get_by_label("Name", exact=True).fill("Ada")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Send me a code").click()
    mail = await page.get_by_text(re.compile(r"\d{4} \d{4}")).inner_text()
    code = re.search(r"\d{4} \d{4}", mail)
    assert code is not None
    # As it is pasted; with the last digit it is handed in.
    await page.get_by_label("Code", exact=True).fill(code[0])
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()


async def sign_out(page: Page) -> None:
    await page.goto("/settings")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="With e-mail or a passkey").click()


async def test_an_account_is_made_by_a_mailed_code(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await register(page, "ada@example.org")

    await sign_out(page)
    await page.get_by_label("E-mail").fill("ada@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()
