"""The runner's phone in the home network: how it comes in, and how it comes to trust."""
