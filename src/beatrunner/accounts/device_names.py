"""What a device calls itself, in words that its runner knows again: `Firefox on Linux`.

A User-Agent is a claim, and a messy one: every browser names those before it. Only what tells one
device of a runner from another is read, browser and system; what is not known is left out.
"""

from __future__ import annotations

import re

_MAX_CHARACTERS = 512

#: The first that is found: each names those after it as well, for old servers' sake.
_PROGRAMS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\b(?:OPR|Opera|OPT)/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Vivaldi", re.compile(r"\bVivaldi/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|Chromium|HeadlessChrome|CriOS)/")),
    ("Safari", re.compile(r"\bVersion/.*\bSafari/")),
    ("curl", re.compile(r"^curl/")),
    ("Wget", re.compile(r"^Wget/")),
    ("Python", re.compile(r"^(?:python|Python)[-\w]*/")),
)
_SYSTEMS = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Windows", re.compile(r"\bWindows NT\b")),
    ("macOS", re.compile(r"\bMac OS X\b|\bMacintosh\b")),
    ("Linux", re.compile(r"\bLinux\b|\bX11\b")),
)


def device_name(user_agent: str | None) -> str | None:
    """None when nothing in it is known."""
    told = (user_agent or "")[:_MAX_CHARACTERS]
    program, system = _first(_PROGRAMS, told), _first(_SYSTEMS, told)
    if program and system:
        return f"{program} on {system}"
    return program or system


def _first(known: tuple[tuple[str, re.Pattern[str]], ...], told: str) -> str | None:
    return next((name for name, pattern in known if pattern.search(told)), None)
