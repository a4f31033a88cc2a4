"""Passkeys, which are two factors at once, and the second factor of a password."""
