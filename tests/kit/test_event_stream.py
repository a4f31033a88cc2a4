from __future__ import annotations

import pytest
from pydantic import BaseModel

from beatrunner.kit.errors import NotFoundError, NotSignedInError
from beatrunner.kit.event_stream import progress_events


class Work(BaseModel):
    done: int


@pytest.mark.parametrize("error", [NotFoundError, NotSignedInError])
async def test_a_stream_ends_when_there_is_nothing_to_tell_any_more(
    error: type[Exception],
) -> None:
    async def look() -> Work:
        raise error

    told = [event async for event in progress_events(Work(done=1), look, lambda _: False)]
    assert told == [b'event: progress\ndata: {"done":1}\n\n']
