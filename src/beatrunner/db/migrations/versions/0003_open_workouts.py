"""One open workout a bridge, and a stop that every server process hears of."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("workouts", sa.Column("stop_asked_at", UtcDateTime, nullable=True))
    op.create_index(
        "uq_workouts_open",
        "workouts",
        ["bridge_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('ready', 'live')"),
        postgresql_where=sa.text("state IN ('ready', 'live')"),
    )
