"""Use cases of sharing: preview, link, what a link opens, and a public run.

A link is a token of 192 bits, of which the database keeps a hash. What it opens is computed anew
each time, so that a run which was joined with something that only its runner may see, deleted, or
withdrawn is gone for others at once.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.store import get_activity
from beatrunner.activities.streams import load_streams
from beatrunner.activities.visibility import require_sharable
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, ForbiddenError, NotFoundError
from beatrunner.kit.tokens import token_hash
from beatrunner.privacy.zones import zones_of
from beatrunner.sharing import store
from beatrunner.sharing.projection import Choice, project
from beatrunner.sharing.shapes import NewShareLink, SharedRun, ShareLink, ShareLinks

_TOKEN_BYTES = 24
#: More than anybody keeps an eye on.
MOST_LINKS = 200
_GONE = "This link does not open anything, or not any more."
_NOT_PUBLIC = "There is no such public run, or not any more."


class Sharing:
    def __init__(self, database: Database, clock: Clock, key: bytes) -> None:
        """`key` decides where runs are cut, and must stay the same and secret."""
        self._database = database
        self._clock = clock
        self._key = key

    async def preview(
        self, tx: AsyncConnection, account_id: UUID, activity_id: UUID, choice: Choice
    ) -> SharedRun:
        """Raises NotFoundError, ForbiddenError or, when nothing is left to show, ConflictError."""
        activity = await get_activity(tx, account_id, activity_id)
        return await self._show(tx, activity, choice)

    async def _show(self, tx: AsyncConnection, activity: AnyRow, choice: Choice) -> SharedRun:
        await require_sharable(tx, activity.id)
        streams = await load_streams(tx, activity.id, activity.length_s)
        played = await store.list_played(tx, activity.id)
        zones = await zones_of(tx, activity.account_id)
        shown = await asyncio.to_thread(
            project, activity, streams, played, zones, self._key, choice
        )
        if shown is None:
            raise ConflictError(
                "With its ends and your zones hidden, nothing of this run is left to show.",
                kind="nothing-to-show",
            )
        return shown

    async def make_link(
        self,
        tx: AsyncConnection,
        account_id: UUID,
        activity_id: UUID,
        choice: Choice,
        expires_in: timedelta | None,
    ) -> NewShareLink:
        """Raises as `preview` does: what cannot be shown gets no link."""
        await self.preview(tx, account_id, activity_id, choice)
        now = self._clock()
        if await store.count_share_links(tx, account_id, now) >= MOST_LINKS:
            raise ConflictError("There are too many links. Withdraw some.", kind="too-many-links")
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        link_id = await store.insert_share_link(
            tx,
            account_id,
            activity_id,
            token_hash(token),
            shows_time=choice.shows_time,
            shows_heart_rate=choice.shows_heart_rate,
            now=now,
            expires_at=None if expires_in is None else now + expires_in,
        )
        links = await self.list_links(tx, account_id, activity_id)
        made = next(link for link in links.items if link.id == link_id)
        return NewShareLink(link=made, path=f"/s/{token}")

    async def list_links(
        self, tx: AsyncConnection, account_id: UUID, activity_id: UUID | None = None
    ) -> ShareLinks:
        rows = await store.list_share_links(tx, account_id, activity_id, self._clock())
        return ShareLinks(items=[ShareLink.model_validate(row) for row in rows])

    async def open_link(self, token: str) -> SharedRun:
        """What whoever has the link sees, and count that. Raises NotFoundError."""
        now = self._clock()
        async with self._database.read() as tx:
            link = await store.find_share_link(tx, token_hash(token), now)
            if link is None:
                raise NotFoundError(_GONE, kind="link-gone")
            choice = Choice(link.shows_time, link.shows_heart_rate)
            try:
                shown = await self.preview(tx, link.account_id, link.activity_id, choice)
            except (ForbiddenError, ConflictError) as error:
                raise NotFoundError(_GONE, kind="link-gone") from error
        async with self._database.write() as tx:
            await store.update_opened(tx, link.id, now)
        return shown

    async def open_public(self, activity_id: UUID) -> SharedRun:
        """What anybody sees of a public run. Raises NotFoundError."""
        async with self._database.read() as tx:
            activity = await store.find_public_activity(tx, activity_id)
            if activity is None:
                raise NotFoundError(_NOT_PUBLIC, kind="not-public")
            try:
                return await self._show(tx, activity, Choice())
            except (ForbiddenError, ConflictError) as error:
                raise NotFoundError(_NOT_PUBLIC, kind="not-public") from error
