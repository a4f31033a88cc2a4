"""Science: values in, values out. Standard library and numpy; no clock, no I/O, no logging."""
