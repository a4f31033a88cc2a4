"""What the server said, on the bridge's own clock."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.bridge.conversation import SERVER_SILENT_S, Conversation, ServerClock, Setup
from beatrunner.core.governor import Bounds
from tests.bridge.belt import FakeClock

SETUP = Setup(Bounds(16.0, 0.0, 12.0), Bounds(14.0, 0.0, 10.0), None)


def joined(clock: FakeClock) -> Conversation:
    conversation = Conversation(clock)
    conversation.open("workout", 5_000)
    conversation.setup = SETUP
    conversation.hear_lease("lease", 3)
    return conversation


def test_a_server_is_up_while_it_is_heard_and_has_said_what_is_allowed() -> None:
    clock = FakeClock()
    conversation = Conversation(clock)
    conversation.open("workout", 5_000)
    assert not conversation.is_up
    conversation.setup = SETUP
    assert conversation.is_up
    clock.now_s += SERVER_SILENT_S
    assert conversation.is_up
    clock.now_s += 0.25
    assert not conversation.is_up
    conversation.hear()
    assert conversation.is_up
    conversation.close()
    assert not conversation.is_up


def test_a_break_makes_everything_unsaid_but_a_stop() -> None:
    clock = FakeClock()
    conversation = joined(clock)
    conversation.hear_wish("lease", 3, 1, 5_000, 12.0, 0.0)
    conversation.hear_nudge(5_000, 0.5, 0.0)
    conversation.hear_controller(0.0)
    conversation.beat_spm = 160.0
    conversation.hear_stop()
    conversation.close()
    conversation.open("workout", 9_000)
    heard = conversation.take()
    assert (heard.stop, heard.wish, heard.nudge) == (True, None, None)
    assert not any((conversation.lease, conversation.page_heard_s, conversation.beat_spm))
    # What is allowed in this workout has not changed; another has its own.
    assert conversation.setup is SETUP
    conversation.open("another", 9_000)
    assert conversation.setup is None


def test_each_thing_said_is_taken_once_and_nudges_one_by_one() -> None:
    conversation = joined(FakeClock())
    conversation.hear_wish("lease", 3, 1, 5_000, 11.0, 0.0)
    conversation.hear_wish("lease", 3, 2, 5_000, 12.0, 0.0)
    for step_kmh in (0.1, 0.2):
        conversation.hear_nudge(5_000, step_kmh, 0.0)
    first, second, third = (conversation.take() for _ in range(3))
    assert first.wish is not None
    assert (first.wish.sequence, first.wish.speed_kmh) == (2, 12.0)
    assert first.nudge is not None
    assert second.nudge is not None
    assert (first.nudge.speed_kmh, second.nudge.speed_kmh) == (0.1, 0.2)
    assert (second.wish, third.nudge) == (None, None)


def test_a_stop_ends_the_nudges_that_wait() -> None:
    conversation = joined(FakeClock())
    for _press in range(5):
        conversation.hear_nudge(5_000, 0.5, 0.0)
    conversation.hear_stop()
    assert conversation.take().stop
    assert conversation.take().nudge is None


def test_a_flood_of_nudges_is_bounded() -> None:
    conversation = joined(FakeClock())
    for _press in range(1000):
        conversation.hear_nudge(5_000, 0.5, 0.0)
    assert sum(conversation.take().nudge is not None for _tick in range(1000)) <= 8


def test_a_newer_generation_has_the_lease_and_an_older_one_has_not() -> None:
    clock = FakeClock()
    conversation = joined(clock)
    conversation.hear_wish("old", 2, 9, 5_000, 12.0, 0.0)
    assert conversation.lease is not None
    assert (conversation.lease.lease_id, conversation.lease.generation) == ("lease", 3)
    conversation.hear_wish("new", 4, 1, 5_000, 12.0, 0.0)
    assert (conversation.lease.lease_id, conversation.lease.generation) == ("new", 4)
    clock.now_s += 2
    conversation.hear()
    assert conversation.lease.heard_s == clock.now_s


def test_no_page_is_heard_in_the_future() -> None:
    clock = FakeClock()
    conversation = joined(clock)
    for age_s, heard_s in ((2.0, clock() - 2), (-1000.0, clock()), (None, None)):
        conversation.hear_controller(age_s)
        assert conversation.page_heard_s == heard_s


def test_when_a_message_was_sent_is_not_known_before_the_first() -> None:
    assert ServerClock().at_s(5_000) == -math.inf


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5)), min_size=1, max_size=30),
    st.floats(-1e6, 1e6),
)
def test_no_message_is_taken_for_younger_than_it_is(
    sent: list[tuple[float, float]], offset_s: float
) -> None:
    """Whatever their journeys took, as long as the round trip was measured."""
    clock = ServerClock()
    clock.see_round_trip(2 * min(journey_s for _at_s, journey_s in sent))
    for at_s, journey_s in sent:
        clock.see((at_s + offset_s) * 1000, at_s + journey_s)
    for at_s, _journey_s in sent:
        assert clock.at_s((at_s + offset_s) * 1000) <= at_s + 1e-6
