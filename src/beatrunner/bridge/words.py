"""What the page beside the belt says, in a runner's words."""

from __future__ import annotations

from beatrunner.bridge.picture import Picture
from beatrunner.core.governor import Alarm, Lock, Reason, Shown

SHOWN = {
    Shown.UNKNOWN: "The belt cannot be seen",
    Shown.STOPPED: "The belt stands still",
    Shown.STARTING: "Starting",
    Shown.AUTOMATIC: "BeatRunner leads",
    Shown.MANUAL: "You lead",
    Shown.CONSOLE: "The console leads",
    Shown.SLOWING: "Slowing down",
    Shown.STOPPING: "Stopping",
}
ALARMS = {
    Alarm.BELT_MAY_MOVE: "The belt may still be moving: use the safety key",
    Alarm.STOP_IGNORED: "The belt does not stop: use the safety key",
}
LOCKS = {
    Lock.IDLE: "Locked, because nobody has been here for a while.",
    Lock.DISAGREEMENT: (
        "The belt did not do what it was told. Pull the safety key, then start the bridge again."
    ),
    Lock.WRONG_WAY: (
        "The belt sped up when it was told to slow. Pull the safety key, then start the bridge"
        " again."
    ),
    Lock.FAULT: "Something in BeatRunner is broken. Start the bridge again.",
}
REASONS = {
    Reason.BLUETOOTH_LOST: "The treadmill was out of reach, so this run ends.",
    Reason.SERVER_LOST: "The server is not heard.",
    Reason.TELEMETRY_STALE: "The treadmill does not tell its speed.",
    Reason.HEART_UNFIT: "Your heart rate cannot be believed, so nothing gets faster.",
    Reason.HEART_ENDED: "Your heart rate was away for too long: you lead.",
    Reason.HEART_CEILING: "Your heart is at its ceiling.",
    Reason.DISAGREEMENT: "The belt is not where it should be.",
    Reason.FAULT: "Something in BeatRunner is broken.",
    Reason.CONFIRM_REFUSED: "That did not start it. Hold Start for three seconds.",
    Reason.NUDGE_REFUSED: "That key does nothing now.",
    Reason.LIMITED: "A limit is reached.",
    Reason.PAGE_SILENT: "The page that pressed is not heard any more.",
    Reason.LEASE_LAPSED: "The server's say has lapsed.",
    Reason.START_UNCONFIRMED: "The belt did not start.",
}
TREADMILL = {
    "none": "No treadmill",
    "searching": "Looking for a treadmill",
    "connecting": "Connecting to the treadmill",
    "connected": "Treadmill connected",
    "lost": "Treadmill out of reach",
}
HEART = {
    "none": "No heart-rate strap",
    "searching": "Looking for a heart-rate strap",
    "connecting": "Connecting to the strap",
    "connected": "Strap connected",
    "lost": "Strap out of reach",
}
POD = {
    "none": "No foot pod",
    "searching": "Looking for a foot pod",
    "connecting": "Connecting to the pod",
    "connected": "Pod connected",
    "lost": "Pod out of reach",
}


def why_no_start(picture: Picture, no_workout: str, trouble: str | None) -> str | None:
    """Why holding Start would do nothing now; None when it starts, or hands over.

    `no_workout` says why there is no workout to start, `trouble` why there is no treadmill.
    """
    if picture.treadmill != "connected":
        return trouble or f"{TREADMILL[picture.treadmill]}."
    if picture.refusal:
        return picture.refusal
    if picture.lock is not None:
        return LOCKS[picture.lock]
    if not picture.server_up:
        return no_workout
    if picture.barred:
        return "Your limits leave no speed that this treadmill can run at. Change them first."
    if picture.control == "automation":
        return "BeatRunner leads already."
    if picture.shown in (Shown.STOPPED, Shown.CONSOLE, Shown.MANUAL):
        return None
    return f"{SHOWN[picture.shown]}."


def reasons_of(picture: Picture) -> list[str]:
    """The sentences for what holds the belt back; a lock has its own."""
    return [REASONS[each] for each in picture.reasons if each is not Reason.LOCKED]
