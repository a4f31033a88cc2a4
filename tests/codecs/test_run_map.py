from __future__ import annotations

import json
import struct
from typing import Any
from uuid import UUID

import numpy as np

from beatrunner.codecs.run_map import MapRun, MapTrack, pack_run_map

HELD = MapTrack("one", UUID(int=1), "Held", "Someone")


def unpacked(packed: bytes) -> tuple[dict[str, Any], list[bytes], list[list[tuple[int, int]]]]:
    """The head, and of each run its path and its spans."""
    (length,) = struct.unpack_from("<I", packed)
    head = json.loads(packed[4 : 4 + length])
    runs, numbers = len(head["runs"]), packed[4 + length :]
    sizes, counts = np.frombuffer(numbers, "<u4", 2 * runs).reshape(2, runs).tolist()
    spans = np.frombuffer(numbers, "<u4", 2 * sum(counts), 8 * runs).reshape(2, -1).T.tolist()
    rest = numbers[8 * runs + 8 * sum(counts) :]
    paths, of_runs = [], []
    for size, count in zip(sizes, counts, strict=True):
        paths.append(rest[:size])
        rest = rest[size:]
        of_runs.append([(end_s, track) for end_s, track in spans[:count]])
        spans = spans[count:]
    assert rest == b""
    assert spans == []
    return head, paths, of_runs


def test_runs_are_told_with_their_paths_and_songs() -> None:
    runs = [
        MapRun(("a", 1.5), b"path of a", [(60, None), (240, "one"), (300, "gone")]),
        MapRun(("b", None), b"", []),
        MapRun(("c", 0), b"c", [(100_000, "one")]),
    ]
    head, paths, spans = unpacked(pack_run_map({"total": 3}, runs, [HELD]))
    assert head == {
        "total": 3,
        "runs": [["a", 1.5], ["b", None], ["c", 0]],
        "tracks": [[str(HELD.id), "Held", "Someone"]],
    }
    assert paths == [b"path of a", b"", b"c"]
    assert spans == [[(60, 0), (240, 1), (300, 0)], [], [(100_000, 1)]]


def test_a_page_may_be_empty() -> None:
    head, paths, spans = unpacked(pack_run_map({}, [], []))
    assert (head, paths, spans) == ({"runs": [], "tracks": []}, [], [])
