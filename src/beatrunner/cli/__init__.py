"""The `beatrunner` command: everything that can be started from a shell.

`docs/commands.md` documents each command; a test fails when one is missing there. Each command
imports what it runs when it runs: the server's parts take over a second, and who presses "Try a
virtual treadmill" waits for a bridge, which needs none of them.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any

import click
from pydantic import ValidationError

from beatrunner.codecs.live import json_schema
from beatrunner.kit.errors import UnavailableError
from beatrunner.kit.parent import end_without_parent
from beatrunner.kit.settings import Settings

#: Whoever started the process holds the other end of that.
_supervised = click.option("--supervised", is_flag=True, help="End when standard input ends.")


def load_settings(**chosen: object) -> Settings:
    """The settings, or an end with words that say which one is wrong."""
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "\n".join(
            f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise click.ClickException(f"These settings cannot be used:\n{faults}") from None
    except TOMLDecodeError as error:
        raise click.ClickException(f"beatrunner.toml cannot be read: {error}") from None


class _Words(click.Group):
    """A command that cannot go on for want of room or of its database says so in words."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UnavailableError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Words, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="beatrunner")
def main() -> None:
    """Which music makes you run, from your own files, on your own computer."""


@main.command()
@click.option("--host", help="Address to listen on (default 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (default 8000).")
@click.option("--lan", is_flag=True, help="Also for phones in the home network, by HTTPS.")
@click.option("--bridge", "with_bridge", is_flag=True, help="A bridge beside the server, too.")
@click.option("--virtual", "is_virtual", is_flag=True, help="Its treadmill needs no hardware.")
def serve(
    host: str | None, port: int | None, lan: bool, with_bridge: bool, is_virtual: bool
) -> None:
    """Start BeatRunner: the pages, the API and a worker."""
    from beatrunner.cli.processes import Supervisor

    words = (("host", host), ("port", port), ("lan", lan or None))
    chosen = {name: value for name, value in words if value is not None}
    if is_virtual and not with_bridge:
        raise click.UsageError("--virtual goes with --bridge.")
    bridge_kind = ("virtual" if is_virtual else "real") if with_bridge else None
    raise SystemExit(Supervisor(load_settings(**chosen), bridge_kind).run())


@main.command()
@click.option("--fd", type=int, help="A listening socket inherited from the parent process.")
@click.option("--home-fd", type=int, help="Another one, for the home network.")
@_supervised
def server(fd: int | None, home_fd: int | None, supervised: bool) -> None:
    """Start one server process alone."""
    if supervised:
        end_without_parent()
    from beatrunner.cli.serving import serve_on

    serve_on(load_settings(), fd, home_fd)


@main.command()
@_supervised
def worker(supervised: bool) -> None:
    """Start one worker process alone."""
    if supervised:
        end_without_parent()
    from beatrunner.worker import run_worker

    run_worker(load_settings())


@main.command()
@click.option("--server", help="Address of the server to join.")
@click.option("--code", envvar="BEATRUNNER_BRIDGE_CODE", help="Pairing code that the server shows.")
@click.option("--name", help="What the server shall call this bridge.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the page beside the belt.")
@click.option("--virtual", "is_virtual", is_flag=True, help="A treadmill without hardware.")
@click.option("--ends-unused", is_flag=True, help="End after 15 minutes without use.")
@_supervised
def bridge(
    server: str | None,
    code: str | None,
    name: str | None,
    port: int | None,
    is_virtual: bool,
    ends_unused: bool,
    supervised: bool,
) -> None:
    """Start the bridge beside the belt, and join a server with it."""
    from beatrunner.cli.bridging import bridge_beside_the_belt

    bridge_beside_the_belt(
        load_settings(),
        server=server,
        code=code,
        name=name,
        port=port,
        is_virtual=is_virtual,
        ends_unused=ends_unused,
        is_supervised=supervised,
    )


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database to this version's tables."""
    from beatrunner.cli.processes import migrate

    asyncio.run(migrate(load_settings()))
    click.echo("The database is up to date.")


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Delete older ones in the folder but these.")
def backup(path: Path, keep: int | None) -> None:
    """Write everything into one file, also while BeatRunner runs."""
    from beatrunner.cli.backing_up import back_up

    target = back_up(load_settings(), path, keep)
    click.echo(f"{target} is whole. Keep it as safe as the data folder: all secrets are inside.")


@main.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Put it in the place of what is there.")
def restore(path: Path, overwrite: bool) -> None:
    """Put a backup in its place. Stop BeatRunner first."""
    from beatrunner.cli.restoring import restore_backup

    manifest = asyncio.run(restore_backup(load_settings(), path, overwrite=overwrite))
    rows = sum(table.rows for table in manifest.tables)
    click.echo(f"{rows} rows and {len(manifest.files)} files of {manifest.made_at} are back.")


@main.command("migrate-to")
@click.argument("address")
def migrate_to(address: str) -> None:
    """Move everything from SQLite to an empty PostgreSQL database. Stop BeatRunner first."""
    from beatrunner.cli.moving import move_to_postgres

    moved = asyncio.run(move_to_postgres(load_settings(), address))
    click.echo(
        f"{moved.rows} rows of {moved.tables} tables have arrived, and are what they were. Now set"
        " BEATRUNNER_DATABASE_URL to that address (docs/operations.md); original files and the"
        " secret stay in the data folder, and the SQLite database is left as it was."
    )


@main.group()
def keys() -> None:
    """The secrets of the server, and how they are replaced."""


@keys.command("list")
def keys_list() -> None:
    """Which secrets there are, and how much is sealed by each."""
    from beatrunner.cli.keys import list_keys

    list_keys(load_settings())


@keys.command("rotate")
def keys_rotate() -> None:
    """Make a new secret the current one; older ones are kept."""
    from beatrunner.cli.keys import rotate_keys

    rotate_keys(load_settings())


@keys.command("reseal")
def keys_reseal() -> None:
    """Seal anew whatever was sealed by an older secret, also while BeatRunner runs."""
    from beatrunner.cli.keys import reseal_all

    reseal_all(load_settings())


@keys.command("forget")
@click.option("--now", is_flag=True, help="Also those by which somebody may still be signed in.")
def keys_forget(now: bool) -> None:
    """Drop older secrets that nothing needs any more."""
    from beatrunner.cli.keys import forget_keys

    forget_keys(load_settings(), now=now)


@main.command("import")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, readable=True, path_type=Path)
)
@click.option("--email", help="Import for the account with this address, not for the owner.")
def import_command(paths: tuple[Path, ...], email: str | None) -> None:
    """Import runs and listening history: files, archives or whole folders."""
    from beatrunner.cli.importing import import_for_owner

    raise SystemExit(asyncio.run(import_for_owner(load_settings(), paths, email)))


@main.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--email", help="Of the account with this address, not of the owner.")
def export_command(path: Path, email: str | None) -> None:
    """Write everything of the account into one ZIP, which `import` takes back."""
    from beatrunner.cli.exporting import export_for_owner

    raise SystemExit(export_for_owner(load_settings(), path, email))


@main.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the written files here.",
)
def demo(folder: Path | None) -> None:
    """Write the demo runner's files and import them."""
    from beatrunner.cli.importing import write_and_import_demo

    raise SystemExit(asyncio.run(write_and_import_demo(load_settings(), folder)))


@main.group()
def accounts() -> None:
    """Whose accounts there are, and who may come in."""


@accounts.command("list")
def list_accounts() -> None:
    """Show each account's address, kind and state."""
    from beatrunner.cli.accounts import list_accounts as lines_of

    for line in lines_of(load_settings()):
        click.echo(line)


@accounts.command()
@click.argument("email")
def invite(email: str) -> None:
    """Mail or print a link to a new account."""
    from beatrunner.cli.inviting import invite as invite_runner

    click.echo(invite_runner(load_settings(), email))


@accounts.command()
@click.argument("email")
def reset(email: str) -> None:
    """Mail or print a link to a new password."""
    from beatrunner.cli.inviting import reset as reset_password

    click.echo(reset_password(load_settings(), email))


@accounts.command()
@click.argument("email")
def disable(email: str) -> None:
    """Let nobody in to an account any more, and end its sign-ins."""
    from beatrunner.cli.accounts import set_disabled

    set_disabled(load_settings(), email, is_disabled=True)
    click.echo(f"{email} is disabled. Nothing is deleted.")


@accounts.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let a disabled account's runner in again."""
    from beatrunner.cli.accounts import set_disabled

    set_disabled(load_settings(), email, is_disabled=False)
    click.echo(f"{email} is enabled.")


@accounts.command()
@click.argument("email")
@click.confirmation_option(prompt="Everything of this account will be deleted for good. Go on?")
def erase(email: str) -> None:
    """Delete an account and everything in it, at once."""
    from beatrunner.cli.accounts import erase as erase_account

    erase_account(load_settings(), email)
    click.echo(f"{email} is erased, and no backup brings it back.")


@main.group()
def music() -> None:
    """What to do with your own music."""


@music.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--email", help="For the account with this address, not for the owner.")
@click.option("--again", is_flag=True, help="Measure also what was measured before.")
def scan(folder: Path, email: str | None, again: bool) -> None:
    """Find the tempi of the music files in a folder."""
    try:
        from beatrunner.cli.scanning import scan_for_owner
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"Reading music needs a package more ({error.name}): install beatrunner[audio]."
        ) from None
    raise SystemExit(asyncio.run(scan_for_owner(load_settings(), folder, email, again)))


@main.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path))
def openapi(output: Path | None) -> None:
    """Write the API's OpenAPI document."""
    from beatrunner.web.app import create_app
    from beatrunner.wiring import build_server

    settings = load_settings(secret_key="only-to-build-the-document-of-the-api")  # noqa: S106
    parts = build_server(settings)
    document = create_app(parts.routers, parts.provided, settings).openapi()
    _write(document, output)


@main.command("live-schema")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path))
def live_schema(output: Path | None) -> None:
    """Write the JSON Schema of the sockets' messages."""
    _write(json_schema(), output)


def _write(document: dict[str, Any], output: Path | None) -> None:
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
