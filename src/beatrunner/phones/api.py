"""Routes for a phone in the home network, and for its owner who lets it in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import segno
from cryptography import x509
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, StringConstraints

from beatrunner.accounts.api import (
    CurrentAccount,
    CurrentCaller,
    ProvidedSettings,
    ProvidedThisComputer,
    SessionAnswer,
    hand_over,
)
from beatrunner.kit.errors import ForbiddenError, NotFoundError, RefusedError
from beatrunner.kit.home_network import HomeNetwork
from beatrunner.kit.http import Strict, attachment, provided
from beatrunner.kit.local_certificates import fingerprint
from beatrunner.phones.profile import apple_profile, certificate_file
from beatrunner.phones.tickets import PhoneTickets

router = APIRouter(prefix="/v1", tags=["phones"])

ProvidedHome = Annotated[HomeNetwork, Depends(provided(HomeNetwork))]
ProvidedTickets = Annotated[PhoneTickets, Depends(provided(PhoneTickets))]


class HomeAccess(BaseModel):
    """`origins` is empty where there is no home network. `fingerprint` is SHA-256."""

    is_open: bool
    origins: list[str]
    fingerprint: str | None


class TicketWanted(Strict):
    origin: Annotated[str, StringConstraints(max_length=300)]


class PhoneTicket(BaseModel):
    """`qr_code` is an address (`data:`) of an SVG picture."""

    link: str
    qr_code: str
    expires_at: datetime


class TicketShown(Strict):
    ticket: Annotated[str, StringConstraints(max_length=100)]


def _authority(home: HomeNetwork, settings: ProvidedSettings) -> x509.Certificate:
    if not settings.lan:
        raise NotFoundError("BeatRunner is not open to the home network.")
    return home.certificates.authority()


@router.get("/home-network")
async def get_home_network(
    _account: CurrentAccount, home: ProvidedHome, settings: ProvidedSettings
) -> HomeAccess:
    """Under which addresses phones in the home network find BeatRunner."""
    if not settings.lan:
        return HomeAccess(is_open=False, origins=[], fingerprint=None)
    authority = _authority(home, settings)
    return HomeAccess(is_open=True, origins=home.origins(), fingerprint=fingerprint(authority))


@router.post("/home-network/tickets", status_code=201)
async def make_phone_ticket(
    account: CurrentAccount,
    caller: CurrentCaller,
    this_computer: ProvidedThisComputer,
    home: ProvidedHome,
    settings: ProvidedSettings,
    phone_tickets: ProvidedTickets,
    wanted: TicketWanted,
) -> PhoneTicket:
    """A code that signs one phone in to the owner's account: for the owner, at this computer."""
    this_computer.require(caller)
    if account.kind != "owner":
        raise ForbiddenError("Phones join the account of this computer's owner.", kind="not-owner")
    if not settings.lan or wanted.origin not in home.origins():
        raise RefusedError("BeatRunner is not open to the home network under this address.")
    ticket = await phone_tickets.issue(account.account_id)
    link = ticket.link(wanted.origin)
    picture = segno.make(link, error="m", micro=False)
    return PhoneTicket(
        link=link,
        qr_code=picture.svg_data_uri(border=4, light="white"),
        expires_at=ticket.expires_at,
    )


@router.post("/auth/phone")
async def sign_in_phone(
    shown: TicketShown,
    caller: CurrentCaller,
    response: Response,
    phone_tickets: ProvidedTickets,
    settings: ProvidedSettings,
) -> SessionAnswer:
    """A session for the ticket of a QR code, once."""
    return hand_over(response, await phone_tickets.redeem(shown.ticket, caller), settings)


@router.get("/home-network/authority")
async def get_authority(home: ProvidedHome, settings: ProvidedSettings) -> HomeAccess:
    """What somebody who is asked to trust this computer can compare before."""
    found = _authority(home, settings)
    return HomeAccess(is_open=True, origins=[], fingerprint=fingerprint(found))


@router.get("/home-network/authority.crt", response_class=Response)
async def get_authority_file(home: ProvidedHome, settings: ProvidedSettings) -> Response:
    return _file(
        certificate_file(_authority(home, settings)), "application/x-x509-ca-cert", "beatrunner.crt"
    )


@router.get("/home-network/authority.mobileconfig", response_class=Response)
async def get_authority_profile(home: ProvidedHome, settings: ProvidedSettings) -> Response:
    """For iPhones and iPads."""
    return _file(
        apple_profile(_authority(home, settings)),
        "application/x-apple-aspen-config",
        "beatrunner.mobileconfig",
    )


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers=attachment(name))
