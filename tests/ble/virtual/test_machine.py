from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.ble.virtual.machine import Machine, StatusPacket
from beatrunner.codecs.gatt import PacketError
from beatrunner.core.simulation.belt import Belt, BeltState, Key
from beatrunner.core.simulation.quirks import EVERY_QUIRK, BeltQuirks

ME, OTHER = "me", "other"


def statuses(machine: Machine) -> list[str]:
    return [status.packet.hex() for status in machine.drain_statuses()]


def ask(machine: Machine, command: str, client: str = ME) -> str:
    return machine.answer(client, bytes.fromhex(command)).hex()


def controlled(**quirks: float | bool) -> Machine:
    machine = Machine(Belt(quirks=BeltQuirks(**quirks)))  # type: ignore[arg-type]
    assert ask(machine, "00") == "800001"
    return machine


@pytest.mark.parametrize("command", ["01", "026400", "030a00", "07", "0801", "0802"])
def test_without_control_nothing_is_permitted(command: str) -> None:
    machine = Machine(Belt())
    assert ask(machine, command) == f"80{command[:2]}05"
    assert statuses(machine) == []
    ask(machine, "00", OTHER)
    assert ask(machine, command) == f"80{command[:2]}05"


@pytest.mark.parametrize("command", ["04", "0564", "0678", "0c000000", "1100", "15", "80", "ff"])
def test_what_a_treadmill_cannot_do(command: str) -> None:
    assert ask(controlled(), command) == f"80{command[:2]}02"


def test_control_ends_with_the_client_and_with_a_reset() -> None:
    machine = controlled()
    machine.forget(OTHER)
    assert ask(machine, "07") == "800701"
    machine.forget(ME)
    assert ask(machine, "0801") == "800805"
    ask(machine, "00")
    assert ask(machine, "01") == "800101"
    assert statuses(machine) == ["04", "0201", "060000", "01"]
    assert ask(machine, "07") == "800705"


def test_who_loses_control_is_told_so_alone() -> None:
    machine = controlled()
    ask(machine, "00", OTHER)
    assert machine.drain_statuses() == (StatusPacket(b"\xff", only=ME),)
    ask(machine, "00", OTHER)
    assert machine.drain_statuses() == ()


def test_own_changes_may_be_kept_from_their_author() -> None:
    machine = controlled(keeps_own_targets_quiet=True)
    ask(machine, "07")
    machine.belt.key(Key.STOP)
    assert machine.drain_statuses() == (
        StatusPacket(b"\x04", but=ME),
        StatusPacket(b"\x02\x01"),
    )


def test_keys_pressed_before_a_command_are_the_consoles() -> None:
    machine = controlled(keeps_own_targets_quiet=True)
    machine.belt.key(Key.START)
    ask(machine, "0801")
    assert [status.but for status in machine.drain_statuses()] == [None, ME]


def test_nothing_was_asked() -> None:
    with pytest.raises(PacketError):
        controlled().answer(ME, b"")


PACKETS = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(["00", "01", "07", "0801", "0802", "02e803", "031400"]).map(bytes.fromhex),
)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(EVERY_QUIRK)),
    st.lists(st.tuples(st.sampled_from([ME, OTHER]), PACKETS), max_size=20),
)
def test_only_a_started_belt_moves_and_only_for_its_controller(
    quirk: str, writes: list[tuple[str, bytes]]
) -> None:
    machine = Machine(Belt(quirks=EVERY_QUIRK[quirk]))
    was_started = False
    for client, packet in writes:
        had_control = machine.controlled_by == client
        try:
            answer = machine.answer(client, packet)
        except PacketError:
            assert not packet
            continue
        assert answer[:2] == bytes([0x80, packet[0]])
        assert answer[2] in range(1, 6)
        if answer[2] == 1 and packet[0] != 0:
            assert had_control
        was_started |= packet[0] == 7 and answer[2] == 1
        for _step in range(10):
            machine.belt.step(0.5)
        if not was_started:
            assert machine.belt.state is BeltState.STOPPED
            assert machine.belt.speed_kmh == 0
