"""Which server process holds a workout, and whether it is still there."""

from __future__ import annotations

import os
import socket

_HOST = socket.gethostname()[:30]


def own_name() -> str:
    return f"{_HOST}:{os.getpid()}"


def is_gone(name: str) -> bool:
    """Whether the process has surely ended; of other machines nobody here knows."""
    host, _, pid = name.rpartition(":")
    if host != _HOST or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
