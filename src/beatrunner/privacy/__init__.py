"""What a runner hides, agrees to, and has erased."""
