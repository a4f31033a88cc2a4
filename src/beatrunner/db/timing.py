"""How long each statement took, as a Prometheus histogram."""

from __future__ import annotations

import time
from typing import Any

from prometheus_client import Histogram
from sqlalchemy import event
from sqlalchemy.engine import Engine

STATEMENT_SECONDS = Histogram(
    "beatrunner_database_statement_seconds",
    "Time from sending a statement to its first answer",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)


def time_statements(engine: Engine) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def _start(_c: Any, _cursor: Any, _s: Any, _p: Any, context: Any, _many: Any) -> None:
        context.beatrunner_started = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _stop(_c: Any, _cursor: Any, _s: Any, _p: Any, context: Any, _many: Any) -> None:
        STATEMENT_SECONDS.observe(time.perf_counter() - context.beatrunner_started)
