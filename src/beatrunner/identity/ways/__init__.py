"""How somebody sees and changes the ways into their account."""
