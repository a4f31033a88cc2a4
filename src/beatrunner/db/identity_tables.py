"""The tables of who may come in, and by what: identities, codes, factors, tokens, events."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import Json, UtcDateTime

sign_ins = Table(
    "sign_ins",
    metadata,
    id_column(),
    owner_column(),
    # The refresh token of each generation is derived from a server secret, never stored.
    Column("generation", Integer, nullable=False),
    Column("device_name", String(100)),
    Column("created_at", UtcDateTime, nullable=False),
    # When the runner last showed that it is they: at the sign-in, or when asked again since.
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("rotated_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_sign_ins_account_id", "account_id"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    # A keyed hash of the address tried or of the peer: budgets without keeping either.
    Column("subject", String(64), primary_key=True),
    Column("window_started_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
)

#: A password as bcrypt kept it, `$2b$12$…`. Of an index, so it has to be the very same words.
IS_BCRYPT = text("kind = 'password' AND verifier LIKE '$2%'")

identities = Table(
    "identities",
    metadata,
    id_column(),
    owner_column(),
    # this_computer, password, passkey; later whatever a provider vouches for.
    Column("kind", String(16), nullable=False),
    # As the provider names somebody; never an address, which may change hands.
    Column("subject", String(512), nullable=False),
    Column("label", String(100)),
    # By what it is proved here: a password's hash, a passkey's public key.
    Column("verifier", Text),
    Column("detail", Json),
    Column("counter", BigInteger, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    UniqueConstraint("kind", "subject"),
    Index("ix_identities_account_id", "account_id"),
    # Each sign-in asks whether there is one left.
    Index("ix_identities_bcrypt", "verifier", sqlite_where=IS_BCRYPT, postgresql_where=IS_BCRYPT),
)

#: Who has asked for an account and not yet shown that the address is theirs.
registrations = Table(
    "registrations",
    metadata,
    id_column(),
    Column("email", String(320), nullable=False),
    Column("display_name", String(100), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_registrations_expires_at", "expires_at"),
)

#: Codes sent to somebody who has an account.
account_codes = Table(
    "account_codes",
    metadata,
    id_column(),
    owner_column(),
    Column("purpose", String(24), nullable=False),  # password_reset, email_change
    Column("code_hash", String(64), nullable=False),
    Column("detail", Json),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_account_codes_account_id", "account_id", "purpose"),
)

invitations = Table(
    "invitations",
    metadata,
    id_column(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("email", String(320), nullable=False),
    # Then whoever has it reads the mail to that address.
    Column("is_mailed", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

totp_factors = Table(
    "totp_factors",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    # Null until the first code was right.
    Column("confirmed_at", UtcDateTime),
    # The last step of 30 s whose code was used; none before it is taken again.
    Column("last_step", BigInteger, nullable=False, server_default="0"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    id_column(),
    owner_column(),
    Column("code_hash", String(64), nullable=False),
    Column("used_at", UtcDateTime),
    Index("ix_recovery_codes_account_id", "account_id"),
)

#: A right password that waits for its second factor.
pending_sign_ins = Table(
    "pending_sign_ins",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    owner_column(),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_pending_sign_ins_account_id", "account_id"),
)

#: What passkeys are asked to sign, each once; they say nothing of anybody.
passkey_challenges = Table(
    "passkey_challenges",
    metadata,
    Column("challenge_hash", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),  # register, sign_in, confirm
    Column("expires_at", UtcDateTime, nullable=False),
)

personal_tokens = Table(
    "personal_tokens",
    metadata,
    id_column(),
    owner_column(),
    Column("name", String(100), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Index("ix_personal_tokens_account_id", "account_id"),
)

security_events = Table(
    "security_events",
    metadata,
    id_column(),
    owner_column(),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("device_name", String(100)),
    # The peer's network, not the peer: enough to tell home from elsewhere.
    Column("network", String(64)),
    Column("detail", Json),
    Index("ix_security_events_account_id", "account_id", "at"),
)
