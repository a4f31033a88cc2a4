"""The controller: modes, songs, and what holds for any input."""
