"""Every route of the real application, as its owner, as a stranger and as nobody.

A new route fails here until it is written into `ROUTES`, with the body that its owner would
send if it takes one, and until strangers get from it what they should: nothing.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from beatrunner import wiring
from beatrunner.accounts.api import identify
from beatrunner.db import api as db_api
from beatrunner.db.engine import Database
from beatrunner.exports.account_export import AccountExporter
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.folders import exports_folder, originals_folder
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from tests.conftest import HeldClock, make_account
from tests.devices.calibration_file import CALIBRATION
from tests.web.client import make_client, signed_in_client
from tests.web.owned_things import FIT, make_things


class Open(Enum):
    TO_ALL = auto()
    TO_ACCOUNTS = auto()  # each sees and changes only their own
    TO_OWNER = auto()  # of what the path names; for others it is not there
    TO_ACCOUNTS_HERE = auto()  # at this computer


@dataclass(frozen=True)
class Route:
    open: Open
    body: dict[str, Any] = field(default_factory=dict)
    # Who has none is told so.
    needs_runs: bool = False
    # What only a browser or an app could send is missing, and that is all that is wrong.
    refused_as: str | None = None

    def lets_in(self, answer: httpx2.Response) -> bool:
        if self.refused_as is not None:
            return bool(answer.json()["type"] == f"/problems/{self.refused_as}")
        return answer.is_success or (self.needs_runs and answer.status_code == 409)


#: Ids in braces become those of the things that the owner has.
NEW_WORKOUT = {"bridge_id": "{device_id}", "settings": {"mode": "manual"}}
NEW_PLAYLIST = {
    "name": "Steady",
    "target": {"kind": "cadence", "cadence_spm": 170},
    "minutes": 3,
}
WORD = {
    "name_id": "{name_id}",
    "provenance": "lastfm",
    "started_at": "2024-05-04T12:00:00Z",
    "is_apart": True,
}
#: Passkeys belong to a name; signed by nobody.
AT_LOCALHOST: dict[str, Any] = {"headers": {"Host": "localhost:8000"}, "json": {}}
PASSKEY = {
    "label": "Phone",
    "credential": {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {"clientDataJSON": "AAAA", "attestationObject": "AAAA"},
    },
}
NEW_ZONE = {"name": "Home", "latitude": 52.5, "longitude": 13.4, "radius_m": 200}
UPLOAD = {"files": [("files", ("run.gpx", b"<gpx/>"))]}

#: What else paths name.
NAMED = {"source": "deezer", "kind": "heart_rate", "form": "csv", "year": 2026}

ROUTES = {
    "GET /health": Route(Open.TO_ALL),
    "GET /metrics": Route(Open.TO_ALL),
    "GET /v1/auth/state": Route(Open.TO_ALL),
    "POST /v1/auth/demo": Route(Open.TO_ALL),
    "POST /v1/auth/refresh": Route(Open.TO_ALL),
    "POST /v1/auth/register": Route(Open.TO_ALL),
    "POST /v1/auth/register/verify": Route(Open.TO_ALL),
    "POST /v1/auth/invitation": Route(Open.TO_ALL),
    "POST /v1/auth/invitation/accept": Route(Open.TO_ALL),
    "POST /v1/auth/password-reset": Route(Open.TO_ALL),
    "POST /v1/auth/password-reset/finish": Route(Open.TO_ALL),
    "GET /v1/outbox": Route(Open.TO_ALL),
    "POST /v1/auth/sign-in": Route(Open.TO_ALL),
    "POST /v1/auth/sign-out": Route(Open.TO_ALL),
    "POST /v1/auth/this-computer": Route(Open.TO_ALL),
    "POST /v1/auth/phone": Route(Open.TO_ALL),
    "POST /v1/auth/second-factor": Route(Open.TO_ALL),
    "POST /v1/auth/passkey/options": Route(Open.TO_ALL),
    "POST /v1/auth/passkey": Route(Open.TO_ALL),
    "POST /v1/auth/confirm/options": Route(Open.TO_ACCOUNTS, AT_LOCALHOST),
    "POST /v1/account/passkeys/options": Route(Open.TO_ACCOUNTS, AT_LOCALHOST),
    "POST /v1/account/passkeys": Route(
        Open.TO_ACCOUNTS, {**AT_LOCALHOST, "json": PASSKEY}, refused_as="wrong-passkey"
    ),
    "PATCH /v1/account/passkeys/{passkey_id}": Route(Open.TO_OWNER, {"json": {"label": "Phone"}}),
    "DELETE /v1/account/passkeys/{passkey_id}": Route(Open.TO_OWNER),
    "POST /v1/auth/confirm": Route(
        Open.TO_ACCOUNTS, {"json": {"password": "none"}}, refused_as="wrong-credentials"
    ),
    "GET /v1/account/ways-in": Route(Open.TO_ACCOUNTS),
    "PUT /v1/account/password": Route(
        Open.TO_ACCOUNTS, {"json": {"password": "none"}}, refused_as="no-email"
    ),
    "DELETE /v1/account/password": Route(Open.TO_ACCOUNTS, refused_as="not-found"),
    "DELETE /v1/account/this-computer": Route(Open.TO_ACCOUNTS, refused_as="not-found"),
    "POST /v1/account/email": Route(Open.TO_ACCOUNTS, {"json": {"email": "new@example.org"}}),
    "POST /v1/account/email/verify": Route(
        Open.TO_ACCOUNTS,
        {"json": {"change_id": "{activity_id}", "code": "none"}},
        refused_as="wrong-code",
    ),
    "POST /v1/account/totp": Route(Open.TO_ACCOUNTS, {"json": {}}),
    "POST /v1/account/totp/confirm": Route(
        Open.TO_ACCOUNTS, {"json": {"code": "no code"}}, refused_as="wrong-code"
    ),
    "DELETE /v1/account/totp": Route(Open.TO_ACCOUNTS),
    "POST /v1/account/recovery-codes": Route(
        Open.TO_ACCOUNTS, {"json": {}}, refused_as="second-factor-is-off"
    ),
    "GET /v1/home-network/authority": Route(Open.TO_ALL),
    "GET /v1/home-network/authority.crt": Route(Open.TO_ALL),
    "GET /v1/home-network/authority.mobileconfig": Route(Open.TO_ALL),
    "GET /v1/home-network": Route(Open.TO_ACCOUNTS),
    "POST /v1/home-network/tickets": Route(
        Open.TO_ACCOUNTS_HERE, {"json": {"origin": "https://192.168.1.5:8443"}}
    ),
    "GET /v1/profile": Route(Open.TO_ACCOUNTS),
    "PATCH /v1/profile": Route(Open.TO_ACCOUNTS, {"json": {"units": "mi"}}),
    "GET /v1/profile/runner": Route(Open.TO_ACCOUNTS),
    "PUT /v1/profile/runner": Route(Open.TO_ACCOUNTS, {"json": {"birth_year": 1990}}),
    "POST /v1/activities/imports": Route(Open.TO_ACCOUNTS, UPLOAD),
    "POST /v1/music/imports": Route(Open.TO_ACCOUNTS, UPLOAD),
    "GET /v1/imports": Route(Open.TO_ACCOUNTS),
    "GET /v1/imports/watched": Route(Open.TO_ACCOUNTS),
    "GET /v1/imports/{import_id}": Route(Open.TO_OWNER),
    "GET /v1/imports/{import_id}/undo": Route(Open.TO_OWNER),
    "POST /v1/imports/{import_id}/undo": Route(Open.TO_OWNER),
    "GET /v1/imports/{import_id}/files": Route(Open.TO_OWNER),
    "GET /v1/imports/{import_id}/events": Route(Open.TO_OWNER),
    "GET /v1/activities": Route(Open.TO_ACCOUNTS),
    "GET /v1/activities/{activity_id}": Route(Open.TO_OWNER),
    "GET /v1/activities/{activity_id}/streams": Route(Open.TO_OWNER),
    "PATCH /v1/activities/{activity_id}": Route(Open.TO_OWNER, {"json": {"name": "Mine"}}),
    "DELETE /v1/activities/{activity_id}": Route(Open.TO_OWNER),
    "DELETE /v1/activities/{activity_id}/recordings/{recording_id}": Route(Open.TO_OWNER),
    "POST /v1/activities/{activity_id}/recordings/{recording_id}/split": Route(Open.TO_OWNER),
    "POST /v1/activities/{activity_id}/join": Route(
        Open.TO_OWNER, {"json": {"activity_id": "{other_activity_id}"}}
    ),
    "GET /v1/activities/{activity_id}/export/original": Route(Open.TO_OWNER),
    "GET /v1/activities/{activity_id}/export/{form}": Route(Open.TO_OWNER),
    "GET /v1/music/export": Route(Open.TO_ACCOUNTS),
    "GET /v1/account/sign-ins": Route(Open.TO_ACCOUNTS),
    "DELETE /v1/account/sign-ins/{sign_in_id}": Route(Open.TO_OWNER),
    "DELETE /v1/account/sign-ins": Route(Open.TO_ACCOUNTS),
    "GET /v1/account/tokens": Route(Open.TO_ACCOUNTS),
    "POST /v1/account/tokens": Route(
        Open.TO_ACCOUNTS, {"json": {"name": "Upload", "scopes": ["imports"]}}
    ),
    "DELETE /v1/account/tokens/{token_id}": Route(Open.TO_OWNER),
    "GET /v1/account/security-events": Route(Open.TO_ACCOUNTS),
    "GET /v1/privacy/policy": Route(Open.TO_ACCOUNTS),
    "GET /v1/privacy/consents": Route(Open.TO_ACCOUNTS),
    "PUT /v1/privacy/consents/{kind}": Route(Open.TO_ACCOUNTS, {"json": {}}),
    "DELETE /v1/privacy/consents/{kind}": Route(Open.TO_ACCOUNTS),
    "GET /v1/privacy/retention": Route(Open.TO_ACCOUNTS),
    "PUT /v1/privacy/retention": Route(
        Open.TO_ACCOUNTS, {"json": {"live_samples_days": 30, "streams_days": None}}
    ),
    "GET /v1/account/erasure": Route(Open.TO_ACCOUNTS),
    "DELETE /v1/account/erasure": Route(Open.TO_ACCOUNTS, needs_runs=True),
    "GET /v1/account/exports": Route(Open.TO_ACCOUNTS),
    "POST /v1/account/exports": Route(Open.TO_ACCOUNTS, {"json": {}}),
    "GET /v1/account/exports/{export_id}/events": Route(Open.TO_OWNER),
    "GET /v1/account/exports/{export_id}/file": Route(Open.TO_OWNER),
    "DELETE /v1/account/exports/{export_id}": Route(Open.TO_OWNER),
    "GET /v1/soundtracks/{activity_id}": Route(Open.TO_OWNER),
    "GET /v1/soundtracks/{activity_id}/clock-offset/suggestion": Route(Open.TO_OWNER),
    "PUT /v1/soundtracks/{activity_id}/clock-offset": Route(
        Open.TO_OWNER, {"json": {"clock_offset_s": 5}}
    ),
    "GET /v1/devices": Route(Open.TO_ACCOUNTS),
    "POST /v1/devices/virtual": Route(Open.TO_ACCOUNTS_HERE, {"json": {}}),
    "POST /v1/devices/pairing-codes": Route(Open.TO_ACCOUNTS, {"json": {}}),
    "POST /v1/devices/bridges": Route(Open.TO_ALL),
    "PATCH /v1/devices/{device_id}": Route(Open.TO_OWNER, {"json": {"name": "Cellar"}}),
    "DELETE /v1/devices/{device_id}": Route(Open.TO_OWNER),
    "GET /v1/devices/{treadmill_id}/calibration": Route(Open.TO_OWNER),
    "PUT /v1/devices/{treadmill_id}/calibration": Route(Open.TO_OWNER, {"json": CALIBRATION}),
    "DELETE /v1/devices/{treadmill_id}/calibration": Route(Open.TO_OWNER),
    "POST /v1/music/tracks": Route(Open.TO_ACCOUNTS, {"json": {"title": "T", "artist": "A"}}),
    "PUT /v1/music/tracks/{track_id}/tempo": Route(
        Open.TO_OWNER, {"json": {"tempo_bpm": 170, "source": "tap"}}
    ),
    "DELETE /v1/music/tracks/{track_id}/tempo": Route(Open.TO_OWNER),
    "POST /v1/music/tracks/{track_id}/tempo/fold": Route(Open.TO_OWNER, {"json": {"to": "half"}}),
    "GET /v1/music/tracks/{track_id}": Route(Open.TO_OWNER),
    "GET /v1/music/tracks/{track_id}/runs": Route(Open.TO_OWNER),
    "GET /v1/music/tracks/{track_id}/plays": Route(Open.TO_OWNER),
    "GET /v1/music/tracks/{track_id}/spellings": Route(Open.TO_OWNER),
    "POST /v1/music/tracks/{track_id}/split": Route(
        Open.TO_OWNER, {"json": {"name_ids": ["{name_id}"]}}
    ),
    "PUT /v1/music/tracks/{track_id}/same-as": Route(
        Open.TO_OWNER, {"json": {"track_id": "{other_track_id}"}}
    ),
    "DELETE /v1/music/tracks/{merged_track_id}/same-as": Route(Open.TO_OWNER),
    "PUT /v1/music/words/apart": Route(Open.TO_OWNER, {"json": WORD}),
    "GET /v1/insights/tracks/{track_id}": Route(Open.TO_OWNER),
    "GET /v1/music/artists": Route(Open.TO_ACCOUNTS),
    "GET /v1/music/albums": Route(Open.TO_ACCOUNTS),
    "GET /v1/music/tracks": Route(Open.TO_ACCOUNTS),
    "GET /v1/music/tempo": Route(Open.TO_ACCOUNTS),
    "GET /v1/music/tempo/events": Route(Open.TO_ACCOUNTS),
    "PUT /v1/music/tempo/sources/{source}": Route(Open.TO_ACCOUNTS, {"json": {"is_on": True}}),
    "GET /v1/home": Route(Open.TO_ACCOUNTS),
    "GET /v1/retrospect/map": Route(Open.TO_ACCOUNTS),
    "GET /v1/retrospect/similar-runs/{activity_id}": Route(Open.TO_OWNER),
    "GET /v1/retrospect/years/{year}": Route(Open.TO_ACCOUNTS),
    "GET /v1/training": Route(Open.TO_ACCOUNTS),
    "GET /v1/insights": Route(Open.TO_ACCOUNTS),
    "GET /v1/insights/gait": Route(Open.TO_ACCOUNTS),
    "GET /v1/insights/satisfaction": Route(Open.TO_ACCOUNTS),
    "POST /v1/activities/{activity_id}/felt": Route(Open.TO_OWNER, {"json": {"felt": "right"}}),
    "GET /v1/activities/{activity_id}/felt": Route(Open.TO_OWNER),
    "GET /v1/insights/experiments": Route(Open.TO_ACCOUNTS),
    "GET /v1/insights/experiments/proposal": Route(Open.TO_ACCOUNTS),
    "POST /v1/insights/experiments": Route(Open.TO_ACCOUNTS, {"json": {}}, needs_runs=True),
    "DELETE /v1/insights/experiments/{experiment_id}": Route(Open.TO_OWNER),
    "GET /v1/insights/experiments/{experiment_id}/export": Route(
        Open.TO_OWNER, {"params": {"format": "csv"}}
    ),
    "GET /v1/insights/activities/{activity_id}": Route(Open.TO_OWNER),
    "POST /v1/workouts": Route(Open.TO_OWNER, {"json": NEW_WORKOUT}),
    "GET /v1/workouts": Route(Open.TO_ACCOUNTS),
    "GET /v1/workouts/{workout_id}": Route(Open.TO_OWNER),
    "DELETE /v1/workouts/{workout_id}": Route(Open.TO_OWNER),
    "POST /v1/workouts/{workout_id}/finish": Route(Open.TO_OWNER),
    "POST /v1/workouts/{workout_id}/stop": Route(Open.TO_OWNER),
    "POST /v1/workouts/{workout_id}/songs": Route(
        Open.TO_OWNER, {"json": {"title": "T", "artist": "A"}}
    ),
    "GET /v1/workouts/{workout_id}/fit": Route(Open.TO_OWNER),
    "POST /v1/playlists": Route(Open.TO_ACCOUNTS, {"json": NEW_PLAYLIST}),
    "GET /v1/playlists": Route(Open.TO_ACCOUNTS),
    "GET /v1/playlists/suggestion": Route(Open.TO_ACCOUNTS),
    "GET /v1/playlists/{playlist_id}": Route(Open.TO_OWNER),
    "PATCH /v1/playlists/{playlist_id}": Route(Open.TO_OWNER, {"json": {"name": "Easy"}}),
    "DELETE /v1/playlists/{playlist_id}": Route(Open.TO_OWNER),
    "POST /v1/playlists/{playlist_id}/restore": Route(Open.TO_OWNER, {"json": {}}),
    "GET /v1/playlists/{playlist_id}/export": Route(Open.TO_OWNER, {"params": {"format": "csv"}}),
    "GET /v1/activities/{activity_id}/shared-view": Route(Open.TO_OWNER, needs_runs=True),
    "POST /v1/share-links": Route(
        Open.TO_OWNER, {"json": {"activity_id": "{activity_id}"}}, needs_runs=True
    ),
    "GET /v1/share-links": Route(Open.TO_ACCOUNTS),
    "DELETE /v1/share-links/{link_id}": Route(Open.TO_OWNER),
    "GET /v1/shared/{token}": Route(Open.TO_ALL),
    "GET /v1/public/activities/{activity_id}": Route(Open.TO_ALL),
    "GET /v1/privacy/zones": Route(Open.TO_ACCOUNTS),
    "POST /v1/privacy/zones": Route(Open.TO_ACCOUNTS, {"json": NEW_ZONE}),
    "PATCH /v1/privacy/zones/{zone_id}": Route(Open.TO_OWNER, {"json": {"radius_m": 300}}),
    "DELETE /v1/privacy/zones/{zone_id}": Route(Open.TO_OWNER),
    "POST /v1/coach/recommendations": Route(Open.TO_ACCOUNTS, {"json": {"tempo_bpm": 170}}),
    # The last one, as it ends all sign-ins.
    "POST /v1/account/erasure": Route(Open.TO_ACCOUNTS, {"json": {}}),
}


def filled(body: dict[str, Any], things: dict[str, UUID]) -> dict[str, Any]:
    if "json" not in body:
        return body
    text = json.dumps(body["json"])
    for name, found in things.items():
        text = text.replace(f"{{{name}}}", str(found))
    return {**body, "json": json.loads(text)}


@pytest.fixture
async def app(
    database: Database, database_address: str, clock: HeldClock, tmp_path: Path
) -> AsyncIterator[FastAPI]:
    settings = Settings(database_url=database_address, data_dir=tmp_path / "data")
    parts = wiring.build_server(settings, clock)
    originals = FolderBlobStore(originals_folder(settings))
    exports_folder(settings).mkdir(parents=True)
    originals.put(sha256(FIT).hexdigest(), FIT)
    yield create_app(parts.routers, parts.provided, settings)
    await parts.database.close()


def routes_of(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            for method in context.methods or ():
                yield f"{method} {context.path}", context.original_route


def calls_in_order(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield from calls_in_order(inner)
        yield inner.call


def test_every_route_is_in_the_table() -> None:
    found = routes_of(create_app(wiring.ROUTERS, [], Settings()))
    assert {key for key, _ in found} == ROUTES.keys()


def test_who_asks_is_known_before_a_transaction_is_opened() -> None:
    """Else a stranger could hold connections, and a request two at once, until all wait."""
    for key, route in routes_of(create_app(wiring.ROUTERS, [], Settings())):
        calls = list(calls_in_order(route.dependant))
        assert (identify in calls) == (ROUTES[key].open is not Open.TO_ALL), key
        for transaction in (db_api._read, db_api._write):
            if identify in calls and transaction in calls:
                assert calls.index(identify) < calls.index(transaction), key


async def test_nobody_and_strangers_get_nothing(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    owner_id, stranger_id = await make_account(database), await make_account(database)
    await make_things(database, clock, stranger_id)
    owner = await signed_in_client(app, owner_id)
    stranger = await signed_in_client(app, stranger_id)
    nobody = make_client(app)
    forger = make_client(app)
    forger.headers["Authorization"] = owner.headers["Authorization"][:-2]
    for key, route in ROUTES.items():
        if route.open is Open.TO_ALL:
            continue
        things = await make_things(database, clock, owner_id)
        app.state.provided[AccountExporter].path_of(things["export_id"]).write_bytes(b"PK")
        method, path = key.format(**things, **NAMED).split(" ")
        body = filled(route.body, things)

        async def ask(
            client: httpx2.AsyncClient,
            method: str = method,
            path: str = path,
            body: dict[str, Any] = body,
        ) -> httpx2.Response:
            return await client.request(method, path, **body)

        for client in (nobody, forger):
            refused = await ask(client)
            assert refused.status_code == 401, key
            assert refused.json()["type"] == "/problems/not-signed-in", key
        if route.open is Open.TO_ACCOUNTS_HERE:
            stranger.headers["X-Forwarded-For"] = "192.0.2.1"
            refused = await ask(stranger)
            del stranger.headers["X-Forwarded-For"]
            assert refused.json()["type"] == "/problems/not-this-computer", key
            continue
        strange = await ask(stranger)
        own = await ask(owner)
        assert route.lets_in(own), (key, own.text)
        if route.open is Open.TO_OWNER:
            assert strange.status_code == 404, (key, strange.text)
            assert strange.json()["type"] == "/problems/not-found", key
        else:
            assert route.lets_in(strange), (key, strange.text)
            for secret in (owner_id, *things.values()):
                assert str(secret) not in strange.text, key
    for client in (owner, stranger, nobody, forger):
        await client.aclose()
