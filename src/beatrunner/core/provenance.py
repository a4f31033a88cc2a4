"""Where a row came from, and what may be done with it.

What a runner has in files is theirs: nothing but their own wish binds it. What comes over a
service's interface comes under that service's terms, and there it stays. The rules, as they stood
in November 2026:

- Strava, API Policy of 1 June 2026: no copy is kept longer than 7 days (5.5), none may be combined
  with other data (5.4), none may reach an AI (5.3); since November 2024 only the runner may see
  theirs. Strava's bulk export does not come over the API, so its files are files as any others.
- Spotify, Developer Policy of 15 May 2025: what comes over the Web API may be analysed for no
  purpose (III.13), and reach no AI (III.14). It names no time for the runner's own history; that is
  theirs alone. "Download your data" is no use of the Web API, and neither are the copies of their
  data that Apple and Google owe everybody.
- Last.fm's terms bind how much is stored (100 MB) and ask for a link; ListenBrainz' data are CC0.

Whoever reads rows for a purpose asks `allowing` which provenances they may read; what is not in the
table may be read for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Provenance(StrEnum):
    FILE = "file"
    STRAVA_EXPORT = "strava_export"
    STRAVA_API = "strava_api"
    GARMIN_EXPORT = "garmin_export"
    APPLE_HEALTH = "apple_health"
    SPOTIFY_EXPORT = "spotify_export"
    SPOTIFY_ACCOUNT = "spotify_account"  # the short form, to the minute
    SPOTIFY_API = "spotify_api"
    LASTFM = "lastfm"
    LISTENBRAINZ = "listenbrainz"
    APPLE_MUSIC = "apple_music"
    YOUTUBE_MUSIC = "youtube_music"
    MANUAL = "manual"  # typed by the runner
    LIVE = "live"  # a workout that BeatRunner recorded itself


class SeenBy(StrEnum):
    RUNNER = "runner"
    CHOSEN = "chosen"
    """Also those whom the runner shows it to."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`kept_for` None: until the runner deletes it. `combines`: with rows of other sources, as
    every answer about music and running does."""

    kept_for: timedelta | None = None
    ai_may_see: bool = True
    combines: bool = True
    seen_by: SeenBy = SeenBy.CHOSEN


_OWN = Policy()

POLICIES: Mapping[Provenance, Policy] = MappingProxyType(
    {
        Provenance.FILE: _OWN,
        Provenance.STRAVA_EXPORT: _OWN,
        Provenance.STRAVA_API: Policy(
            timedelta(days=7), ai_may_see=False, combines=False, seen_by=SeenBy.RUNNER
        ),
        Provenance.GARMIN_EXPORT: _OWN,
        Provenance.APPLE_HEALTH: _OWN,
        Provenance.SPOTIFY_EXPORT: _OWN,
        Provenance.SPOTIFY_ACCOUNT: _OWN,
        Provenance.SPOTIFY_API: Policy(ai_may_see=False, combines=False, seen_by=SeenBy.RUNNER),
        Provenance.LASTFM: _OWN,
        Provenance.LISTENBRAINZ: _OWN,
        Provenance.APPLE_MUSIC: _OWN,
        Provenance.YOUTUBE_MUSIC: _OWN,
        Provenance.MANUAL: _OWN,
        Provenance.LIVE: _OWN,
    }
)


def allowing(purpose: Callable[[Policy], bool]) -> frozenset[Provenance]:
    """Those whose rows may be read for a purpose."""
    return frozenset(provenance for provenance, policy in POLICIES.items() if purpose(policy))


COMBINING = allowing(lambda policy: policy.combines)
"""May stand beside rows of other sources: a run beside the music that played in it."""

SHARABLE = allowing(lambda policy: policy.seen_by is SeenBy.CHOSEN)
"""May be shown to those whom the runner chooses."""
