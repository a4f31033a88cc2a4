"""`beatrunner bridge`: join a server if need be, and run beside the belt."""

from __future__ import annotations

import asyncio
import os
import socket

import click

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.pairing import Membership, MembershipFile, PairingError, pair
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import Settings


def bridge_beside_the_belt(
    settings: Settings,
    *,
    server: str | None,
    code: str | None,
    name: str | None,
    port: int | None,
    is_virtual: bool,
    ends_unused: bool,
    is_supervised: bool,
) -> None:
    """Run until stopped. Raises ClickException in words for what cannot be done."""
    # They bring the radio along, which no other command has to wait for.
    from beatrunner.bridge.api import open_port
    from beatrunner.bridge.process import BridgePlan, run_bridge
    from beatrunner.bridge.sample_file import SampleFile

    configure_logs(settings.log_format, settings.log_level)
    file = MembershipFile(settings.folder, "virtual-bridge" if is_virtual else "bridge")
    try:
        membership = _membership(settings, file, server, code, name or socket.gethostname())
    except (PairingError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"{settings.folder} cannot be used for what the bridge keeps ({error.strerror})."
        ) from None
    wanted_port = settings.bridge_port if port is None else port
    try:
        listening = open_port(wanted_port)
    except OSError as error:
        words = f"Port {wanted_port} cannot be used ({os.strerror(error.errno or 0)})."
        words += " Is a bridge running already? Another port: beatrunner bridge --port 8011"
        raise click.ClickException(words) from None
    click.echo(f"The page beside the belt is at http://127.0.0.1:{listening.getsockname()[1]}")
    if membership is None:
        click.echo("Not joined to a server: make a code under Devices, then use --code.")
    keeps_token = settings.bridge_token is None
    plan = BridgePlan(
        membership,
        is_virtual,
        file=file if keeps_token else None,
        # Of virtual runs nothing would be missed, and several bridges may share this folder.
        samples=None if is_virtual else SampleFile(settings.folder / "bridge-samples.jsonl"),
        memory=None if is_virtual else settings.folder / "bridge-devices.json",
        ends_unused=ends_unused,
        is_supervised=is_supervised,
    )
    asyncio.run(run_bridge(plan, listening))


def _membership(
    settings: Settings, file: MembershipFile, server: str | None, code: str | None, name: str
) -> Membership | None:
    """By token of the settings, by a new code, or the one that was kept. Raises PairingError."""
    known = file.find()
    chosen = server or (known.server if known else f"http://127.0.0.1:{settings.port}")
    address = ServerAddress.parse(chosen)
    if settings.bridge_token is not None:
        return Membership(address.origin, settings.bridge_token, name)
    if code is not None:
        membership = asyncio.run(pair(address, code, name))
        file.keep(membership)
        return membership
    if known is not None and known.server != address.origin:
        raise PairingError(
            f"This bridge belongs to {known.server}. To join {address.origin}, use --code."
        )
    if known is None and server is not None:
        raise PairingError(f"To join {address.origin}, make a code there and use --code.")
    return known
