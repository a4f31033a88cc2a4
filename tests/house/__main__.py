"""`python -m tests.house`: these checks alone, in seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    here = str(Path(__file__).parent)
    # What the other suites load takes longer than all checks together.
    sys.exit(pytest.main(["-q", "--noconftest", "-p", "no:xdist", here, *sys.argv[1:]]))
