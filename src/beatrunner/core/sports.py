"""The sports BeatRunner knows by name; everything else is "other"."""

#: Sports whose activities are shown as runs.
RUNNING = frozenset({"run", "trail_run", "treadmill_run", "track_run", "virtual_run"})

ON_FOOT = RUNNING | {"walk", "hike"}

SPORTS = ON_FOOT | {
    "ride",
    "indoor_ride",
    "swim",
    "row",
    "ski",
    "strength",
    "other",
}
