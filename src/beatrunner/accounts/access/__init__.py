"""What a runner sees, and can end, of the ways into their account that are open now."""
