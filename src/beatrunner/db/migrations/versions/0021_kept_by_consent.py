"""Originals that are not kept, streams that have gone, and the owner's consent to heart rates."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import UtcDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column(
        "recordings",
        sa.Column("keeps_original", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column("activities", sa.Column("streams_gone_at", UtcDateTime(), nullable=True))
    # Who runs BeatRunner at home has agreed with the words of the welcome page.
    op.execute(
        "INSERT INTO consents (account_id, kind, given_at) SELECT id, 'heart_rate', created_at"
        " FROM accounts WHERE kind IN ('owner', 'demo')"
    )
