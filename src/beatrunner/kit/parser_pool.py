"""Untrusted files are parsed in child processes that can be limited and killed.

A pool of long-lived children (a fresh one with numpy costs more than decoding a file). Each
child may use `memory_bytes` of address space and may not write files; each call may use `cpu_s`
of processor time and `wall_s` of patience. A child that exceeds either, or dies, is replaced,
and its caller gets `TookTooLongError` or `TookTooMuchError`. macOS knows no memory limit.

What unpacks gigabytes has to write, and takes minutes: such calls (`run_writing`) have limits of
their own.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
T = TypeVar("T")


class TookTooLongError(Exception):
    """The call used up its time."""


class TookTooMuchError(Exception):
    """The call used up its memory, or its process died."""


@dataclass(frozen=True, slots=True)
class ParserLimits:
    memory_bytes: int = 1024**3
    cpu_s: int = 30
    wall_s: float = 60.0
    writing_cpu_s: int = 1800
    writing_wall_s: float = 3600.0
    written_bytes: int = 8 << 30


def _limit_child(memory_bytes: int, written_bytes: int) -> None:
    # Ctrl-C reaches the whole process group; only the parent decides when a child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # macOS refuses every limit of the address space.
    if sys.platform != "darwin":
        _lower(resource.RLIMIT_AS, memory_bytes)
    _lower(resource.RLIMIT_FSIZE, written_bytes)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, most: int) -> None:
    """Set both limits, unless the parent's environment allows even less."""
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(limit, (most, most))


def _run_limited(
    cpu_s: int, may_write: bool, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent_s = int(used.ru_utime + used.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent_s + cpu_s + 1, hard))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if may_write else 0, hard))
    try:
        return function(*args, **kwargs)
    except (MemoryError, RecursionError) as error:
        raise TookTooMuchError(type(error).__name__) from error


class ParserPool:
    """Close it when done; children start on the first call."""

    def __init__(self, processes: int, limits: ParserLimits | None = None) -> None:
        self._limits = limits or ParserLimits()
        # More threads would only reserve address space against the limit.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        self._pool = ProcessPool(
            max_workers=processes,
            max_tasks=500,
            initializer=_limit_child,
            initargs=(self._limits.memory_bytes, self._limits.written_bytes),
            context=multiprocessing.get_context("spawn"),
        )

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`function` must be importable by name, its arguments and result picklable.

        Raises what the function raises, or TookTooLongError, TookTooMuchError.
        """
        limits = self._limits
        call = partial(_run_limited, limits.cpu_s, False, function, *args, **kwargs)
        return await self._run(call, limits.cpu_s, limits.wall_s)

    async def run_writing(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, with leave to write files."""
        limits = self._limits
        call = partial(_run_limited, limits.writing_cpu_s, True, function, *args, **kwargs)
        return await self._run(call, limits.writing_cpu_s, limits.writing_wall_s)

    async def _run(self, call: Callable[[], T], cpu_s: int, wall_s: float) -> T:
        future = self._pool.schedule(call, timeout=wall_s)
        try:
            result: T = await asyncio.wrap_future(future)
        except (FutureTimeoutError, TimeoutError) as error:
            raise TookTooLongError(f"more than {wall_s:.0f} s") from error
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGXCPU:
                raise TookTooLongError(f"more than {cpu_s} CPU s") from error
            raise TookTooMuchError(f"the process ended with {error.exitcode}") from error
        return result

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
