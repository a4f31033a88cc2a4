"""The path of each run as the map of all runs draws it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("run_figures", sa.Column("path", sa.LargeBinary(), nullable=True))
