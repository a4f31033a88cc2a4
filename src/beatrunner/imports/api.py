"""Routes for handing in files and following their import."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import UploadFile

from beatrunner.accounts.api import CurrentAccount, ImportingAccount, ProvidedWelcome
from beatrunner.accounts.sign_ins import TokenHolder
from beatrunner.core.refusals import Refusal, sentence
from beatrunner.db.api import ProvidedDatabase, ReadTx, WriteTx
from beatrunner.db.types import AnyRow
from beatrunner.imports import store
from beatrunner.imports.outcomes import Outcome
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.imports.undoing import ImportUndoer
from beatrunner.imports.watch_store import find_watched_folder
from beatrunner.jobs.store import count_unfinished, find_hold_up
from beatrunner.kit.errors import HoldUp, RefusedError, TooLargeError
from beatrunner.kit.event_stream import STREAM_HEADERS, progress_events
from beatrunner.kit.http import provided
from beatrunner.kit.settings import Settings

router = APIRouter(prefix="/v1", tags=["imports"])

#: Jobs that turn what was imported into soundtracks.
FOLLOW_UPS = ("account.imported", "activity.imported", "plays.group", "music.imported")


class Import(BaseModel):
    id: UUID
    created_at: datetime
    finished_at: datetime | None
    state: Literal["queued", "running", "done", "failed", "undoing", "undone"]
    files_total: int
    files_done: int
    imported: int
    joined: int
    already_there: int
    refused: int
    skipped: int
    activities_added: int
    listens_added: int
    current: str | None
    soundtracks_pending: int
    held_up: HoldUp | None


class ImportPage(BaseModel):
    items: list[Import]
    next_cursor: UUID | None


class UndoPreview(BaseModel):
    """What goes with an import, and what stays: `runs_kept` have other files, what is `kept`
    another import brought, too."""

    files: int
    runs: int
    runs_kept: int
    files_kept: int
    listens: int
    listens_kept: int


class ImportFile(BaseModel):
    id: UUID
    path: str
    size_bytes: int
    kind: str
    outcome: Outcome
    reason: Refusal | None
    message: str | None
    activity_ids: list[UUID]
    listens_added: int


class ImportFilePage(BaseModel):
    items: list[ImportFile]
    next_cursor: UUID | None


class WatchedFolder(BaseModel):
    """`files_total` counts what was handed in from it, `last_path` is the latest of these."""

    folder: str
    is_there: bool
    looked_at: datetime
    files_total: int
    last_path: str | None
    last_handed_in_at: datetime | None


def _import(row: AnyRow, pending: int, held_up: HoldUp | None) -> Import:
    counts = row._mapping
    return Import(
        **{name: counts[name] for name in Import.model_fields if name in counts},
        files_done=row.files_total - row.files_waiting,
        soundtracks_pending=pending,
        held_up=held_up if row.finished_at is None else None,
    )


def _file(row: AnyRow) -> ImportFile:
    reason = None if row.reason is None else Refusal(row.reason)
    return ImportFile(
        **{n: row._mapping[n] for n in ImportFile.model_fields if n in row._mapping},
        message=None if reason is None else sentence(reason),
    )


async def _load(tx: AsyncConnection, account_id: UUID, import_id: UUID) -> Import:
    row = await store.get_batch(tx, account_id, import_id)
    pending = await count_unfinished(tx, account_id, FOLLOW_UPS)
    return _import(row, pending, await find_hold_up(tx, account_id, "import.run"))


@router.post(
    "/activities/imports",
    status_code=202,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["files"],
                        "properties": {
                            "files": {
                                "type": "array",
                                "items": {"type": "string", "format": "binary"},
                            }
                        },
                    }
                }
            },
        },
    },
)
@router.post("/music/imports", status_code=202, include_in_schema=False)
async def hand_in(
    request: Request,
    account: ImportingAccount,
    database: ProvidedDatabase,
    receiver: Annotated[UploadReceiver, Depends(provided(UploadReceiver))],
    settings: Annotated[Settings, Depends(provided(Settings))],
) -> Import:
    """Hand in runs and listening history, in any mixture: files, archives, whole folders.

    The content of each file decides what it is, so both doors take both.
    """
    _check_length(request.headers.get("content-length"), settings.max_upload_bytes)
    async with request.form(max_files=settings.max_files_per_upload, max_fields=10) as form:
        uploads = [
            Upload(found.filename or "file", found.file)
            for found in form.getlist("files")
            if isinstance(found, UploadFile)
        ]
        import_id = await receiver.receive(
            account.account_id, uploads, is_by_script=isinstance(account, TokenHolder)
        )
    async with database.read() as tx:
        return await _load(tx, account.account_id, import_id)


def _check_length(header: str | None, most: int) -> None:
    # Without a length an endless upload could only be noticed when the disk is full.
    if header is None or not header.isdecimal():
        raise RefusedError("An upload must say how long it is.", kind="length-required")
    if int(header) > most:
        raise TooLargeError(f"At most {most // 1024**2} MiB can be handed in at once.")


@router.get("/imports")
async def list_imports(
    account: ImportingAccount,
    tx: ReadTx,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: UUID | None = None,
) -> ImportPage:
    rows = await store.list_batches(tx, account.account_id, before=cursor, limit=limit + 1)
    pending = await count_unfinished(tx, account.account_id, FOLLOW_UPS)
    held_up = await find_hold_up(tx, account.account_id, "import.run")
    items = [_import(row, pending, held_up) for row in rows[:limit]]
    return ImportPage(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


@router.get("/imports/watched")
async def find_watched(
    account: CurrentAccount,
    tx: ReadTx,
    settings: Annotated[Settings, Depends(provided(Settings))],
) -> WatchedFolder | None:
    """The folder from which files of this account come in by themselves; null without one."""
    row = await find_watched_folder(tx, account.account_id)
    if row is None or row.folder != str(settings.watched):
        return None
    return WatchedFolder(**{name: row._mapping[name] for name in WatchedFolder.model_fields})


@router.get("/imports/{import_id}")
async def get_import(account: ImportingAccount, tx: ReadTx, import_id: UUID) -> Import:
    return await _load(tx, account.account_id, import_id)


Undoing = Annotated[ImportUndoer, Depends(provided(ImportUndoer))]


@router.get("/imports/{import_id}/undo")
async def preview_undo(
    account: CurrentAccount, tx: ReadTx, undoer: Undoing, import_id: UUID
) -> UndoPreview:
    await store.get_batch(tx, account.account_id, import_id)
    return UndoPreview.model_validate(await undoer.count(tx, account.account_id, import_id))


@router.post("/imports/{import_id}/undo", status_code=202)
async def undo_import(
    account: CurrentAccount, tx: WriteTx, undoer: Undoing, import_id: UUID
) -> Import:
    """Take back all that an import brought, but for what another one brought, too."""
    await undoer.begin(tx, account.account_id, import_id)
    return await _load(tx, account.account_id, import_id)


@router.get("/imports/{import_id}/files")
async def list_import_files(
    account: ImportingAccount,
    tx: ReadTx,
    import_id: UUID,
    outcome: Outcome | None = None,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ImportFilePage:
    await store.get_batch(tx, account.account_id, import_id)
    rows = await store.list_files(
        tx, account.account_id, import_id, outcome=outcome, after=cursor, limit=limit + 1
    )
    items = [_file(row) for row in rows[:limit]]
    return ImportFilePage(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


@router.get("/imports/{import_id}/events", response_class=StreamingResponse)
async def follow_import(
    database: ProvidedDatabase,
    account: ImportingAccount,
    welcome: ProvidedWelcome,
    import_id: UUID,
) -> StreamingResponse:
    """Server-sent events: `progress` whenever something changed, at last `done`."""
    async with database.read() as tx:
        first = await _load(tx, account.account_id, import_id)

    async def look() -> Import:
        async with database.read() as tx:
            await welcome.require(tx, account)
            return await _load(tx, account.account_id, import_id)

    return StreamingResponse(
        progress_events(first, look, _is_over),
        media_type="text/event-stream",
        headers=STREAM_HEADERS,
    )


def _is_over(shown: Import) -> bool:
    return shown.state in {"done", "failed", "undone"} and shown.soundtracks_pending == 0
