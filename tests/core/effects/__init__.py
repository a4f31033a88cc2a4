"""Effects of music on the runner."""
