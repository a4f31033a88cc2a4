"""What all tables have in common: their catalogue, names of constraints, and two columns."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, MetaData, Uuid

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def id_column() -> Column[object]:
    return Column("id", Uuid, primary_key=True)


def owner_column() -> Column[object]:
    return Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)
