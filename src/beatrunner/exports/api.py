"""Routes for taking out a run, listens and the whole account."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from beatrunner.accounts.api import CurrentAccount
from beatrunner.codecs.safe_text import file_name
from beatrunner.db.api import ProvidedDatabase, ReadTx
from beatrunner.db.types import AnyRow
from beatrunner.exports import store
from beatrunner.exports.listens import Wanted, listen_lines
from beatrunner.exports.of_run import FORMS, load_run, name_of, write_run
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.http import attachment, provided

router = APIRouter(prefix="/v1", tags=["exports"])

RunForm = Literal["gpx", "tcx", "fit", "geojson", "csv", "songs"]
ProvidedOriginals = Annotated[FolderBlobStore, Depends(provided(FolderBlobStore))]


@router.get("/activities/{activity_id}/export/original", response_class=Response)
async def export_original(
    account: CurrentAccount, tx: ReadTx, originals: ProvidedOriginals, activity_id: UUID
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
        contents, names = [_zipped(names, contents)], ["originals.zip"]
    return Response(
        contents[0], media_type="application/octet-stream", headers=attachment(names[0])
    )


@router.get("/activities/{activity_id}/export/{form}", response_class=StreamingResponse)
async def export_run(
    account: CurrentAccount, tx: ReadTx, activity_id: UUID, form: RunForm
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
    account: CurrentAccount,
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
