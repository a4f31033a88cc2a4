"""The bench `guessing`, small: the real server, one account guessed at, and honest runners."""

from __future__ import annotations

from benchmarks.guessing import Plan, measure


async def test_few_guesses_reach_the_hash_and_the_honest_get_in() -> None:
    plan = Plan(guesses=30, attacked=1, honest=2, pairs=2)
    # Half of them at an address that nobody has.
    assert (await measure(plan, 10)).checks == [10]
    # What it would see if there was no budget.
    assert (await measure(plan, 1000)).checks == [15]
