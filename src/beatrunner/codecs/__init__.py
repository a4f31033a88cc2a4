"""Bytes to core values and back. Pure: no files are opened here, no network, no database."""
