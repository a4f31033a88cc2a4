"""How long the end of the process waits for the belt."""

#: A belt that is told to stop is waited for so long before the process ends.
STOP_PATIENCE_S = 30.0
