"""The listening histories that can be read, and whose word each of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from beatrunner.codecs.apple_music import read_apple_activity
from beatrunner.codecs.lastfm_export import read_lastfm_csv, read_lastfm_json
from beatrunner.codecs.listenbrainz_export import read_listenbrainz
from beatrunner.codecs.own_plays import read_own_plays
from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.spotify_account import read_account_history
from beatrunner.codecs.spotify_export import read_extended_history
from beatrunner.codecs.youtube_history import read_youtube_history
from beatrunner.core.listening import ListeningHistory
from beatrunner.core.provenance import Provenance
from beatrunner.core.refusals import Refusal
from beatrunner.music.play_table import PlayTable, tabulate

#: What a runner can do something about, by what the codecs count as dropped.
_LEFT_OUT: Mapping[str, Refusal] = MappingProxyType(
    {"cut_off": Refusal.DAMAGED_IN_PART, "no_zone": Refusal.NO_TIME_ZONE}
)


@dataclass(frozen=True, slots=True)
class Source:
    """`read` runs in a child process, which has to import it by its name. Whoever does not know
    lengths tells when a play began, and nothing of its end."""

    provenance: Provenance
    read: Callable[[bytes], ListeningHistory]
    knows_lengths: bool = True

    def read_table(self, data: bytes) -> PlayTable:
        """Raises UnreadableFileError."""
        history = self.read(data)
        table = tabulate(history.listens, knows_lengths=self.knows_lengths)
        told = (reason for what, reason in _LEFT_OUT.items() if what in history.dropped)
        table.left_out = next(told, None)
        return table


SOURCES: Mapping[FileKind, Source] = MappingProxyType(
    {
        FileKind.SPOTIFY_EXTENDED: Source(Provenance.SPOTIFY_EXPORT, read_extended_history),
        FileKind.SPOTIFY_ACCOUNT_DATA: Source(Provenance.SPOTIFY_ACCOUNT, read_account_history),
        FileKind.LASTFM_CSV: Source(Provenance.LASTFM, read_lastfm_csv, knows_lengths=False),
        FileKind.LASTFM_JSON: Source(Provenance.LASTFM, read_lastfm_json, knows_lengths=False),
        FileKind.LISTENBRAINZ: Source(
            Provenance.LISTENBRAINZ, read_listenbrainz, knows_lengths=False
        ),
        FileKind.APPLE_ACTIVITY: Source(Provenance.APPLE_MUSIC, read_apple_activity),
        FileKind.YOUTUBE_HISTORY: Source(
            Provenance.YOUTUBE_MUSIC, read_youtube_history, knows_lengths=False
        ),
        FileKind.OWN_PLAYS: Source(Provenance.FILE, read_own_plays, knows_lengths=False),
    }
)
