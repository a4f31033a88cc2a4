"""Bridges that the server's own computer starts; a bridge says by itself whether it is virtual."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "devices", sa.Column("is_own", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # None of these was joined by a code so far.
    op.execute("UPDATE devices SET is_own = TRUE WHERE kind = 'bridge' AND is_virtual")
    op.execute("ALTER TABLE pairing_codes DROP COLUMN is_virtual")
