"""Whether chance chose a song of a workout."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("workout_songs", sa.Column("is_shuffled", sa.Boolean(), nullable=True))
