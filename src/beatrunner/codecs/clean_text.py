"""Texts from strangers' files, made fit for any database."""

from __future__ import annotations

_MAX_TEXT = 500


class CleanTexts(dict[str | None, str]):
    """By the text as the file has it: no NUL, no lone surrogates, not endless; "" for None.

    Each is cleaned and kept once: a history names its few thousand texts again and again.
    """

    def __missing__(self, value: str | None) -> str:
        clean = (value or "").encode("utf-8", "ignore").decode("utf-8").replace("\0", "")
        self[value] = clean = clean.strip()[:_MAX_TEXT].rstrip()
        return clean
