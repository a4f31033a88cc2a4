"""Which accounts are gone for good, in a file of the data folder.

A backup from before an erasure would bring the account back; whoever restores one reads here who
may not come. The file is beside the database, not in it, so that putting an older database in its
place leaves it alone. It holds identifiers and times, and nothing of anybody.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

FILE = "erased-accounts.jsonl"


class _Tombstone(msgspec.Struct, frozen=True):
    account_id: UUID
    erased_at: datetime


class Tombstones:
    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def add(self, account_id: UUID, erased_at: datetime) -> None:
        """On the disk when this returns. One that is there already is written once."""
        if account_id in self.read():
            return
        line = msgspec.json.encode(_Tombstone(account_id, erased_at)) + b"\n"
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            # What a power cut left half written must not swallow this one.
            file.write(line if self._ends_whole() else b"\n" + line)
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Mapping[UUID, datetime]:
        """By account; lines that are none are passed over."""
        found = {}
        for line in self._content().splitlines():
            with suppress(msgspec.DecodeError):
                each = msgspec.json.decode(line, type=_Tombstone)
                found[each.account_id] = each.erased_at
        return found

    def _ends_whole(self) -> bool:
        content = self._content()
        return not content or content.endswith(b"\n")

    def _content(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""
