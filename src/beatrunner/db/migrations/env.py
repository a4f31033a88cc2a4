"""Alembic's entry: runs on the connection that `db.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from beatrunner.db import (  # noqa: F401
    export_tables,
    insight_tables,
    live_tables,
    playlist_tables,
    share_tables,
    tables,
)
from beatrunner.db.schema import metadata
from beatrunner.db.types import Json, UtcDateTime


def render_own_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types into new revisions by the names the template imports."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime"
    if kind == "type" and isinstance(item, type(Json)):
        return "Json"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=False,
    compare_type=True,
    render_item=render_own_types,
)
with context.begin_transaction():
    context.run_migrations()
