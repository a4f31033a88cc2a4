"""The ways in: how somebody gets an account, shows that it is theirs, and changes how they do.

One account has many identities (`db.identity_tables`), each a kind and a subject: this computer, a
password, a passkey. Every door ends in `accounts.sign_ins`, which knows nothing of how one came to
it.
"""
