"""What an outside source of tempi must be able to do.

One is added by writing an adapter with these attributes, and putting it into `wiring`'s list at
the place of its trust. Nothing else knows them by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from beatrunner.core.tempo import Heard, NamedTrack


class TempoSource(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def home(self) -> str: ...
    @property
    def sends(self) -> str:
        """What leaves this machine when it is asked, in words for the runner."""
        ...

    @property
    def caution(self) -> str:
        """What is to be known of its word."""
        ...

    @property
    def at_once(self) -> int:
        """Most keys that `ask` takes."""
        ...

    def keys(self, track: NamedTrack) -> Sequence[str]:
        """By which it can be asked for this track, the best first; answers are stored by them."""
        ...

    async def ask(self, keys: Sequence[str]) -> Mapping[str, Heard]:
        """What it knows, by key. Raises RestsError."""
        ...
