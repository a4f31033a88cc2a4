"""Apple Health's export: one XML file of everything, split into workouts and read from there.

`export.xml` holds millions of records of every kind, each quantity in the order of time, and only
then the workouts, which name a start and an end but none of their records. Splitting (`splitting`)
reads the file twice as a stream: once for the times of the workouts, once for what was recorded in
them. What it makes of a workout (`excerpt`) is a small XML file in Apple's own words, the run's
original from then on, and `workout` reads it.

The excerpt says the same in every export of the same data, so that a second export brings nothing
new: times are in UTC (Apple writes them in the zone the phone is in when it exports), addresses in
the phone's memory are left out (Apple writes them for each device), and everything is in order.
"""

from beatrunner.codecs.apple_health.splitting import Split, split_export
from beatrunner.codecs.apple_health.workout import read_workout

__all__ = ["Split", "read_workout", "split_export"]
