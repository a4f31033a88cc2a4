"""From gigabytes of XML to one small file for each workout, in flat memory."""

from __future__ import annotations

import contextlib
import re
import zipfile
import zlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from lxml import etree

from beatrunner.codecs.apple_health.excerpt import (
    KEPT_TYPES,
    Attributes,
    excerpt,
    record_text,
    route_paths,
    workout_text,
)
from beatrunner.codecs.apple_health.times import utc_of
from beatrunner.core.refusals import Refusal, UnreadableFileError

#: Reads the export from its beginning, in chunks.
ReadExport = Callable[[], Iterator[bytes]]
#: The file of a route by its path below the export's folder; None when it is not there.
FindRoute = Callable[[str], bytes | None]

_LONGEST = timedelta(days=7)
_WORKOUT_START = b"<Workout "
_DATES = (re.compile(rb'\sstartDate="([^"]*)"'), re.compile(rb'\sendDate="([^"]*)"'))
#: No workout's attributes are longer.
_TAG_BYTES = 8192
_LONGEST_PROLOGUE = 1 << 20
_BUFFERED_BYTES = 16 << 20
_LARGEST_EXCERPT = 100 << 20
_MOST_CHILDREN = 50_000
_LONGEST_STRETCH = 8 << 20
_ELEMENT_START = re.compile(rb"(?=<(?:Record|Workout) )")
#: What the parser complains of without leaving anything out that matters.
_HARMLESS = frozenset(
    {
        "ERR_ATTRIBUTE_REDEFINED",
        "ERR_INVALID_CHAR",
        "ERR_INVALID_CHARREF",
        "ERR_INVALID_ENCODING",
        "ERR_UNDECLARED_ENTITY",
        "WAR_UNDECLARED_ENTITY",
    }
)
#: Characters that XML forbids, which Apple's export has now and then.
_BLANKED = bytes(32 if code < 32 and code not in b"\t\n\r" else code for code in range(256))


@dataclass(frozen=True, slots=True)
class Split:
    """`routes` are those that went into a workout. A damaged export ends early, or lacks parts."""

    workouts: int
    is_damaged: bool
    routes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Workout:
    started_at: datetime
    ended_at: datetime
    sport: str
    routes: tuple[str, ...]


@dataclass(slots=True)
class _Scratch:
    """Records by the hour in which they began, on disk; only where they are is in memory.

    The export tells one quantity after the other, so an hour is written to again and again.
    """

    file: BinaryIO
    hours: frozenset[int]
    #: By anybody's clock.
    days: frozenset[str]
    waiting: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    waiting_bytes: int = 0
    written: defaultdict[int, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, record: Attributes) -> None:
        date = record.get("startDate", "")
        if date[:10] not in self.days or record.get("type") not in KEPT_TYPES:
            return
        moment = utc_of(date)
        if moment is None or (hour := _hour_of(moment)) not in self.hours:
            return
        text = record_text(record, moment)
        self.waiting[hour].append(text)
        self.waiting_bytes += len(text)
        if self.waiting_bytes > _BUFFERED_BYTES:
            self.write()

    def write(self) -> None:
        for hour, texts in self.waiting.items():
            packed = zlib.compress("\n".join(texts).encode("utf-8", "replace"), 1)
            self.written[hour].append((self.file.tell(), len(packed)))
            self.file.write(packed)
        self.waiting.clear()
        self.waiting_bytes = 0

    def records_between(self, started_at: datetime, ended_at: datetime) -> list[bytes]:
        """In order, none twice; none at all beyond what a workout can have."""
        first, last = started_at.isoformat().encode(), ended_at.isoformat().encode()
        found: set[bytes] = set()
        size = 0
        for hour in range(_hour_of(started_at), _hour_of(ended_at) + 1):
            for at, length in self.written.get(hour, ()):
                self.file.seek(at)
                for text in zlib.decompress(self.file.read(length)).split(b"\n"):
                    start = text.index(b'startDate="') + len(b'startDate="')
                    if first <= text[start : start + len(first)] <= last:
                        found.add(text)
                        size += len(text)
                if size > _LARGEST_EXCERPT:
                    return []
        return sorted(found)


class _Collector:
    """Takes what the parser finds; keeps no tree, so that nothing in a file can fill memory."""

    def __init__(self, scratch: _Scratch) -> None:
        self.workouts: dict[str, _Workout] = {}
        self._scratch = scratch
        self._workout: Attributes | None = None
        self._children: list[tuple[str, Attributes]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "Record":
            self._scratch.add(attributes)
        elif tag == "Workout":
            self._workout, self._children = dict(attributes), []
        elif self._workout is not None and len(self._children) < _MOST_CHILDREN:
            self._children.append((tag, dict(attributes)))

    def end(self, tag: str) -> None:
        if tag == "Workout" and self._workout is not None:
            if workout := _workout(self._workout, self._children):
                self.workouts[workout_text(self._workout, self._children)] = workout
            self._workout = None

    def forget(self) -> None:
        """A workout of which the end was lost."""
        self._workout = None

    def close(self) -> None:
        """The parser asks for it."""


def split_export(
    read: ReadExport, find_route: FindRoute, scratch: BinaryIO, target: BinaryIO
) -> Split:
    """Write a ZIP of excerpts, in the order of time, to `target`.

    A damaged export gives what comes before the damage, and after it as far as the parser finds
    back. Raises UnreadableFileError: UNSAFE_XML for entities, NO_WORKOUTS.
    """
    store = _scratch_for(read, scratch)
    workouts, is_damaged = _collect(read, store)
    store.write()
    if not workouts:
        raise UnreadableFileError(Refusal.NO_WORKOUTS)
    routes: set[str] = set()
    ordered = sorted(workouts.items(), key=lambda item: (item[1].started_at, item[0]))
    with zipfile.ZipFile(target, "w") as archive:
        for number, (text, workout) in enumerate(ordered, start=1):
            found = {path: data for path in workout.routes if (data := find_route(path))}
            routes.update(found)
            records = store.records_between(workout.started_at, workout.ended_at)
            name = f"{workout.started_at:%Y-%m-%d %H.%M} {workout.sport} {number}.xml"
            entry = zipfile.ZipInfo(name)
            data = excerpt(text.encode(), records, found.values())
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=1)
    return Split(len(workouts), is_damaged, frozenset(routes))


def _scratch_for(read: ReadExport, file: BinaryIO) -> _Scratch:
    """Ready for the records of the hours in which there was a workout."""
    hours: set[int] = set()
    days: set[str] = set()
    for started_at, ended_at in _times_of_workouts(read()):
        hours.update(range(_hour_of(started_at), _hour_of(ended_at) + 1))
        for day in range(-1, (ended_at - started_at).days + 3):
            days.add((started_at + timedelta(days=day)).date().isoformat())
    return _Scratch(file, frozenset(hours), frozenset(days))


def _hour_of(moment: datetime) -> int:
    return moment.toordinal() * 24 + moment.hour


def _times_of_workouts(chunks: Iterator[bytes]) -> Iterator[tuple[datetime, datetime]]:
    """By looking for their tags alone, which takes a tenth of parsing."""
    rest = b""
    try:
        for chunk in chunks:
            rest += chunk
            yield from _times_in(rest, len(rest) - _TAG_BYTES)
            rest = rest[max(0, len(rest) - _TAG_BYTES) :]
    except UnreadableFileError:
        pass  # told by the second reading
    yield from _times_in(rest, len(rest))


def _times_in(text: bytes, end: int) -> Iterator[tuple[datetime, datetime]]:
    """Of the workouts that begin before `end`."""
    at = text.find(_WORKOUT_START)
    while 0 <= at < end:
        found = [pattern.search(text, at, at + _TAG_BYTES) for pattern in _DATES]
        times = [utc_of(match[1].decode("ascii", "replace")) if match else None for match in found]
        started_at, ended_at = times
        if started_at is not None and ended_at is not None and started_at <= ended_at:
            yield started_at, min(ended_at, started_at + _LONGEST)
        at = text.find(_WORKOUT_START, at + 1)


def _collect(read: ReadExport, scratch: _Scratch) -> tuple[dict[str, _Workout], bool]:
    """Workouts by their text, and whether the export is damaged; records go to `scratch`.

    The parser goes on after most damage, but ends where it takes the root for closed. As workouts
    come last, that would cost all of them: so the stretch is read again element by element, each
    by itself, and a new parser goes on behind it. What is told twice is kept once.
    """
    collector = _Collector(scratch)
    parser = _parser(collector)
    recent = deque([b""], maxlen=2)  # the parser may be one behind
    is_damaged = False
    try:
        for stretch in _stretches(_without_prologue(read())):
            parser.feed(stretch)
            recent.append(stretch)
            if _has_lost(parser):
                is_damaged = True
                _read_apart(collector, recent)
                parser = _fed(collector, b"")
    except UnreadableFileError as error:
        if error.reason is Refusal.UNSAFE_XML:
            raise
        is_damaged = True
    _close(parser)
    if _has_lost(parser):
        is_damaged = True
        _read_apart(collector, recent)
    return collector.workouts, is_damaged


def _read_apart(collector: _Collector, stretches: Iterable[bytes]) -> None:
    for element in _ELEMENT_START.split(b"".join(stretches)):
        _close(_fed(collector, element))


def _parser(collector: _Collector) -> etree.XMLParser:
    target: Any = collector  # lxml's own types allow for bytes, which it never gives
    return etree.XMLParser(
        target=target,
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )


def _fed(collector: _Collector, content: bytes) -> etree.XMLParser:
    """A new parser, inside the root element."""
    collector.forget()
    parser = _parser(collector)
    parser.feed(b"<HealthData>" + content)
    return parser


def _close(parser: etree.XMLParser) -> None:
    with contextlib.suppress(etree.XMLSyntaxError):
        parser.close()


def _has_lost(parser: etree.XMLParser) -> bool:
    return any(error.type_name not in _HARMLESS for error in parser.feed_error_log)


def _stretches(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut where an element of interest begins, without the characters that XML forbids."""
    rest = b""
    try:
        for chunk in chunks:
            rest += chunk.translate(_BLANKED)
            cut = max(rest.rfind(b"<Record "), rest.rfind(_WORKOUT_START))
            if cut <= 0:
                cut = len(rest) if len(rest) > _LONGEST_STRETCH else 0
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
    except UnreadableFileError:
        yield rest
        raise
    yield rest


def _without_prologue(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """From the root element on: the document type of Apple's own exports is often broken."""
    head = b""
    for chunk in chunks:
        head += chunk
        at = head.find(b"<HealthData")
        if b"<!ENTITY" in head[: at if at >= 0 else None]:
            raise UnreadableFileError(Refusal.UNSAFE_XML)
        if at >= 0:
            yield head[at:]
            break
        if len(head) > _LONGEST_PROLOGUE:
            return
    yield from chunks


def _workout(found: Attributes, children: list[tuple[str, Attributes]]) -> _Workout | None:
    started_at, ended_at = utc_of(found.get("startDate")), utc_of(found.get("endDate"))
    if started_at is None or ended_at is None or ended_at < started_at:
        return None
    sport = found.get("workoutActivityType", "").removeprefix("HKWorkoutActivityType")
    return _Workout(
        started_at=started_at,
        ended_at=min(ended_at, started_at + _LONGEST),
        sport=re.sub(r"[^A-Za-z]", "", sport)[:40] or "Workout",
        routes=route_paths(children),
    )
