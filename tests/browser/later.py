"""`python -m tests.browser.later SECONDS PORT`: the server as it is so many seconds from now."""

from __future__ import annotations

import sys
from datetime import timedelta

from beatrunner.cli.serving import serve_on
from beatrunner.kit.clock import system_clock
from beatrunner.kit.settings import Settings

if __name__ == "__main__":
    ahead = timedelta(seconds=float(sys.argv[1]))
    serve_on(Settings(port=int(sys.argv[2])), None, clock=lambda: system_clock() + ahead)
