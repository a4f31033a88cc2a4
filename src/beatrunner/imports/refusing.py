"""Why a file is refused, from what was raised while it was read."""

from __future__ import annotations

from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.kit.parser_pool import TookTooLongError, TookTooMuchError


def refusal_of(error: Exception) -> Refusal:
    """`IMPORTER_FAILED` is our own mistake, and belongs in the log."""
    match error:
        case UnreadableFileError():
            return error.reason
        case TookTooLongError():
            return Refusal.TOOK_TOO_LONG
        case TookTooMuchError():
            return Refusal.TOOK_TOO_MUCH
        case _:
            return Refusal.IMPORTER_FAILED
