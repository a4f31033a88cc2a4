"""A bar of bytes for commands that take a while."""

from __future__ import annotations

import click


class ByteBar:
    """Called with how many bytes more are done."""

    def __init__(self, label: str, total_bytes: int) -> None:
        self._bar = click.progressbar(length=max(total_bytes, 1), label=label)

    def __call__(self, more_bytes: int) -> None:
        self._bar.update(more_bytes)

    def __enter__(self) -> ByteBar:
        self._bar.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        # What was only about known is done all the same.
        self._bar.update(self._bar.length - self._bar.pos if self._bar.length else 0)
        self._bar.__exit__(None, None, None)
