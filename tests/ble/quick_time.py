"""An event loop whose sleeps take no time: whenever nothing is to be done, its clock jumps on."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import TypeVar

_Result = TypeVar("_Result")


class _JumpingSelector(selectors.DefaultSelector):
    now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits for somebody else"
            self.now_s += max(timeout, 0.0)
        return ready


class _QuickLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now_s


def run_quickly(main: Callable[[], Coroutine[None, None, _Result]]) -> _Result:
    """Run `main` on such a loop; the loop's time is `asyncio.get_running_loop().time()`."""
    with asyncio.Runner(loop_factory=_QuickLoop) as runner:
        return runner.run(main())
