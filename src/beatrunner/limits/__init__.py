"""How many requests somebody may send in an hour, and that a restart does not forget it."""
