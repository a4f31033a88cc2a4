"""Which function runs which kind of job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from beatrunner.jobs.store import ClaimedJob

Handler = Callable[[ClaimedJob], Awaitable[None]]
Method = TypeVar("Method", bound=Callable[..., Awaitable[None]])

_MARK = "__beatrunner_job__"


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str
    can_wait: bool


def job(kind: str, *, can_wait: bool = False) -> Callable[[Method], Method]:
    """Mark a use case's method as what runs jobs (or hears events) of `kind`.

    `can_wait`: it may take minutes, and nobody looks at how far it is.
    """

    def mark(method: Method) -> Method:
        setattr(method, _MARK, _Mark(kind, can_wait))
        return method

    return mark


def when_dead(kind: str) -> Callable[[Method], Method]:
    """Mark a method as what is told when a job of `kind` has failed for good."""
    return job(f"{kind}!dead")


@dataclass(slots=True)
class JobRegistry:
    """Handlers by kind. An event may have several; they run in the order of registration."""

    handlers: dict[str, list[Handler]] = field(default_factory=lambda: defaultdict(list))
    can_wait: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, use_cases: Iterable[object]) -> JobRegistry:
        registry = cls()
        for use_case in use_cases:
            for name in dir(use_case):
                found: _Mark | None = getattr(getattr(use_case, name), _MARK, None)
                if found is None:
                    continue
                registry.handlers[found.kind].append(getattr(use_case, name))
                if found.can_wait:
                    registry.can_wait.add(found.kind)
        return registry

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted(kind for kind in self.handlers if not kind.endswith("!dead")))

    @property
    def prompt_kinds(self) -> tuple[str, ...]:
        """Those that cannot wait."""
        return tuple(kind for kind in self.kinds if kind not in self.can_wait)

    async def run(self, claimed: ClaimedJob) -> None:
        for handler in self.handlers[claimed.kind]:
            await handler(claimed)

    async def tell_dead(self, claimed: ClaimedJob) -> None:
        for handler in self.handlers.get(f"{claimed.kind}!dead", ()):
            await handler(claimed)
