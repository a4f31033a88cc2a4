"""Whatever may be said comes back as it was said; nothing else is a message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs import live
from beatrunner.codecs.live import LiveMessageError, Reader, encode
from tests.codecs.live.messages import fields_of, messages_of

DIRECTIONS: dict[str, tuple[Reader[Any], Any]] = {
    "hello": (live.HELLO, live.Hello),
    "bridge hello": (live.BRIDGE_HELLO, live.BridgeHello),
    "from bridge": (live.FROM_BRIDGE, live.FromBridge),
    "from runner": (live.FROM_RUNNER, live.FromRunner),
    "from watcher": (live.FROM_WATCHER, live.FromWatcher),
    "from standing": (live.FROM_STANDING, live.FromStanding),
    "to bridge": (live.TO_BRIDGE, live.ToBridge),
    "to runner": (live.TO_RUNNER, live.ToRunner),
    "to standing": (live.TO_STANDING, live.ToStanding),
}
CLIENTS = [name for name in DIRECTIONS if not name.startswith("to ")]
SAMPLE = {"number": 1, "at": "2026-11-21T12:00:00Z", "elapsed_s": 1}
SONG = {"type": "song", "title": "T", "artist": "A", "position_s": 0, "playing": True}


@pytest.mark.parametrize("name", DIRECTIONS)
@given(data=st.data())
def test_every_message_comes_back(name: str, data: st.DataObject) -> None:
    reader, union = DIRECTIONS[name]
    message = data.draw(messages_of(union))
    assert reader.read(encode(message)) == message


@pytest.mark.parametrize("name", DIRECTIONS)
@given(sent=st.binary(max_size=300) | st.text(max_size=300))
def test_noise_is_refused(name: str, sent: bytes | str) -> None:
    with pytest.raises(LiveMessageError):
        DIRECTIONS[name][0].read(sent)


@pytest.mark.parametrize("name", CLIENTS)
@given(data=st.data(), place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_message_is_a_message_or_refused(
    name: str, data: st.DataObject, place: int, byte: int
) -> None:
    reader, union = DIRECTIONS[name]
    damaged = bytearray(encode(data.draw(messages_of(union))).encode())
    damaged[place % len(damaged)] = byte
    try:
        message = reader.read(bytes(damaged))
    except LiveMessageError:
        return
    assert reader.read(encode(message)) == message


@pytest.mark.parametrize("name", CLIENTS)
@given(data=st.data())
def test_clients_say_nothing_that_is_not_known(name: str, data: st.DataObject) -> None:
    reader, union = DIRECTIONS[name]
    told = fields_of(data.draw(messages_of(union))) | {"surprise": 1}
    with pytest.raises(LiveMessageError):
        reader.read(json.dumps(told, default=str))


def test_servers_may_learn_new_words() -> None:
    assert live.TO_BRIDGE.read('{"type": "ack", "number": 3, "new": []}') == live.Ack(3)


def test_each_role_has_its_own_words() -> None:
    for said in (live.Nudge(0.5), live.TakeControl(), live.Bye()):
        with pytest.raises(LiveMessageError):
            live.FROM_WATCHER.read(encode(said))
    with pytest.raises(LiveMessageError):
        live.FROM_RUNNER.read(encode(live.Bye()))
    with pytest.raises(LiveMessageError):
        live.FROM_BRIDGE.read(encode(live.Stop()))


@pytest.mark.parametrize(
    "changed",
    [
        {"elapsed_s": float("nan")},
        {"elapsed_s": float("inf")},
        {"elapsed_s": -1},
        {"elapsed_s": None},
        {"number": 0},
        {"number": 1.5},
        {"number": 2**31},
        {"at": "2026-11-21T12:00:00"},
        {"at": 1795264083},
        {"speed_kmh": 61},
        {"speed_kmh": "9"},
        {"incline_pct": -61},
        {"heart_rate_bpm": 301},
        {"cadence_spm": True},
    ],
)
def test_a_sample_is_within_its_bounds(changed: dict[str, object]) -> None:
    live.FROM_BRIDGE.read(json.dumps({"type": "samples", "samples": [SAMPLE]}))
    with pytest.raises(LiveMessageError):
        live.FROM_BRIDGE.read(json.dumps({"type": "samples", "samples": [SAMPLE | changed]}))


@pytest.mark.parametrize("count", [0, live.MAX_SAMPLES + 1])
def test_samples_come_in_handfuls(count: int) -> None:
    with pytest.raises(LiveMessageError):
        live.FROM_BRIDGE.read(json.dumps({"type": "samples", "samples": [SAMPLE] * count}))


@pytest.mark.parametrize("title", ["x" * 301, "no\0where", "\ud800"])
def test_a_title_is_text_that_can_be_stored(title: str) -> None:
    live.FROM_RUNNER.read(json.dumps(SONG))
    with pytest.raises(LiveMessageError):
        live.FROM_RUNNER.read(json.dumps(SONG | {"title": title}))


def test_a_message_is_small() -> None:
    with pytest.raises(LiveMessageError, match="64 kB"):
        live.FROM_RUNNER.read(json.dumps(SONG) + " " * live.MAX_MESSAGE_BYTES)


def test_deep_nesting_is_refused() -> None:
    report = '{"type": "report", "treadmill": {"limits": {"a": ' + "[" * 30_000
    with pytest.raises(LiveMessageError):
        live.FROM_STANDING.read(report)


def test_the_longest_handful_is_no_longer_than_a_message() -> None:
    sample = live.FROM_BRIDGE.read(
        json.dumps(
            {
                "type": "samples",
                "samples": [
                    {
                        "number": 2**31 - 1,
                        "at": "2026-11-21T12:00:00.123456+05:30",
                        "elapsed_s": 123456.789012,
                        "speed_kmh": 10.123456789012,
                        "incline_pct": -10.12345678901,
                        "heart_rate_bpm": 123.123456789,
                        "cadence_spm": 123.1234567890,
                        "distance_m": 1234567.123456,
                        "asked_kmh": 10.1234567890123,
                    }
                ]
                * live.MAX_SAMPLES,
            }
        )
    )
    assert len(encode(sample)) <= live.MAX_MESSAGE_BYTES
