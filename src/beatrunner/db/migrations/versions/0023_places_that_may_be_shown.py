"""Places where runs start or end again that the runner wants to be shown."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column(
        "privacy_zones",
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
