"""Messages from and to the text of a frame."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from beatrunner.codecs.live.from_clients import (
    BridgeHello,
    Bye,
    Finish,
    Goal,
    Hello,
    Nudge,
    PulseBack,
    Queue,
    Report,
    Samples,
    Song,
    Status,
    Stop,
    TakeControl,
)
from beatrunner.codecs.live.from_server import (
    Ack,
    Assignment,
    Beat,
    BridgeNudge,
    BridgeWelcome,
    Calibrations,
    Choose,
    End,
    Ended,
    History,
    Live,
    Problem,
    Pulse,
    Setup,
    StopBelt,
    Welcome,
    Wish,
    Withdrawn,
)

PROTOCOL = 1
#: Of one message, in either direction.
MAX_MESSAGE_BYTES = 64 * 1024

FromBridge = Samples | Status | Bye | PulseBack
FromRunner = Stop | Nudge | Goal | Song | Queue | Finish | TakeControl | PulseBack
FromWatcher = Stop | PulseBack
FromStanding = Report | PulseBack
ToBridge = Welcome | Setup | Wish | BridgeNudge | StopBelt | Ack | End | Beat | Pulse | Problem
ToRunner = Welcome | Live | History | Choose | Ended | Pulse | Problem
ToStanding = BridgeWelcome | Calibrations | Assignment | Withdrawn | Pulse | Problem
FromClient = Hello | BridgeHello | FromBridge | FromRunner | FromWatcher | FromStanding
FromServer = ToBridge | ToRunner | ToStanding
Message = FromClient | FromServer

T = TypeVar("T")
_encoder = msgspec.json.Encoder()


class LiveMessageError(ValueError):
    """Text that is none of the messages that may come here; says why, fit to be sent back."""


def encode(message: Message) -> str:
    return _encoder.encode(message).decode()


class Reader(Generic[T]):
    """Reads the messages of one direction."""

    def __init__(self, kinds: Any) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kinds)

    def read(self, text: str | bytes) -> T:
        """Raises LiveMessageError."""
        if len(text) > MAX_MESSAGE_BYTES:
            raise LiveMessageError("a message has at most 64 kB")
        try:
            return self._decoder.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise LiveMessageError(str(error)) from error


HELLO: Reader[Hello] = Reader(Hello)
BRIDGE_HELLO: Reader[BridgeHello] = Reader(BridgeHello)
FROM_BRIDGE: Reader[FromBridge] = Reader(FromBridge)
FROM_RUNNER: Reader[FromRunner] = Reader(FromRunner)
FROM_WATCHER: Reader[FromWatcher] = Reader(FromWatcher)
FROM_STANDING: Reader[FromStanding] = Reader(FromStanding)
TO_BRIDGE: Reader[ToBridge] = Reader(ToBridge)
TO_RUNNER: Reader[ToRunner] = Reader(ToRunner)
TO_STANDING: Reader[ToStanding] = Reader(ToStanding)


def json_schema() -> dict[str, Any]:
    """Every message, and which of them may go in which direction."""
    directions = {
        "first message to /ws/workout": Hello,
        "bridge to server": FromBridge,
        "runner to server": FromRunner,
        "watcher to server": FromWatcher,
        "server to bridge": ToBridge,
        "server to runner or watcher": ToRunner,
        "first message to /ws/bridge": BridgeHello,
        "paired bridge to server": FromStanding,
        "server to paired bridge": ToStanding,
    }
    schemas, components = msgspec.json.schema_components(
        directions.values(), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of BeatRunner's sockets",
        "protocol": PROTOCOL,
        "directions": dict(zip(directions, schemas, strict=True)),
        "$defs": dict(sorted(components.items())),
    }
