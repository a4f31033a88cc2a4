"""Exact counts in the memory of one process.

For each subject there are the times of the requests that were let through, oldest first, and of
these only the ones within the window. One more is let through when they are fewer than the quota:
so in no window, wherever it begins, are there more. A time is eight bytes.

Times are those of a stop-watch, not of the clock, which may be set back or forth.

However many subjects come by, `most` are told apart under each policy. Those beyond share one
count, until others have been idle for a window: memory is bounded, and nobody is let through
uncounted.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from beatrunner.limits.policy import Ask, Policy, Use, Verdict

_MOST = 10_000
_EVERYBODY_ELSE = "*"


class LocalCounts:
    def __init__(
        self,
        policies: Iterable[Policy],
        *,
        ticks_s: Callable[[], float] = time.monotonic,
        most: int = _MOST,
    ) -> None:
        self._ticks_s = ticks_s
        self._most = most
        self._policies = {policy.name: policy for policy in policies}
        self._times: dict[str, array[float]] = {}
        self._subjects = Counter[str]()
        self._spent_before: tuple[float, int] = (0.0, 0)

    def remember(self, key: str, age_s: float, count: int) -> None:
        """Count requests that were let through before this process began."""
        policy = self._policies.get(key.partition("|")[0])
        if policy is not None:
            times = self._times_of(Ask(policy, key.partition("|")[2]))
            times.extend([self._ticks_s() - age_s] * count)
            times[:] = array("d", sorted(times))

    def reserve_for(self, crashes: int) -> None:
        """Count the reserve of so many processes that may have let it through unwritten, against
        everybody: who used it is not known."""
        self._spent_before = self._ticks_s(), crashes

    def look(self, asks: Sequence[Ask]) -> Verdict:
        """What would be answered, without counting it."""
        now_s = self._ticks_s()
        uses = [self._use(ask.policy, self._times_of(ask), now_s) for ask in asks]
        return Verdict(uses, [use for use in uses if use.remaining == 0])

    def take(self, asks: Sequence[Ask]) -> Verdict:
        """Count a request if all of its policies let it through."""
        verdict = self.look(asks)
        if verdict.refused_by:
            return verdict
        now_s = self._ticks_s()
        for ask in asks:
            self._times_of(ask).append(now_s)
        return Verdict([replace(use, remaining=use.remaining - 1) for use in verdict.uses])

    def sweep(self) -> None:
        """Forget whoever has been idle for a window."""
        now_s = self._ticks_s()
        for key, times in list(self._times.items()):
            name = key.partition("|")[0]
            if not times or times[-1] <= now_s - self._policies[name].window_s:
                del self._times[key]
                self._subjects[name] -= 1

    def _times_of(self, ask: Ask) -> array[float]:
        key, name = ask.key, ask.policy.name
        found = self._times.get(key)
        if found is None and self._subjects[name] >= self._most:
            key = f"{name}|{_EVERYBODY_ELSE}"
            found = self._times.get(key)
        if found is None:
            at_s, crashes = self._spent_before
            found = self._times[key] = array("d", [at_s] * (crashes * ask.policy.reserve))
            self._subjects[name] += 1
        return found

    @staticmethod
    def _use(policy: Policy, times: array[float], now_s: float) -> Use:
        del times[: bisect_right(times, now_s - policy.window_s)]
        reset_s = times[0] + policy.window_s - now_s if times else float(policy.window_s)
        return Use(policy, max(0, policy.quota - len(times)), reset_s)
