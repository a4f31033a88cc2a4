"""A gigabyte of Apple Health export, split into workouts: what it takes beside bare reading.

Each way of reading has a process of its own, so that its largest memory is its own. The bare way
is lxml's `iterparse` over the same file, which looks at nothing and forgets each element. That
memory is measured at all, a reader shows that keeps what it reads.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from beatrunner.codecs.apple_health import read_workout, split_export
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.health_export import DAY_BYTES, export_xml, routes
from benchmarks.memory import peak_bytes

_GIGABYTE = 10**9
_MOST_MB = 200
_PART = 8  # the reader that keeps everything gets so little of it


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_s: float
    memory_mb: float
    workouts: int


def main() -> Report:
    return {"bench": "health-xml", "figures": measure(_GIGABYTE, _PART)}


def measure(size_bytes: int, share: int) -> list[Figure]:
    days = max(2, size_bytes // DAY_BYTES)
    with tempfile.TemporaryDirectory(prefix="beatrunner-health-") as folder:
        path, part = Path(folder, "export.xml"), Path(folder, "part.xml")
        for target, count in ((path, days), (part, max(2, days // share))):
            with target.open("wb") as file:
                file.writelines(export_xml(count))
        bare = _alone(read_bare, path)
        split = _alone(split_all, path)
        small = _alone(split_all, part)
        kept = _alone(keep_all, part)
        written = path.stat().st_size
    return [
        plain("export", written / 10**6, "MB"),
        plain("bare iterparse", bare.cpu_s, "s of processor"),
        plain("split into workouts", split.cpu_s, "s of processor"),
        at_most("as many times as bare", split.cpu_s / bare.cpu_s, "x", 2),
        at_most("memory", split.memory_mb, "MB", _MOST_MB),
        plain(f"memory for a {share}th of it", small.memory_mb, "MB"),
        at_least("workouts found", 100 * split.workouts / len(range(0, days, 2)), "%", 100),
        at_least("control: memory when that is kept", kept.memory_mb / small.memory_mb, "x", 1.25),
    ]


def _alone(read: Callable[[Path], int], path: Path) -> Cost:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_measured, read, path).result()


def _measured(read: Callable[[Path], int], path: Path) -> Cost:
    started = time.process_time()
    workouts = read(path)
    cpu_s = time.process_time() - started
    return Cost(cpu_s, peak_bytes() / 10**6, workouts)


def read_bare(path: Path) -> int:
    count = 0
    for _, element in etree.iterparse(path, tag=("Record", "Workout")):
        count += element.tag == "Workout"
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def keep_all(path: Path) -> int:
    return len(list(etree.parse(path).iter("Workout")))


def split_all(path: Path) -> int:
    """With the routes, and one workout read, so that nothing is split into nonsense."""

    def chunks() -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk

    ways = dict(routes(1))
    with tempfile.TemporaryFile() as scratch, tempfile.TemporaryFile() as target:
        split = split_export(chunks, lambda _: next(iter(ways.values())), scratch, target)
        with zipfile.ZipFile(target) as archive:
            (run,) = read_workout(archive.read(archive.namelist()[0]))
    if split.is_damaged or "heart_rate_bpm" not in run.columns:
        raise ValueError("not read as it was written")
    return split.workouts


if __name__ == "__main__":
    print(json.dumps(main()))
