"""Runs as the runner knows them, and the recordings they are made of."""
