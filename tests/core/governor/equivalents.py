"""Mutants of the governor that do the same as it, each with the reason why."""

EQUIVALENTS: dict[str, str] = {}
