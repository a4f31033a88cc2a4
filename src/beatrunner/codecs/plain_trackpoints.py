"""Reading the trackpoints of an ordinary TCX without a tree.

Nine tenths of a TCX are trackpoints of one form, repeated thousands of times in the order the
schema demands. One regular expression cuts them out, several times faster than a parser makes
elements of them, and leaves a skeleton of laps and names that is parsed as ever.

This is a short cut and nothing else: a file in which anything is unusual (a comment, an entity,
two activities, a point in another form) is not touched here, one whose skeleton needs mending is
read again the general way, and a test holds that both ways give the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Columns in the order of the groups below.
_COLUMNS = (
    "time",
    "latitude",
    "longitude",
    "altitude_m",
    "distance_m",
    "heart_rate_bpm",
    "cadence_spm",
    "speed_mps",
    "run_cadence",
)
_POINT = re.compile(
    r"""
    <Trackpoint>\s*
    <Time>([^<&]*)</Time>\s*
    (?:<Position>\s*
        <LatitudeDegrees>([^<&]*)</LatitudeDegrees>\s*
        <LongitudeDegrees>([^<&]*)</LongitudeDegrees>\s*
    </Position>\s*)?
    (?:<AltitudeMeters>([^<&]*)</AltitudeMeters>\s*)?
    (?:<DistanceMeters>([^<&]*)</DistanceMeters>\s*)?
    (?:<HeartRateBpm>\s*<Value>([^<&]*)</Value>\s*</HeartRateBpm>\s*)?
    (?:<Cadence>([^<&]*)</Cadence>\s*)?
    (?:<SensorState>[^<&]*</SensorState>\s*)?
    (?:<Extensions>\s*<ns3:TPX>\s*
        (?:<ns3:Speed>([^<&]*)</ns3:Speed>\s*)?
        (?:<ns3:RunCadence>([^<&]*)</ns3:RunCadence>\s*)?
        (?:<ns3:Watts>[^<&]*</ns3:Watts>\s*)?
    </ns3:TPX>\s*</Extensions>\s*)?
    </Trackpoint>
    """,
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A file without its trackpoints, and their texts by column (None where a point has none)."""

    skeleton: bytes
    texts: Mapping[str, list[str | None]]


def lift_trackpoints(data: bytes) -> Lifted | None:
    """Cut the trackpoints out of a TCX of one activity; None if it is not entirely ordinary."""
    # Latin-1 gives each byte a character and back, whatever the encoding: digits are ASCII.
    text = data.decode("latin-1")
    if "<!" in text:
        return None
    parts: list[str | None] = list(_POINT.split(text))
    stride = len(_COLUMNS) + 1
    skeleton = "".join(part for part in parts[::stride] if part)
    is_ordinary = (
        len(parts) > 1
        and "Trackpoint" not in skeleton
        and "<Course" not in skeleton
        and skeleton.count("<Activity ") == 1
        and ("xmlns:ns3=" in skeleton or "<ns3:TPX>" not in text)
    )
    if not is_ordinary:
        return None
    texts = {column: parts[place::stride] for place, column in enumerate(_COLUMNS, start=1)}
    return Lifted(skeleton.encode("latin-1"), texts)
