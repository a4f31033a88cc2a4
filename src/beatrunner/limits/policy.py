"""The words of limits: a policy, what is asked of it, and what the answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """At most `quota` requests within any `window_s` seconds."""

    name: str
    quota: int
    window_s: int = 3600

    @property
    def reserve(self) -> int:
        """How many requests may be let through before they are written down."""
        return max(1, self.quota // 20)


@dataclass(frozen=True, slots=True)
class Ask:
    """One more request, under a policy, of whoever `subject` stands for."""

    policy: Policy
    subject: str

    @property
    def key(self) -> str:
        return f"{self.policy.name}|{self.subject}"


@dataclass(frozen=True, slots=True)
class Use:
    """What is left of a quota, and the seconds until the oldest request leaves the window."""

    policy: Policy
    remaining: int
    reset_s: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A request is let through by all of its policies, or counted by none."""

    uses: Sequence[Use]
    refused_by: Sequence[Use] = ()
