"""The music in YouTube's watch history, in many languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.youtube_history import REPORTED_WITHIN_S, read_youtube_history
from beatrunner.core.listening import RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

VIDEO = "-e8Nfjl_AKk"


def watched(
    title: str = "Watched Song",
    channel: str | None = "Artist - Topic",
    header: str = "YouTube Music",
    **more: Any,
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "header": header,
        "title": title,
        "titleUrl": f"https://music.youtube.com/watch?v\u003d{VIDEO}",
        "time": "2022-04-25T18:09:04.784Z",
        "products": ["YouTube"],
        "activityControls": ["YouTube watch history"],
    }
    if channel is not None:
        row["subtitles"] = [{"name": channel, "url": "https://www.youtube.com/channel/UC"}]
    return row | more


def read(*rows: object) -> list[RawListen]:
    return read_youtube_history(json.dumps(rows).encode()).listens


def test_the_time_is_the_start_to_some_seconds() -> None:
    (listen, later) = read(watched("Watched Later", time="2022-04-25T18:12:00Z"), watched())
    assert listen.started_at == datetime(2022, 4, 25, 18, 9, 4, 784_000, tzinfo=UTC)
    assert listen.uncertainty_s == REPORTED_WITHIN_S
    assert listen.ended_at == later.started_at
    assert (listen.title, listen.artist) == ("Song", "Artist")
    assert listen.source_id == f"youtube:{VIDEO}"


@pytest.mark.parametrize(
    "title",
    [
        "Watched Über uns",
        "Über uns angesehen",
        "Vous avez regardé Über uns",
        "Has visto Über uns",
        "Hai guardato Über uns",
        "Über uns bekeken",
        "Über uns を視聴しました",
        "Über uns을(를) 시청했습니다.",
        "观看了 Über uns",
        "Просмотрено: Über uns",
    ],
)
def test_watched_in_many_languages(title: str) -> None:
    assert read(watched(title))[0].title == "Über uns"


@pytest.mark.parametrize(
    ("title", "channel", "song", "artist"),
    [
        ("Watched Artist - Song (Official Video)", "ArtistVEVO", "Song", "Artist"),
        ("Watched Song [Official Lyric Video]", "Artist", "Song", "Artist"),
        ("Watched Song (Live)", "Artist", "Song (Live)", "Artist"),
        ("Watched One - Two", "Artist - Topic", "One - Two", "Artist"),
    ],
)
def test_titles_of_videos_are_taken_apart(title: str, channel: str, song: str, artist: str) -> None:
    (listen,) = read(watched(title, channel))
    assert (listen.title, listen.artist) == (song, artist)


def test_music_is_what_says_so_or_comes_from_an_artists_records() -> None:
    history = read_youtube_history(
        json.dumps(
            [
                watched(header="YouTube"),
                watched("Watched A talk", "A channel", "YouTube"),
                watched("Watched An ad", details=[{"name": "From Google Ads"}]),
                watched(f"Watched https://music.youtube.com/watch?v={VIDEO}", None),
                watched(time="soon"),
                watched(time=None),
            ]
        ).encode()
    )
    assert [listen.title for listen in history.listens] == ["Song"]
    assert history.dropped == {"no_music": 2, "unnamed": 1, "impossible_time": 2}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], Refusal.NO_LISTENS),
        ([watched("Watched A talk", "A channel", "YouTube")], Refusal.NO_LISTENS),
        ([{"header": "Maps", "titleUrl": "x"}], Refusal.NO_LISTENS),
    ],
)
def test_a_history_without_music_is_refused(rows: list[object], reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(*rows)
    assert caught.value.reason is reason


def test_a_history_that_was_cut_off_gives_what_was_before() -> None:
    data = json.dumps([watched(), watched("Watched Other")]).encode()[:-30]
    assert [listen.title for listen in read_youtube_history(data).listens] == ["Song"]


texts = st.none() | st.text(max_size=20)


@given(st.lists(st.builds(watched, st.text(max_size=30), texts, time=texts, titleUrl=texts)))
def test_any_titles_are_read_or_refused(rows: list[object]) -> None:
    try:
        listens = read(*rows)
    except UnreadableFileError:
        return
    assert all(listen.title for listen in listens)
