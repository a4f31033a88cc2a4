"""Noticing that the process which started this one is gone.

It holds the other end of our standard input and never writes. However it ends, the system closes
that end, and reading ends: on every system, and without asking again and again who our parent is.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import Thread

_STDIN = 0


def when_parent_is_gone(leave: Callable[[], None]) -> None:
    """Have `leave` called once, on another thread."""

    def wait() -> None:
        try:
            while os.read(_STDIN, 1024):
                pass
        except OSError:
            pass  # it was closed here
        leave()

    Thread(target=wait, name="parent", daemon=True).start()


def end_without_parent() -> None:
    """End as by SIGTERM when the parent is gone."""
    when_parent_is_gone(lambda: signal.raise_signal(signal.SIGTERM))
