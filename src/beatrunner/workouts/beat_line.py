"""The beat as it was stepped to, over the last minutes, for seconds that arrive late."""

from __future__ import annotations

from collections import deque

_REMEMBERED = 200


class BeatLine:
    """Times are monotonic seconds. None is silence, or a song without a tempo."""

    def __init__(self) -> None:
        self.now_spm: float | None = None
        self._changes: deque[tuple[float, float | None]] = deque(maxlen=_REMEMBERED)

    def follow(self, beat_spm: float | None, now_s: float) -> bool:
        """Whether this is another beat than before."""
        if beat_spm == self.now_spm:
            return False
        self.now_spm = beat_spm
        self._changes.append((now_s, beat_spm))
        return True

    def at(self, at_s: float) -> float | None:
        return next((spm for since_s, spm in reversed(self._changes) if since_s <= at_s), None)
