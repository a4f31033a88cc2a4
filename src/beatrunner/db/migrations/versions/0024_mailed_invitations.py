"""Whether an invitation went by mail, which shows whose the address is."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column(
        "invitations",
        sa.Column("is_mailed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
