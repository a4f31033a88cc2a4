"""An activity's streams, from the sealed blobs of its recordings to columns and to the API.

Nobody else knows that an activity may have several recordings: `load_streams` puts together what
each of them gives (`core.choose_columns` chose, `activities.composing` wrote it down).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import recording_store
from beatrunner.codecs.sealed_streams import quantise, unseal
from beatrunner.core.choose_columns import Part, put_together
from beatrunner.core.recording import Samples, Streams


@dataclass(frozen=True, slots=True)
class _Sealed:
    """The blobs of one recording, and what of them belongs to the activity; None is all."""

    blobs: Sequence[bytes]
    shift_s: int
    gives: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class SealedActivity:
    """A tenth of the size of its streams."""

    length_s: int
    recordings: Sequence[_Sealed]

    def unsealed(self) -> Streams:
        """Some milliseconds."""
        given = []
        for each in self.recordings:
            columns = _unseal_all(each.blobs)
            names = tuple(columns if each.gives is None else each.gives)
            given.append((Part(each.shift_s, names), columns))
        return put_together(self.length_s, given)


async def load_sealed(tx: AsyncConnection, activity_id: UUID, length_s: int) -> SealedActivity:
    """For who unseals later, or many."""
    rows = await recording_store.list_sealed(tx, activity_id)
    giving = groupby(rows, key=lambda row: (row.id, row.shift_s, row.gives))
    return SealedActivity(
        length_s,
        [
            _Sealed([row.blob for row in own], shift_s, gives)
            for (_, shift_s, gives), own in giving
            if gives is None or gives
        ],
    )


async def load_streams(tx: AsyncConnection, activity_id: UUID, length_s: int) -> Streams:
    """The streams an activity is shown and measured by."""
    sealed = await load_sealed(tx, activity_id, length_s)
    return await asyncio.to_thread(sealed.unsealed)


def unseal_streams(blobs: Iterable[bytes], length_s: int) -> Streams:
    """Those of one recording by itself."""
    columns = _unseal_all(blobs)
    return put_together(length_s, [(Part(0, tuple(columns)), columns)])


def _unseal_all(blobs: Iterable[bytes]) -> dict[str, Samples]:
    columns: dict[str, Samples] = {}
    for blob in blobs:
        columns.update(unseal(blob))
    return columns


def encode_streams(length_s: int, columns: Mapping[str, Samples]) -> bytes:
    """JSON of quantised differences: about a third of the size of plain numbers."""
    encoded = {}
    for name, samples in columns.items():
        scale, deltas = quantise(name, samples)
        encoded[name] = {"scale": scale, "deltas": deltas}
    return msgspec.json.encode({"length_s": length_s, "columns": encoded})
