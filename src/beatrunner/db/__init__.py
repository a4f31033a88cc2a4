"""Engine, transactions, tables and migrations; the one place where the two databases differ."""
