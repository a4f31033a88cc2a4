"""Routes for taking out a run, listens and the whole account."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import AwareDatetime, BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.api import (
    CurrentAccount,
    CurrentCaller,
    Empty,
    FreshAccount,
    ProvidedWelcome,
    ReadingAccount,
)
from beatrunner.codecs.safe_text import file_name
from beatrunner.db.api import ProvidedDatabase, ReadTx
from beatrunner.db.types import AnyRow
from beatrunner.exports import store
from beatrunner.exports.account_export import AccountExporter
from beatrunner.exports.listens import Wanted, listen_lines
from beatrunner.exports.of_run import FORMS, load_run, name_of, write_run
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.event_stream import STREAM_HEADERS, progress_events
from beatrunner.kit.http import attachment, provided

router = APIRouter(prefix="/v1", tags=["exports"])

RunForm = Literal["gpx", "tcx", "fit", "geojson", "csv", "songs"]
ProvidedExporter = Annotated[AccountExporter, Depends(provided(AccountExporter))]
ProvidedOriginals = Annotated[FolderBlobStore, Depends(provided(FolderBlobStore))]


class AccountExport(BaseModel):
    """Items are rows and files. It is gone after `expires_at`."""

    id: UUID
    state: Literal["queued", "running", "done", "failed"]
    items_total: int
    items_done: int
    size_bytes: int | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


class AccountExportList(BaseModel):
    items: list[AccountExport]


@router.get("/activities/{activity_id}/export/original", response_class=Response)
async def export_original(
    account: ReadingAccount, tx: ReadTx, originals: ProvidedOriginals, activity_id: UUID
) -> Response:
    """The file that was imported, as it was; a ZIP of them where there are several."""
    files = await store.list_originals(tx, account.account_id, activity_id)
    try:
        contents = [await asyncio.to_thread(originals.get, file.content_sha256) for file in files]
    except FileNotFoundError:
        contents = []
    if not contents:
        raise NotFoundError("The file of this run is not kept.")
    names = [_original_name(file) for file in files]
    if len(files) > 1:
        contents = [await asyncio.to_thread(_zipped, names, contents)]
        names = ["originals.zip"]
    return Response(
        contents[0], media_type="application/octet-stream", headers=attachment(names[0])
    )


@router.get("/activities/{activity_id}/export/{form}", response_class=StreamingResponse)
async def export_run(
    account: ReadingAccount, tx: ReadTx, activity_id: UUID, form: RunForm
) -> StreamingResponse:
    """One run as other programs take it; `csv` has a row a second, `songs` one a song."""
    run = await load_run(tx, account.account_id, activity_id)
    pieces = await write_run(run, form)
    return StreamingResponse(
        pieces,
        media_type=FORMS[form].media_type,
        headers=attachment(f"{name_of(run)}.{FORMS[form].suffix}"),
    )


@router.get("/music/export", response_class=StreamingResponse)
async def export_listens(
    account: ReadingAccount,
    database: ProvidedDatabase,
    after: AwareDatetime | None = None,
    before: AwareDatetime | None = None,
    track_id: UUID | None = None,
) -> StreamingResponse:
    """Listens as ListenBrainz exports and imports them: one line of JSON each."""
    wanted = Wanted(after, before, track_id)

    async def lines() -> AsyncIterator[bytes]:
        async with database.snapshot() as tx:
            async for piece in listen_lines(tx, account.account_id, wanted):
                yield piece

    return StreamingResponse(
        lines(), media_type="application/jsonl", headers=attachment("listens.jsonl")
    )


@router.post("/account/exports", status_code=202)
async def export_account(
    _body: Empty,
    account: FreshAccount,
    caller: CurrentCaller,
    exporter: ProvidedExporter,
    database: ProvidedDatabase,
) -> AccountExport:
    """Everything of the account as one ZIP, which the import takes back. An earlier one goes."""
    export_id = await exporter.begin(account.account_id, caller)
    async with database.read() as tx:
        return await _load(tx, account.account_id, export_id)


@router.get("/account/exports")
async def list_account_exports(account: CurrentAccount, tx: ReadTx) -> AccountExportList:
    rows = await store.list_exports(tx, account.account_id)
    return AccountExportList(items=[AccountExport.model_validate(row._mapping) for row in rows])


@router.get("/account/exports/{export_id}/events", response_class=StreamingResponse)
async def follow_account_export(
    database: ProvidedDatabase, account: CurrentAccount, welcome: ProvidedWelcome, export_id: UUID
) -> StreamingResponse:
    """Server-sent events: `progress` whenever something changed, at last `done`."""

    async def look() -> AccountExport:
        async with database.read() as tx:
            await welcome.require(tx, account)
            return await _load(tx, account.account_id, export_id)

    return StreamingResponse(
        progress_events(await look(), look, lambda shown: shown.state in {"done", "failed"}),
        media_type="text/event-stream",
        headers=STREAM_HEADERS,
    )


@router.get("/account/exports/{export_id}/file", response_class=FileResponse)
async def get_account_export(
    account: CurrentAccount, tx: ReadTx, exporter: ProvidedExporter, export_id: UUID
) -> FileResponse:
    """The ZIP."""
    return _file(await store.get_export(tx, account.account_id, export_id), exporter)


@router.delete("/account/exports/{export_id}", status_code=204)
async def delete_account_export(
    account: CurrentAccount, exporter: ProvidedExporter, export_id: UUID
) -> None:
    """Take the file away now, or end the writing of it."""
    await exporter.delete(account.account_id, export_id)


async def _load(tx: AsyncConnection, account_id: UUID, export_id: UUID) -> AccountExport:
    return AccountExport.model_validate(
        (await store.get_export(tx, account_id, export_id))._mapping
    )


def _file(export: AnyRow, exporter: AccountExporter) -> FileResponse:
    path = exporter.path_of(export.id)
    if export.state != "done" or not path.exists():
        raise NotFoundError("This export is not ready, or it is gone.")
    name = f"beatrunner-{export.created_at:%Y-%m-%d}.zip"
    # What is packed is not packed once more on the way, and the browser knows how much is to come.
    headers = attachment(name) | {"Content-Encoding": "identity"}
    return FileResponse(path, media_type="application/zip", headers=headers)


def _original_name(file: AnyRow) -> str:
    """As it was called when it came; folders are left out, and so is the `.gz` it was packed in."""
    return file_name(str(file.file_name).rpartition("/")[2].removesuffix(".gz"), "original")


def _zipped(names: Sequence[str], contents: Sequence[bytes]) -> bytes:
    """Numbered, as two watches may call their files the same."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(zip(names, contents, strict=True), start=1):
            archive.writestr(f"{number}-{name}", content)
    return whole.getvalue()
