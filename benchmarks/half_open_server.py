"""The real server in a folder of its own, with other deadlines."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from beatrunner.cli import serving
from beatrunner.cli.processes import migrate
from beatrunner.kit.settings import LogFormat, Settings
from beatrunner.web.deadlines import DeadlineProtocol

if __name__ == "__main__":
    folder, port, deadline_s = sys.argv[1:]
    DeadlineProtocol.head_s = DeadlineProtocol.body_s = float(deadline_s)
    settings = Settings(data_dir=Path(folder), port=int(port), log_format=LogFormat.JSON)
    asyncio.run(migrate(settings))
    serving.serve_on(settings, None)
