"""An index of the passwords that bcrypt keeps: none of them is read once all have gone."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    is_bcrypt = sa.text("kind = 'password' AND verifier LIKE '$2%'")
    op.create_index(
        "ix_identities_bcrypt",
        "identities",
        ["verifier"],
        sqlite_where=is_bcrypt,
        postgresql_where=is_bcrypt,
    )
