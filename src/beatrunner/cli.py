"""The `beatrunner` command."""

import click


@click.group()
def main() -> None:
    """Which music makes you run."""
