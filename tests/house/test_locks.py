"""A lock that names no place works with every mirror; a text that names no machine, on each."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, files, name_of

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

_REQUIREMENT = re.compile(
    r"^[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,._-]+\])?==[^\s;]+(?:\s*;[^\\]+)?\s+\\$"
)
_HASH = re.compile(r"^\s+--hash=sha256:[0-9a-f]{64}(?: \\)?$")

#: Put together here, so that this file does not name them itself.
_HOSTS = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"))
]
_MACHINE_PATH = re.compile(r"(?<![\w.)\]}])/(?:home|Users|root|work)/[\w.-]+|[A-Z]:\\\\?Users\\")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_has_a_version_and_hashes(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if not _REQUIREMENT.match(line) and not _HASH.match(line)]
    assert not strange
    starts = [index for index, line in enumerate(lines) if _REQUIREMENT.match(line)]
    assert starts
    unhashed = [lines[i] for i in starts if i + 1 == len(lines) or not _HASH.match(lines[i + 1])]
    assert not unhashed


def test_the_pages_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [
        name
        for name, entry in packages.items()
        if not entry.get("integrity", "").startswith("sha512-") and not entry.get("inBundle")
    ]


def test_no_file_names_a_package_index_or_a_machine() -> None:
    named = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        named += [f"{name_of(path)}: {host}" for host in _HOSTS if host in text]
        named += [f"{name_of(path)}: {found}" for found in _MACHINE_PATH.findall(text)]
    assert not named
