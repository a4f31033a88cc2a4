"""Mutants of what guards accounts that do no harm, each with the reason why.

`./dev bench mutation` reports what is listed here although a test notices it.
"""

from __future__ import annotations

HARMLESS: dict[str, str] = {}
