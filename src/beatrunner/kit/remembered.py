"""Dear answers, kept while what they follow from stays as it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Remembered(Generic[Key, Answer]):
    """At most `most` answers, each with the state it follows from; those that nobody asked for the
    longest are forgotten first. It belongs to one process."""

    def __init__(self, most: int = 1_000) -> None:
        self._most = most
        # In the order of asking.
        self._known: dict[Key, tuple[object, Answer]] = {}

    async def get(self, key: Key, state: object, find: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer that was found in this state, found anew where none was."""
        known = self._known.pop(key, None)
        if known is None or known[0] != state:
            known = state, await find()
        while len(self._known) >= self._most:
            del self._known[next(iter(self._known))]
        self._known[key] = known
        return known[1]
