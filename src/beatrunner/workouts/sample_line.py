"""Which samples of a bridge are new, which are of this moment, and how far apart the clocks are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from beatrunner.codecs.live import Sample, Status

#: A sample this much older than the bridge's own clock is from before a break.
_STALE_S = 3.0


class SampleLine:
    """`received` is the highest number so far, durable or not; `offset_s` is the server's clock
    less the bridge's, None before it is known.
    """

    def __init__(self, offset_s: float | None) -> None:
        self.received = 0
        self.offset_s = offset_s

    def fresh(self, samples: Sequence[Sample]) -> list[Sample]:
        """Those that did not come before, in the order of their numbers."""
        found = []
        for sample in samples:
            if sample.number > self.received:
                self.received = sample.number
                found.append(sample)
        return found

    def is_current(self, sample: Sample, status: Status | None) -> bool:
        """Whether the belt may be led by it: what a bridge sends after a break is history."""
        elapsed_s = None if status is None else status.elapsed_s
        return elapsed_s is None or elapsed_s - sample.elapsed_s <= _STALE_S

    def compare_clocks(self, current: Sample, now: datetime) -> None:
        """What arrives late only looks like an earlier clock, so the least difference counts."""
        offset_s = (now - current.at).total_seconds()
        if self.offset_s is None or offset_s < self.offset_s:
            self.offset_s = offset_s
