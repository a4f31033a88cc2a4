"""How much a runner trains, and how fast they have been."""
