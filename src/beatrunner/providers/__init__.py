"""Services of others, one module each. Only `wiring` names them; slices know their ports."""
