"""Getting an account and back into it, in a real browser: codes, a second factor, passkeys."""

from __future__ import annotations

import re
from contextlib import suppress

import pyotp
from playwright.async_api import Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE

PASSWORD = "nine herons in the morning mist"


async def register(page: Page, email: str) -> None:
    await page.get_by_role("button", name="With e-mail or a passkey").click()
    await page.get_by_role("button", name="New here? Make an account").click()
    await page.get_by_label("Name", exact=True).fill("Ada")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Send me a code").click()
    await type_mailed_code(page, "Your code for BeatRunner")
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()


async def type_mailed_code(page: Page, subject: str) -> None:
    """The code of the mail with this subject, once it is there; an older one may be shown till
    then."""
    mails = page.locator("section").filter(has=page.get_by_text(subject, exact=True))
    mail = await mails.get_by_text(re.compile(r"\d{4} \d{4}")).inner_text()
    code = re.search(r"\d{4} \d{4}", mail)
    assert code is not None
    # As it is pasted; with the last digit it is handed in, where nothing else is wanted.
    await page.get_by_label("Code", exact=True).fill(code[0])


async def sign_out(page: Page) -> None:
    await page.goto("/settings")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="With e-mail or a passkey").click()


async def sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def test_an_account_is_made_by_a_mailed_code(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await register(page, "ada@example.org")

    await sign_out(page)
    await sign_in(page, "ada@example.org", PASSWORD)
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()


async def test_an_account_is_made_and_entered_by_a_second_factor(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await register(page, "edith@example.org")

    await page.goto("/settings/security")
    await expect(page.get_by_text("edith@example.org. Verified")).to_be_visible()
    await page.get_by_role("button", name="Set it up").click()
    secret = (await page.locator("code").inner_text()).replace(" ", "")
    await page.get_by_label("Then type the code").fill(pyotp.TOTP(secret).now())
    await expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    recovery = await page.locator("ol code").first.inner_text()
    await page.get_by_role("button", name="I have kept them").click()

    await sign_out(page)
    await sign_in(page, "edith@example.org", PASSWORD)
    await page.get_by_role("button", name="Use a recovery code").click()
    await page.get_by_label("Recovery code").fill(recovery)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()
    await page.goto("/settings/security")
    await expect(page.get_by_text("A recovery code was used")).to_be_visible()


async def add_authenticator(page: Page) -> None:
    """As if the device could ask for a finger, and always got it."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )


async def add_passkey(page: Page) -> None:
    await page.get_by_role("button", name="Add a passkey", exact=True).click()
    await page.get_by_label("Name of this passkey", exact=True).fill("Desk")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Desk", exact=True)).to_be_visible()


async def enter_by_passkey(page: Page) -> None:
    await page.get_by_role("button", name="With e-mail or a passkey", exact=True).click()
    # The browser may offer it by itself, and then there is no button to be pressed.
    entered = page.get_by_role("navigation").first
    with suppress(PlaywrightTimeoutError):
        await entered.wait_for(timeout=5_000)
    if not await entered.is_visible():
        await page.get_by_role("button", name="Sign in with a passkey", exact=True).click()


async def test_a_passkey_is_added_and_opens_the_account(visit: Visit, server: str) -> None:
    page = await visit(DESKTOP)
    # Passkeys belong to names; numbers have none.
    here = server.replace("127.0.0.1", "localhost")
    await add_authenticator(page)
    await page.goto(here)
    await page.get_by_role("button", name="This is my computer").click()
    await expect(page.get_by_role("navigation").first).to_be_visible()
    await page.goto(f"{here}/settings/security")
    await add_passkey(page)

    await page.goto(f"{here}/settings")
    await page.get_by_role("button", name="Sign out").click()
    await enter_by_passkey(page)
    await expect(page.get_by_role("navigation").first).to_be_visible()


async def test_another_device_is_signed_out(visit: Visit) -> None:
    here, other = await visit(DESKTOP), await visit(PHONE)
    for page in (other, here):
        await page.get_by_role("button", name="This is my computer").click()
        await expect(page.get_by_role("navigation").first).to_be_visible()
    await here.goto("/settings/security")
    await here.get_by_role("button", name="Sign out all others").click()
    dialog = here.get_by_role("dialog", name="Sign out all other devices?")
    await dialog.get_by_role("button", name="Sign out all others").click()
    await expect(here.get_by_text("Nowhere else.")).to_be_visible()
    await other.reload()
    await expect(other.get_by_role("button", name="This is my computer")).to_be_visible()
