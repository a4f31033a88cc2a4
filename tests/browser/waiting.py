"""Waiting for what a page comes to say."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page


async def until(page: Page, expression: str) -> None:
    """Until the expression is true in the page, which is asked again and again from outside: the
    policy of our pages forbids what `wait_for_function` does after its first look.
    """
    async with asyncio.timeout(20.0):
        while not await page.evaluate(expression):
            await page.wait_for_timeout(50)
