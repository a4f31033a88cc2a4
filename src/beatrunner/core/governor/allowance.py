"""So much change within any window of time, however the ticks fall."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `amount` of change within any `window_s`; unused change is not saved up."""

    amount: float
    window_s: float
    spent: tuple[tuple[float, float], ...] = ()
    """(at_s, amount) of each change, oldest first."""

    def left(self, now_s: float) -> float:
        return self.amount - sum(
            spent for at_s, spent in self.spent if now_s - at_s < self.window_s
        )

    def spend(self, now_s: float, amount: float) -> Allowance:
        recent = tuple(each for each in self.spent if now_s - each[0] < self.window_s)
        return replace(self, spent=(*recent, (now_s, amount)))

    def touched(self, now_s: float) -> bool:
        """Whether there was any change within the window."""
        return any(now_s - at_s < self.window_s for at_s, _spent in self.spent)
