"""Why a file is refused, from what was raised while it was read."""

from __future__ import annotations

from uuid import UUID

from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.db.engine import Database
from beatrunner.imports import store
from beatrunner.imports.outcomes import Outcome
from beatrunner.imports.store import Verdict
from beatrunner.kit.errors import hold_up_of
from beatrunner.kit.log import logger
from beatrunner.kit.parser_pool import TookTooLongError, TookTooMuchError

log = logger(__name__)


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


async def refuse(database: Database, file_id: UUID, error: Exception) -> None:
    """End with this file; the import goes on with the others.

    Raises UnavailableError when the file is not at fault: the import then waits.
    """
    held_up = hold_up_of(error)
    if held_up is not None:
        raise held_up from error
    reason = refusal_of(error)
    if reason is Refusal.IMPORTER_FAILED:
        log.error("import.failed_on_file", exc_info=error)
    else:
        log.info("import.refused", reason=reason, detail=str(error))
    async with database.write() as tx:
        await store.update_file(tx, file_id, Verdict(Outcome.REFUSED, "unknown", reason))
