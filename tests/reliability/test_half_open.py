"""The bench `half-open`, small: the real server, and few who keep it waiting."""

from __future__ import annotations

from benchmarks.half_open import Attack, figures


def test_who_keeps_the_server_waiting_is_sent_away() -> None:
    _, _, left = figures(Attack(5, 3, 3, deadline_s=0.5, grace_s=3.0))
    assert left["value"] == 0
