"""Builds every object from the settings; entry points take from it what they run.

Nothing here decides anything. Each function returns a small dataclass that its entry point
unpacks: no use case ever receives the whole.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter

from beatrunner.accounts import api as accounts_api
from beatrunner.accounts.access import api as access_api
from beatrunner.accounts.build import Accounts, build_accounts
from beatrunner.accounts.runner_profile import RunnerProfiles
from beatrunner.accounts.store import find_account_id
from beatrunner.accounts.this_computer import ThisComputer
from beatrunner.activities import api as activities_api
from beatrunner.activities.arranging import RunArranger
from beatrunner.activities.figures import RunMeasurer
from beatrunner.activities.forgetting import RunForgetter
from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.own_heart import find_heart_bounds
from beatrunner.activities.undoing import RecordingUndoer
from beatrunner.activities.usual import find_usual_cadence
from beatrunner.coach import api as coach_api
from beatrunner.coach.recommending import Recommending
from beatrunner.db.engine import Database
from beatrunner.demo import api as demo_api
from beatrunner.demo.door import DemoDoor
from beatrunner.demo.tempi import DemoTempi
from beatrunner.devices import api as devices_api
from beatrunner.devices.build import build_devices
from beatrunner.devices.virtual_bridge import VirtualBridges
from beatrunner.evidence import api as evidence_api
from beatrunner.evidence.plays import Plays
from beatrunner.evidence.spellings import Spellings
from beatrunner.exports import api as exports_api
from beatrunner.exports.account_export import AccountExporter
from beatrunner.exports.settling import AccountSettler
from beatrunner.exports.taking_in import AccountImporter
from beatrunner.identity import api as identity_api
from beatrunner.identity.build import build_identity
from beatrunner.identity.factors import api as factors_api
from beatrunner.identity.ways import api as ways_api
from beatrunner.imports import api as imports_api
from beatrunner.imports.receiving import UploadReceiver
from beatrunner.imports.running import ImportRunner
from beatrunner.imports.undoing import ImportUndoer
from beatrunner.imports.watching import FolderWatcher
from beatrunner.insights import api as insights_api
from beatrunner.insights.experiments import ExperimentDesk
from beatrunner.insights.feelings import Feelings
from beatrunner.insights.reading import InsightPage
from beatrunner.insights.refit import Refitter
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner, RunnerPolicy
from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import Clock, system_clock
from beatrunner.kit.folders import exports_folder, originals_folder, spool_folder
from beatrunner.kit.home_network import HomeNetwork
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.parser_pool import ParserLimits, ParserPool
from beatrunner.kit.post import Outbox, Post
from beatrunner.kit.settings import Settings
from beatrunner.limits.gate import Gate, build_gates
from beatrunner.limits.limiter import RequestLimiter
from beatrunner.music import api as music_api
from beatrunner.music.apple_artists import AppleArtistImporter
from beatrunner.music.importer import ListenImporter
from beatrunner.music.regrouping import PlayGrouper
from beatrunner.music.tempo import TrackTempi
from beatrunner.music.tempo_resolving import TempoResolver
from beatrunner.music.tempo_source import TempoSource
from beatrunner.music.tempo_sources import TempoSources
from beatrunner.music.track_list import TrackList
from beatrunner.music.undoing import ListenUndoer
from beatrunner.phones import api as phones_api
from beatrunner.phones.tickets import PhoneTickets
from beatrunner.playlists import api as playlists_api
from beatrunner.playlists.playlists import Playlists
from beatrunner.privacy import data_api
from beatrunner.privacy.build import build_eraser, build_privacy
from beatrunner.privacy.places import api as zones_api
from beatrunner.privacy.sweeping import Sweeper
from beatrunner.privacy.zones import PrivacyZones
from beatrunner.providers.deezer import Deezer
from beatrunner.providers.mail import Smtp
from beatrunner.providers.pwned_passwords import PwnedPasswords
from beatrunner.providers.reccobeats import ReccoBeats
from beatrunner.retrospect import api as retrospect_api
from beatrunner.retrospect.run_map import RunMap
from beatrunner.retrospect.year import YearPage
from beatrunner.sharing import api as sharing_api
from beatrunner.sharing.showing import Sharing
from beatrunner.soundtracks import api as soundtracks_api
from beatrunner.soundtracks.compute import SoundtrackComputer
from beatrunner.soundtracks.home import HomePage
from beatrunner.training import api as training_api
from beatrunner.training.page import TrainingPage
from beatrunner.workouts import api as workouts_api
from beatrunner.workouts import ws as workouts_ws
from beatrunner.workouts.forgetting import WorkoutForgetter
from beatrunner.workouts.live import LiveWorkouts
from beatrunner.workouts.recorder import Recorder
from beatrunner.workouts.sealing import WorkoutSealer
from beatrunner.workouts.standing import StandingBridges

if TYPE_CHECKING:
    # Needs the extra `audio`.
    from beatrunner.music.scanning import MusicScanner

ROUTERS: Sequence[APIRouter] = (
    accounts_api.router,
    access_api.router,
    identity_api.router,
    factors_api.router,
    ways_api.router,
    phones_api.router,
    demo_api.router,
    data_api.router,
    imports_api.router,
    exports_api.router,
    activities_api.router,
    devices_api.router,
    music_api.router,
    evidence_api.router,
    soundtracks_api.router,
    training_api.router,
    insights_api.router,
    retrospect_api.router,
    playlists_api.router,
    playlists_api.experiments_router,
    zones_api.router,
    sharing_api.router,
    coach_api.router,
    workouts_api.router,
    workouts_ws.router,
)


def build_exporter(settings: Settings, database: Database, clock: Clock) -> AccountExporter:
    originals = FolderBlobStore(originals_folder(settings))
    return AccountExporter(database, originals, clock, exports_folder(settings))


def build_tempo_sources(settings: Settings, clock: Clock) -> Sequence[TempoSource]:
    """The most trusted first. They open no connection before they are asked."""
    return [
        ReccoBeats(settings.reccobeats_address, clock),
        Deezer(settings.deezer_address, clock),
    ]


class MailParts(NamedTuple):
    post: Post
    outbox: Outbox
    smtp: Smtp | None


def build_mail(settings: Settings, clock: Clock) -> MailParts:
    """By the server that the settings name; at this computer alone, into the outbox."""
    outbox = Outbox(clock, is_used=settings.mail_host is None and ThisComputer(settings).is_private)
    smtp = Smtp(settings, clock) if settings.mail_host is not None else None
    return MailParts(Post(outbox if outbox.is_used else smtp, Afterwards()), outbox, smtp)


@dataclass(frozen=True, slots=True)
class ServerParts:
    """What `web.app.create_app` needs."""

    database: Database
    routers: Sequence[APIRouter]
    provided: Sequence[object]
    home: HomeNetwork
    #: What is another for requests from the home network.
    provided_at_home: Sequence[object]
    gate: Gate
    gate_at_home: Gate
    #: Their loops run while the server does.
    live: LiveWorkouts
    standing: StandingBridges
    limiter: RequestLimiter
    #: To be closed with the server.
    virtual_bridges: VirtualBridges
    afterwards: Afterwards


def build_server(settings: Settings, clock: Clock = system_clock) -> ServerParts:
    database = Database(settings.database)
    ring = Keyring.of(settings)
    mail = build_mail(settings, clock)
    accounts, ways_in = _ways_in(settings, database, clock, ring, mail.post)
    at_home, ways_in_at_home = _ways_in(settings.at_home(), database, clock, ring, mail.post)
    limiter, gates = build_gates(settings, database, clock, ring, (accounts, at_home))
    home = HomeNetwork(settings, clock)
    devices = build_devices(settings, database, clock, ring)
    receiver = UploadReceiver(database, clock, spool_folder(settings))
    live = LiveWorkouts(database, clock, Recorder(database, clock))
    standing = StandingBridges(database, clock)
    virtual_bridges = VirtualBridges(database, clock, settings)
    tempo_sources = build_tempo_sources(settings, clock)
    return ServerParts(
        database=database,
        routers=ROUTERS,
        home=home,
        provided_at_home=ways_in_at_home,
        gate=gates[0],
        gate_at_home=gates[1],
        live=live,
        standing=standing,
        limiter=limiter,
        virtual_bridges=virtual_bridges,
        afterwards=mail.post.afterwards,
        provided=(
            settings,
            database,
            *ways_in,
            *mail,
            home,
            PhoneTickets(database, clock, accounts.budgets, accounts.sign_ins),
            RunnerProfiles(clock, find_heart_bounds),
            *devices.provided,
            virtual_bridges,
            receiver,
            FolderBlobStore(originals_folder(settings)),
            build_exporter(settings, database, clock),
            *_of_music(clock, tempo_sources),
            *_of_runs(settings, database, clock, mail.post),
            *_of_insights(database, clock),
            PrivacyZones(clock),
            Sharing(database, clock, ring.first.derive_key("shared-runs")),
            live,
            standing,
            DemoDoor(database, accounts.sign_ins, receiver, clock),
        ),
    )


def _ways_in(
    settings: Settings, database: Database, clock: Clock, ring: Keyring, post: Post
) -> tuple[Accounts, Sequence[object]]:
    """The accounts, and what their routes and those of the ways in ask for."""
    stolen = PwnedPasswords(settings.stolen_passwords, clock) if settings.stolen_passwords else None
    accounts = build_accounts(settings, database, clock, ring, stolen)
    ways_in = build_identity(settings, database, clock, accounts, ring, post)
    return accounts, (*accounts.provided, *ways_in)


def _of_runs(
    settings: Settings, database: Database, clock: Clock, post: Post
) -> tuple[object, ...]:
    return (
        *build_privacy(settings, database, clock, post),
        SoundtrackComputer(database, clock),
        RunArranger(clock),
        build_undoer(settings, database, clock),
        HomePage(clock),
        RunMap(database, clock),
        YearPage(database),
        TrainingPage(database, clock),
    )


def _of_music(clock: Clock, tempo_sources: Sequence[TempoSource]) -> tuple[object, ...]:
    return (
        TrackTempi(clock, tempo_sources),
        TempoSources(tempo_sources, clock),
        TrackList(find_usual_cadence),
        Spellings(clock),
        Plays(clock),
    )


def _of_insights(database: Database, clock: Clock) -> tuple[object, ...]:
    return (
        InsightPage(database, clock),
        ExperimentDesk(database, clock),
        Feelings(clock),
        Playlists(database, clock),
        Recommending(database, clock),
    )


@dataclass(frozen=True, slots=True)
class ScannerParts:
    database: Database
    pool: ParserPool
    scanner: MusicScanner


def build_scanner(settings: Settings, clock: Clock = system_clock) -> ScannerParts:
    """Raises ModuleNotFoundError without the extra `audio`."""
    from beatrunner.music.scanning import MusicScanner

    database = Database(settings.database)
    pool = build_parser_pool(settings)
    tempi = TrackTempi(clock, build_tempo_sources(settings, clock))
    scanner = MusicScanner(database, pool, tempi, at_once=2 * settings.parser_processes)
    return ScannerParts(database, pool, scanner)


def build_parser_pool(settings: Settings) -> ParserPool:
    return ParserPool(
        settings.parser_processes,
        ParserLimits(
            memory_bytes=settings.parser_memory_bytes,
            cpu_s=settings.parser_cpu_s,
            wall_s=settings.parser_wall_s,
        ),
    )


@dataclass(frozen=True, slots=True)
class WorkerParts:
    database: Database
    pool: ParserPool
    runner: JobRunner
    registry: JobRegistry
    receiver: UploadReceiver
    sweeper: Sweeper
    #: Its afterwards are to be closed with the worker.
    post: Post


def build_undoer(settings: Settings, database: Database, clock: Clock) -> ImportUndoer:
    originals = FolderBlobStore(originals_folder(settings))
    undoers = (RecordingUndoer(database, originals, clock), ListenUndoer(database, clock))
    return ImportUndoer(database, undoers, clock)


def build_worker(
    settings: Settings, clock: Clock = system_clock, policy: RunnerPolicy | None = None
) -> WorkerParts:
    database = Database(settings.database)
    post = build_mail(settings, clock).post
    pool = build_parser_pool(settings)
    originals = FolderBlobStore(originals_folder(settings))
    imports = ImportRunner(
        database,
        pool,
        originals,
        [
            ActivityImporter(clock),
            ListenImporter(clock),
            AppleArtistImporter(clock),
            AccountImporter(originals, clock),
        ],
        clock,
        spool_folder(settings),
        files_at_once=2 * settings.parser_processes,
    )
    exporter = build_exporter(settings, database, clock)
    registry = JobRegistry.of(
        [
            imports,
            exporter,
            build_undoer(settings, database, clock),
            build_eraser(settings, database, clock, post),
            AccountSettler(database, clock),
            RunMeasurer(database),
            SoundtrackComputer(database, clock),
            PlayGrouper(database, clock),
            TempoResolver(database, build_tempo_sources(settings, clock), clock),
            DemoTempi(database, clock),
            Refitter(database, clock),
            WorkoutSealer(database, originals, clock),
            RunForgetter(database, originals, clock),
            WorkoutForgetter(database, clock),
        ]
    )
    name = f"{socket.gethostname()}-{os.getpid()}"
    policy = policy or RunnerPolicy(jobs_at_once=settings.jobs_at_once)
    runner = JobRunner(database, registry, clock, name, policy)
    receiver = UploadReceiver(database, clock, spool_folder(settings))
    sweeper = Sweeper(database, clock, [exporter.sweep])
    return WorkerParts(database, pool, runner, registry, receiver, sweeper, post)


def build_watcher(
    settings: Settings, database: Database, clock: Clock = system_clock
) -> FolderWatcher | None:
    """None when no folder is to be watched."""
    folder = settings.watched
    if folder is None:
        return None
    receiver = UploadReceiver(database, clock, spool_folder(settings))
    whose = partial(find_account_id, email=settings.watched_folder_account)
    return FolderWatcher(database, receiver, clock, folder, whose)
