"""Long work told as it goes on, by server-sent events.

`progress` whenever something changed, at last `done`. A stream that is silent for a while says so,
or proxies would take it for dead; and none is endless, as the client comes back by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import msgspec
from pydantic import BaseModel

from beatrunner.kit.errors import NotFoundError, NotSignedInError

Shape = TypeVar("Shape", bound=BaseModel)

#: Of the answer: nobody on the way keeps or collects it.
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

_LOOK_AGAIN_S = 0.3
_KEEP_ALIVE_S = 15.0
_LONGEST_STREAM_S = 3600.0


async def progress_events(
    first: Shape, look: Callable[[], Awaitable[Shape]], is_over: Callable[[Shape], bool]
) -> AsyncIterator[bytes]:
    """`look` is a short transaction each time: an open stream holds no connection. It raises
    NotSignedInError when whoever follows is no longer to know, or NotFoundError when what they
    follow is gone; either ends the stream.
    """
    shown, waited_s, total_s = first, 0.0, 0.0
    yield _event("progress", shown)
    while not is_over(shown) and total_s < _LONGEST_STREAM_S:
        await asyncio.sleep(_LOOK_AGAIN_S)
        waited_s, total_s = waited_s + _LOOK_AGAIN_S, total_s + _LOOK_AGAIN_S
        try:
            now = await look()
        except (NotSignedInError, NotFoundError):
            return
        if now != shown:
            shown, waited_s = now, 0.0
            yield _event("progress", shown)
        elif waited_s >= _KEEP_ALIVE_S:
            waited_s = 0.0
            yield b": still here\n\n"
    if is_over(shown):
        yield _event("done", shown)


def _event(name: str, shown: BaseModel) -> bytes:
    data = msgspec.json.encode(shown.model_dump(mode="json"))
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
