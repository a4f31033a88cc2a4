"""What a parser might do to its process, importable by the child."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from beatrunner.core.refusals import Refusal, UnreadableFileError


def double(number: int) -> int:
    return 2 * number


def eat_memory() -> int:
    return len(bytearray(4 << 30))


def eat_memory_in_small_bites() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(1 << 20))


def loop() -> None:
    while True:
        pass


def sleep() -> None:
    signal.pause()


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(3)


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def write_file(path: Path, size_bytes: int = 100) -> int:
    return path.write_bytes(b"x" * size_bytes)


def refuse() -> None:
    raise UnreadableFileError(Refusal.ENCRYPTED, "a detail")


def fail() -> None:
    raise KeyError("a fault of ours")


def large_answer() -> bytes:
    return bytes(20 << 20)


def process() -> tuple[int, int]:
    return os.getpid(), sys.getrecursionlimit()
