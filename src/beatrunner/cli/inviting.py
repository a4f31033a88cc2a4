"""Links that whoever runs the server hands out: to a new account, and to a new password.

They go by mail where there is a mail server, and are printed otherwise. Never both: what was mailed
shows that its reader has the address, which it would not if somebody else had seen it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.cli.accounts import find_account, with_database
from beatrunner.db.engine import Database
from beatrunner.identity import invitations, letters, password_reset
from beatrunner.identity.codes import Codes
from beatrunner.kit.clock import system_clock
from beatrunner.kit.errors import ConflictError
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.post import Mail, RefusedMailError
from beatrunner.kit.settings import Registration, Settings
from beatrunner.wiring import build_mail


def invite(settings: Settings, email: str) -> str:
    """What to tell whoever runs the server."""
    if settings.registration is Registration.CLOSED:
        raise click.ClickException(
            "New accounts are closed. Set BEATRUNNER_REGISTRATION to invited or open first."
        )

    async def issue(tx: AsyncConnection, now: datetime, is_mailed: bool) -> str:
        try:
            token = await invitations.invite(tx, email, now, is_mailed=is_mailed)
        except ConflictError as error:
            raise click.ClickException(str(error)) from error
        return f"{settings.public_address}/invitation#{token}"

    return _hand_over(settings, email, issue, letters.invitation)


def reset(settings: Settings, email: str) -> str:
    """What to tell whoever runs the server."""
    codes = Codes(Keyring.of(settings))

    async def issue(tx: AsyncConnection, now: datetime, is_mailed: bool) -> str:
        account_id = await find_account(tx, email)
        opens = await password_reset.issue_link(tx, codes, account_id, now, is_mailed=is_mailed)
        return f"{settings.public_address}/new-password#{opens}"

    return _hand_over(settings, email, issue, letters.reset_link)


def _hand_over(
    settings: Settings,
    email: str,
    issue: Callable[[AsyncConnection, datetime, bool], Awaitable[str]],
    write: Callable[[str, str], Mail],
) -> str:
    carrier = build_mail(settings, system_clock).smtp

    async def run(database: Database) -> str:
        async with database.write() as tx:
            link = await issue(tx, system_clock(), carrier is not None)
        if carrier is None:
            return f"Hand this link over yourself; it opens once:\n{link}"
        try:
            await carrier.send(write(email, link))
        except (OSError, RefusedMailError) as error:
            # The link in the database opens nothing: nobody has seen it.
            raise click.ClickException(f"The mail could not be sent: {error}") from error
        return f"A link went to {email}."

    return with_database(settings, run)
