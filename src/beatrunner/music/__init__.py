"""Tracks, and when the runner listened to them."""
