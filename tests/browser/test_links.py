"""Links that whoever runs the server hands out, opened in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE, serving
from tests.browser.test_new_user import overflow_px

EMAIL = "kim@example.org"
PASSWORD = "nine herons in the morning mist"
OTHER_PASSWORD = "ten otters under the old bridge"


@pytest.fixture
def by_invitation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server where accounts are made by invitation alone."""
    monkeypatch.setenv("BEATRUNNER_REGISTRATION", "invited")
    with serving(tmp_path) as address:
        yield address


def link_of(folder: Path, address: str, command: str) -> str:
    """As it is printed, at the address that the server has here."""
    done = subprocess.run(
        [sys.executable, "-m", "beatrunner", "accounts", command, EMAIL],
        env={**os.environ, "BEATRUNNER_DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    printed = done.stdout.splitlines()[-1]
    return printed.replace("http://127.0.0.1:8000", address)


async def test_an_invitation_makes_an_account_and_a_link_a_new_password(
    visit: Visit, by_invitation: str, tmp_path: Path
) -> None:
    page = await visit(PHONE)
    await page.goto(by_invitation)
    await page.get_by_role("button", name="With e-mail or a passkey").click()
    await expect(page.get_by_text("New accounts are made by invitation here.")).to_be_visible()

    invitation = link_of(tmp_path, by_invitation, "invite")
    await page.goto(invitation)
    await expect(page.get_by_text(f"Your account will have the address {EMAIL}.")).to_be_visible()
    # Nobody who looks at the address afterwards comes in by it.
    await expect(page).to_have_url(f"{by_invitation}/invitation")
    assert await overflow_px(page) <= 0
    await page.get_by_label("Name", exact=True).fill("Kim")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make my account").click()
    await expect(page.get_by_text("Tell about yourself")).to_be_visible()

    other = await visit(DESKTOP)
    await other.goto(link_of(tmp_path, by_invitation, "reset"))
    await other.get_by_label("New password", exact=True).fill(OTHER_PASSWORD)
    await other.get_by_role("button", name="Take this password").click()
    await expect(other.get_by_role("heading", name="Your password is new")).to_be_visible()
    await other.get_by_role("link", name="Sign in").click()
    await other.get_by_role("button", name="With e-mail or a passkey").click()
    await other.get_by_label("E-mail").fill(EMAIL)
    await other.get_by_label("Password", exact=True).fill(OTHER_PASSWORD)
    await other.get_by_role("button", name="Sign in", exact=True).click()
    await expect(other.get_by_text("Tell about yourself")).to_be_visible()
