"""Routes for privacy zones: circles in which nothing of any run is shown to others.

What others see of a run is computed when they look (`sharing.projection`), so that a zone which is
drawn, moved or deleted counts at once, and for every run there ever was. So does a place where runs
start or end again, which is hidden unless a zone that hides nothing is drawn there.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from beatrunner.accounts.api import CurrentAccount
from beatrunner.db.api import ReadTx, WriteTx
from beatrunner.kit.http import STORABLE, Strict, provided
from beatrunner.privacy import zone_store
from beatrunner.privacy.zones import PrivacyZones, usual_places_of

LEAST_RADIUS_M = 100
MOST_RADIUS_M = 2000

ProvidedZones = Annotated[PrivacyZones, Depends(provided(PrivacyZones))]

router = APIRouter(prefix="/v1/privacy/zones", tags=["privacy"])

_Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
]
_Latitude = Annotated[float, Field(ge=-90, le=90)]
_Longitude = Annotated[float, Field(ge=-180, le=180)]
_Radius = Annotated[int, Field(ge=LEAST_RADIUS_M, le=MOST_RADIUS_M)]


class NewZone(Strict):
    name: _Name
    latitude: _Latitude
    longitude: _Longitude
    radius_m: _Radius
    is_hidden: bool = True


class ZoneChange(Strict):
    """What is left out stays as it is."""

    name: _Name | None = None
    latitude: _Latitude | None = None
    longitude: _Longitude | None = None
    radius_m: _Radius | None = None

    @model_validator(mode="after")
    def _takes_nothing_away(self) -> Self:
        if any(getattr(self, name) is None for name in self.model_fields_set):
            raise ValueError("nothing of a zone can be taken away")
        return self


class Zone(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    latitude: float
    longitude: float
    radius_m: int
    is_hidden: bool


class FoundZone(BaseModel):
    """A place where so many runs start or end, which is hidden though nobody drew it."""

    latitude: float
    longitude: float
    radius_m: int
    runs: int


class Zones(BaseModel):
    items: list[Zone]
    found: list[FoundZone]


@router.get("")
async def list_zones(account: CurrentAccount, tx: ReadTx) -> Zones:
    """The oldest first, and what is found of most runs first."""
    rows = await zone_store.list_zones(tx, account.account_id)
    usual = await usual_places_of(tx, account.account_id, rows)
    return Zones(
        items=[Zone.model_validate(row) for row in rows],
        found=[FoundZone(**asdict(place.zone), runs=place.runs) for place in usual],
    )


@router.post("", status_code=201)
async def draw_zone(
    account: CurrentAccount, tx: WriteTx, zones: ProvidedZones, wanted: NewZone
) -> Zone:
    return Zone.model_validate(await zones.add(tx, account.account_id, wanted.model_dump()))


@router.patch("/{zone_id}")
async def change_zone(
    account: CurrentAccount, tx: WriteTx, zone_id: UUID, change: ZoneChange
) -> Zone:
    await zone_store.get_zone(tx, account.account_id, zone_id)
    values = change.model_dump(exclude_unset=True)
    if values:
        await zone_store.update_zone(tx, zone_id, values)
    return Zone.model_validate(await zone_store.get_zone(tx, account.account_id, zone_id))


@router.delete("/{zone_id}", status_code=204)
async def delete_zone(account: CurrentAccount, tx: WriteTx, zone_id: UUID) -> None:
    """From now on others see what it hid, but for the ends of runs, and where they often are."""
    await zone_store.delete_zone(tx, account.account_id, zone_id)
