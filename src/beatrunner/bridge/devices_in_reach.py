"""Treadmills, straps and pods in reach, as the page beside the belt lists them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from beatrunner.ble.connection import Link
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.bridge.gym import AnyLink
from beatrunner.bridge.memory import Kind, Memory
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.words import HEART, POD, TREADMILL
from beatrunner.core.governor import Shown

_STATES: Mapping[Kind, Mapping[str, str]] = {"treadmill": TREADMILL, "heart": HEART, "pod": POD}
_SEVERAL: Mapping[Kind, str] = {
    "treadmill": "Several treadmills are in reach: choose yours",
    "heart": "Several straps are in reach: choose yours",
    "pod": "Several foot pods are in reach: choose yours",
}
#: From the weakest that is of use to one beside it.
_BARS_DBM = (-90, -80, -70, -60)


class InReach(Struct, frozen=True):
    """One that advertises; `bars` of four say how near it is, `words` what is known of its like."""

    address: str
    name: str
    bars: int
    words: str
    is_refused: bool


class DeviceView(Struct, frozen=True, kw_only=True):
    """`name` is of the connected one, `chosen` of the chosen one; `others` are in reach, too."""

    kind: Kind
    state: str
    words: str
    name: str | None
    chosen: str | None
    others: list[InReach]


def devices_of(links: Mapping[Kind, AnyLink], memory: Memory) -> list[DeviceView]:
    return [_device(kind, link, memory) for kind, link in links.items()]


def why_no_choice(picture: Picture) -> str | None:
    """Another treadmill is chosen only while the one before is known to stand, or never moved:
    else its silence would pass for that of the new one.
    """
    if picture.is_calibrating:
        return "A calibration is under way."
    if picture.alarm is not None:
        return "Make sure that the belt stands, then start the bridge again to choose another."
    if picture.shown is Shown.STOPPED or picture.treadmill in ("none", "searching"):
        return None
    if picture.shown is Shown.UNKNOWN and picture.control == "none":
        return None
    return "Stop the belt first."


def _device(kind: Kind, link: AnyLink, memory: Memory) -> DeviceView:
    is_connected = link.state is Link.CONNECTED
    others = [
        _in_reach(link, each.device.address, each.device.name, each.signal_dbm)
        for each in link.sightings
        if not (is_connected and each.device.address == link.address)
    ]
    chosen = memory.chosen(kind)
    words = link.trouble or _STATES[kind][link.state]
    if link.state is Link.SEARCHING and chosen is None and len(others) > 1:
        words = _SEVERAL[kind]
    elif link.state is Link.SEARCHING and chosen is not None:
        words = f"Looking for {chosen.name}"
    return DeviceView(
        kind=kind,
        state=link.state,
        words=words,
        name=link.name if is_connected else None,
        chosen=None if chosen is None else chosen.name,
        others=others,
    )


def _in_reach(link: AnyLink, address: str, name: str | None, signal_dbm: int) -> InReach:
    words, is_refused = "", False
    if isinstance(link, TreadmillLink):
        quirks = link.quirks_of(name or "")
        refused = None if quirks is None else quirks.speed_refused
        words = "Not one that BeatRunner knows: calibrate it."
        if quirks is not None:
            words = (
                refused or quirks.note or quirks.incline_refused or "BeatRunner knows this kind."
            )
        is_refused = refused is not None
    bars = sum(signal_dbm >= each for each in _BARS_DBM)
    return InReach(address, name or address, bars, words, is_refused)
