"""An activity's streams, from sealed blobs to columns and to the answer of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec
import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store
from beatrunner.codecs.sealed_streams import quantise, unseal
from beatrunner.core.recording import Samples, Streams


async def load_streams(tx: AsyncConnection, activity_id: UUID, length_s: int) -> Streams:
    """The streams an activity is shown and measured by."""
    return unseal_streams(await store.list_parts(tx, activity_id), length_s)


def unseal_streams(parts: Iterable[bytes], length_s: int) -> Streams:
    columns: dict[str, Samples] = {}
    for blob in parts:
        columns.update(unseal(blob))
    is_moving = columns.pop("is_moving", None)
    return Streams(
        length_s=length_s,
        columns=columns,
        is_moving=np.zeros(length_s, bool) if is_moving is None else is_moving > 0.5,
    )


def encode_streams(length_s: int, columns: Mapping[str, Samples]) -> bytes:
    """JSON of quantised differences: about a third of the size of plain numbers."""
    encoded = {}
    for name, samples in columns.items():
        scale, deltas = quantise(name, samples)
        encoded[name] = {"scale": scale, "deltas": deltas}
    return msgspec.json.encode({"length_s": length_s, "columns": encoded})
