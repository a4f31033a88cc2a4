"""The tables of how many requests were let through, for processes that are started again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Uuid

from beatrunner.db.schema import metadata
from beatrunner.db.types import UtcDateTime

#: Server processes that count.
request_counters = Table(
    "request_counters",
    metadata,
    Column("id", Uuid, primary_key=True),
    # While it runs: a policy's reserve may have been let through since it last wrote.
    Column("is_running", Boolean, nullable=False),
    # What its stop-watch showed when it last wrote, and what time that was.
    Column("elapsed_s", BigInteger, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)

request_counts = Table(
    "request_counts",
    metadata,
    Column("counter_id", ForeignKey("request_counters.id", ondelete="CASCADE"), primary_key=True),
    # The policy, and a keyed hash of whom it counts.
    Column("subject", String(96), primary_key=True),
    # By its counter's stop-watch.
    Column("minute", BigInteger, primary_key=True),
    Column("requests", Integer, nullable=False),
)
