"""Damaged and hostile files through the real road: every one ends as a run, or with a sentence.

Files of each format are damaged by a fixed seed (bits turned, stretches cut, doubled, zeroed or
taken from elsewhere, tails lost) and ZIP and gzip bombs, overlaps, nesting and lies are built by
hand. Each goes through `imports.reading` in the pool of parser children, with limits, as an
upload does. A crash is a child that died, or an error that is no refusal; a hang is a child that
used up its time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from beatrunner.activities.importer import ActivityImporter
from beatrunner.codecs.archive import ArchiveLimits
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.refusals import UnreadableFileError, sentence
from beatrunner.imports.outcomes import Reader
from beatrunner.imports.reading import read_file
from beatrunner.imports.unpacking import (
    Opened,
    Place,
    open_archive,
    split_health,
    unpack_inner,
)
from beatrunner.kit.clock import system_clock
from beatrunner.kit.parser_pool import ParserLimits, ParserPool, TookTooLongError
from beatrunner.music.importer import ListenImporter
from benchmarks.figures import Figure, Report, at_most, plain
from benchmarks.hostile_files import FORMATS, hostile_files

FILES = 2000
SEED = 2026
LIMITS = ParserLimits(
    memory_bytes=1024**3, cpu_s=10, wall_s=20.0, writing_cpu_s=10, writing_wall_s=20.0
)
READERS: Mapping[FileKind, Reader] = {
    **ActivityImporter(system_clock).readers,
    **ListenImporter(system_clock).readers,
}
_KEPT = frozenset(ActivityImporter.readers)
_PROCESSES = 2
_MOST_MEMBERS = 20


def main() -> Report:
    return {"bench": "fuzz-files", "figures": asyncio.run(_measure())}


async def _measure() -> list[Figure]:
    figures: list[Figure] = []
    started = time.perf_counter()
    async with warm_pool() as pool:
        for name in FORMATS:
            ends = await send_through(pool, name, hostile_files(name, FILES, SEED))
            for trouble in (*ends.crashes, *ends.hangs, *ends.wordless):
                print(f"{name} {trouble}", file=sys.stderr)
            figures += [
                at_most(f"{name}: crashes in {FILES:,} files", len(ends.crashes), "files", 0),
                at_most(f"{name}: hangs", len(ends.hangs), "files", 0),
                at_most(f"{name}: refusals without words", len(ends.wordless), "files", 0),
                plain(
                    f"{name}: read all the same",
                    100 * ends.outcomes["read"] / ends.outcomes.total(),
                    "%",
                ),
                plain(f"{name}: slowest", ends.slowest_s, "s"),
            ]
    figures.append(plain("all of them", time.perf_counter() - started, "s"))
    return figures


@asynccontextmanager
async def warm_pool() -> AsyncIterator[ParserPool]:
    pool = ParserPool(_PROCESSES, LIMITS)
    try:
        # Every child has started once none of them is free.
        await asyncio.gather(*(pool.run(time.sleep, 0.5) for _ in range(_PROCESSES)))
        yield pool
    finally:
        pool.close()


@dataclass(slots=True)
class Ends:
    """How files, and the members of archives, ended.

    Crashes, hangs and wordless refusals are told by the file's number and the error.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    wordless: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    def note(self, number: int, error: Exception) -> None:
        if isinstance(error, UnreadableFileError):
            self.outcomes[error.reason] += 1
            if not sentence(error.reason).endswith("."):
                self.wordless.append(f"{number}: {error.reason}")
        elif isinstance(error, TookTooLongError):
            self.hangs.append(f"{number}: {error!r}")
        else:
            self.crashes.append(f"{number}: {error!r}")


async def send_through(pool: ParserPool, name: str, files: Iterator[bytes]) -> Ends:
    """Read all files, some at once; `name` is the file name's ending."""
    ends = Ends()
    numbered = enumerate(files)

    async def work(folder: Path) -> None:
        for number, data in numbered:
            path = folder / f"{number}.{name}"
            await asyncio.to_thread(path.write_bytes, data)
            started = time.perf_counter()
            await _send(pool, ends, number, path)
            ends.slowest_s = max(ends.slowest_s, time.perf_counter() - started)
            for made in (path, *(path.with_suffix(f".{depth}") for depth in (1, 2))):
                await asyncio.to_thread(made.unlink, missing_ok=True)

    with tempfile.TemporaryDirectory(prefix="beatrunner-fuzz-") as folder:
        await asyncio.gather(*(work(Path(folder)) for _ in range(_PROCESSES + 1)))
    return ends


async def _send(pool: ParserPool, ends: Ends, number: int, path: Path) -> None:
    try:
        opened = await pool.run(open_archive, path, path.name)
        if opened is None:
            places = [Place(path, path.name)]
        else:
            places = await _places_in(pool, opened, path)
    except Exception as error:
        ends.note(number, error)
        return
    for place in places:
        try:
            await pool.run(read_file, place, READERS, _KEPT)
        except Exception as error:
            ends.note(number, error)
        else:
            ends.outcomes["read"] += 1


async def _places_in(pool: ParserPool, opened: Opened, path: Path, depth: int = 1) -> list[Place]:
    """Of the first files, and of those in the first of them that holds files."""
    places = [
        Place(path, member.path, member)
        for member in islice(opened.members.values(), _MOST_MEMBERS)
        if member.index not in opened.inner
    ]
    for index, kind in islice(opened.inner.items(), 1):
        inner = Place(path, path.name, opened.members.get(index))
        target = path.with_suffix(f".{depth}")
        if kind is FileKind.APPLE_HEALTH:
            await pool.run_writing(split_health, inner, {}, target)
        else:
            await pool.run_writing(unpack_inner, inner, target)
        found = await pool.run(open_archive, target, target.name, ArchiveLimits(), depth + 1)
        if found is not None:
            places += await _places_in(pool, found, target, depth + 1)
    return places


if __name__ == "__main__":
    print(json.dumps(main()))
