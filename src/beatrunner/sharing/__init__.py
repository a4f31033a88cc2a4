"""Showing a run to others: one projection for every channel, and links that can be withdrawn."""
