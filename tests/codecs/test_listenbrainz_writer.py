from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.listenbrainz_export import read_listenbrainz
from beatrunner.codecs.listenbrainz_writer import write_listen

START = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
IDENTITY = st.sampled_from(
    [
        "spotify:track:0123456789abcdefghijAB",
        "isrc:GBAYE0601498",
        "mbid:12345678-1234-5678-1234-567812345678",
    ]
)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(TEXTS, TEXTS, st.none() | TEXTS, st.integers(40, 400), st.lists(IDENTITY)),
        min_size=1,
        max_size=8,
    )
)
def test_what_was_heard_comes_back(
    plays: list[tuple[str, str, str | None, int, list[str]]],
) -> None:
    at, lines, wanted = START, b"", []
    for title, artist, album, length_s, identities in plays:
        end = at + timedelta(seconds=length_s)
        lines += write_listen(title, artist, album, at, end, identities[:1])
        wanted.append((title, artist, album, at, end, identities[0] if identities else None))
        at = end
    found = read_listenbrainz(lines).listens
    assert [
        (x.title, x.artist, x.album, x.started_at, x.ended_at, x.source_id) for x in found
    ] == wanted
