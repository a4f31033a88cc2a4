"""A disk of a few megabytes that really is full when it is full, without any privilege.

It is a tmpfs, mounted in a mount namespace of the process' own, which Linux lets everybody have
(in a user namespace, where one is not root). The kernel answers "no space left" by itself, to
every process that was started in there.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

_CHUNKS = (1024 * 1024, 4096)


def words_to_enter() -> list[str]:
    """Put before a command, they start it where disks can be mounted."""
    if os.geteuid() == 0:
        return ["unshare", "--mount"]
    return ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount"]


def mount_small_disk(folder: Path, size_bytes: int) -> None:
    """Raises OSError where that is not allowed."""
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"size={size_bytes},mode=0755".encode()
    if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, options) != 0:
        raise OSError(ctypes.get_errno(), "no disk could be mounted", str(folder))


class Ballast:
    """A file that takes all the room there is, and gives it back."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ballast"

    def fill(self) -> None:
        """Also what somebody else has given back since the last time."""
        for chunk in _CHUNKS:
            with suppress(OSError), self._path.open("ab", buffering=0) as file:
                while True:
                    file.write(bytes(chunk))

    def drop(self) -> None:
        self._path.unlink(missing_ok=True)
