"""What `beatrunner serve --lan` tells its owner: where phones find it, and the way in."""

from __future__ import annotations

import sys

import click
import segno

from beatrunner.cli.owner import find_owner
from beatrunner.db.engine import Database
from beatrunner.kit.clock import system_clock
from beatrunner.kit.home_network import HomeNetwork
from beatrunner.kit.local_certificates import fingerprint
from beatrunner.kit.settings import Settings
from beatrunner.phones.tickets import Ticket, issue


async def tell_phones(settings: Settings) -> None:
    """The code is drawn for a terminal alone: what is written to a file would be kept."""
    home = HomeNetwork(settings, system_clock)
    home.refresh()
    origins = home.origins()
    if not origins:
        click.echo("No home network is in reach now; phones are let in as soon as one is.")
        return
    click.echo(f"In the home network it is at {' or '.join(origins)}")
    click.echo(f"Its authority: SHA-256 {fingerprint(home.certificates.authority())}")
    if sys.stdout.isatty():
        ticket = await _make_ticket(settings)
        if ticket is None:
            click.echo("Phones sign in there as you do, with e-mail or a passkey.")
            return
        click.echo("Your phone comes in by this code, once and within five minutes:")
        segno.make(ticket.link(origins[0]), error="l").terminal(compact=True)
    click.echo("A new code at any time: Settings, Your phone")


async def _make_ticket(settings: Settings) -> Ticket | None:
    """None where this computer has no owner any more."""
    database = Database(settings.database, readers=1)
    try:
        async with database.write() as tx:
            owner = await find_owner(tx)
        return None if owner is None else await issue(database, owner.id, system_clock())
    finally:
        await database.close()
