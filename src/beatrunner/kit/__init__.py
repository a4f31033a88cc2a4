"""I/O helpers that know nothing of runs or songs."""
