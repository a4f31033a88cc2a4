from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.simulation.strap import StrapFault, StrapReading, VirtualStrap, draw_episodes


def read(
    strap: VirtualStrap, seconds: int, heart_rate_bpm: float = 140.0, cadence_spm: float = 172.0
) -> list[StrapReading | None]:
    return [strap.read(1.0, heart_rate_bpm, cadence_spm) for _ in range(seconds)]


def rates(seen: list[StrapReading | None]) -> list[int]:
    return [reading.heart_rate_bpm for reading in seen if reading is not None]


def test_without_a_fault_it_says_what_is() -> None:
    assert read(VirtualStrap(1), 3) == [StrapReading(140, has_contact=True)] * 3
    assert VirtualStrap(1, tells_contact=False).read(1.0, 140.4) == StrapReading(140, None)


def test_dropout_is_silence() -> None:
    strap = VirtualStrap(1)
    strap.fault = StrapFault.DROPOUT
    assert read(strap, 3) == [None] * 3
    strap.fault = StrapFault.NONE
    assert rates(read(strap, 1)) == [140]


@pytest.mark.parametrize("was_worn", [True, False])
def test_frozen_it_stays_where_it_was(was_worn: bool) -> None:
    strap = VirtualStrap(1)
    if was_worn:
        read(strap, 1, 120.0)
    strap.fault = StrapFault.FREEZE
    first = rates(read(strap, 1, 140.0))
    assert first == [120 if was_worn else 140]
    assert rates(read(strap, 5, 165.0)) == first * 5


def test_spikes_are_single_and_wild() -> None:
    strap = VirtualStrap(2)
    strap.fault = StrapFault.SPIKE
    seen = rates(read(strap, 400))
    wild = [value for value in seen if value != 140]
    assert 20 < len(wild) < 90
    assert all(175 <= value <= 250 for value in wild)


def test_cadence_lock_glides_to_the_steps_and_back() -> None:
    strap = VirtualStrap(1)
    strap.fault = StrapFault.CADENCE_LOCK
    seen = rates(read(strap, 40))
    assert 140 < seen[0] < 150
    assert seen[-1] == 172
    assert max(np.diff(seen)) < 10
    strap.fault = StrapFault.NONE
    assert rates(read(strap, 40))[-1] == 140
    strap.fault = StrapFault.CADENCE_LOCK
    assert rates(read(strap, 40, cadence_spm=0.0))[-1] == 140


def test_contact_lost_is_told_by_those_who_can() -> None:
    telling, mute = VirtualStrap(1), VirtualStrap(1, tells_contact=False)
    for strap in (telling, mute):
        read(strap, 1, 133.0)
        strap.fault = StrapFault.CONTACT_LOST
    assert telling.read(1.0, 150.0) == StrapReading(0, has_contact=False)
    assert mute.read(1.0, 150.0) == StrapReading(133, None)


def test_episodes_are_apart_and_of_every_kind() -> None:
    seen = set()
    for seed in range(30):
        episodes = draw_episodes(np.random.default_rng(seed), 1800.0)
        assert episodes == draw_episodes(np.random.default_rng(seed), 1800.0)
        ends_s = 0.0
        for episode in episodes:
            assert ends_s <= episode.start_s
            ends_s = episode.start_s + episode.length_s
            seen.add(episode.fault)
        assert ends_s <= 1800.0
    assert seen == set(StrapFault) - {StrapFault.NONE}
