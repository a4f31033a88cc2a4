"""YouTube's watch history of Google Takeout: the music in it.

`watch-history.json` (its name is translated) is an array, the newest first, of everything that was
watched: `{"header": "YouTube Music", "title": "Watched Song", "titleUrl", "subtitles": [{"name":
"Artist - Topic"}], "time": "2022-04-25T18:09:04.784Z"}`. Music is what says so in its header, and
whatever comes from a channel called `… - Topic`, which YouTube makes for the records of an artist.
"Watched" is in the language of the account. Videos that were removed have neither name nor channel;
advertisements have `details`.

`time` is the moment at which the player told Google, some seconds after the START of the play.
Nothing says how long it lasted (`codecs.told_plays`).

Music videos are called "Artist - Song (Official Video)" by whoever put them there: they are taken
apart. The same history as a web page (`watch-history.html`) has no dates that can be read in every
language, so it is refused with a hint (`codecs.sniff`).
"""

from __future__ import annotations

import re

import msgspec

from beatrunner.codecs.json_rows import decode_rows, utf8
from beatrunner.codecs.told_plays import Telling, utc_ms
from beatrunner.core.listening import ListeningHistory
from beatrunner.core.track_identity import YOUTUBE

#: From the start of a play to when Google hears of it; a judgement.
REPORTED_WITHIN_S = 10.0

_MUSIC = "YouTube Music"
_TOPIC = " - Topic"
_VIDEO = re.compile(r"(?:[?&]v=|youtu\.be/)([0-9A-Za-z_-]{11})(?![0-9A-Za-z_-])")
#: What stands around the title: English, German, French, Spanish, Italian, Dutch, Portuguese,
#: Polish, Swedish, Danish, Norwegian, Czech, Russian, Turkish, Japanese, Korean, Chinese.
_WATCHED = re.compile(
    r"""
    (?:Watched|Vous\ avez\ regardé|Has\ visto|Viste|Hai\ guardato|Você\ assistiu\ a|Assistiu\ a
    |Viu|Obejrzano|Obejrzano:|Du\ har\ tittat\ på|Tittade\ på|Du\ har\ set|Så\ på|Du\ så\ på
    |Zhlédnuto|Просмотрено:|Вы\ посмотрели\ видео|观看了|觀看了|已觀看)\s+(?P<after>.+)
    |(?P<before>.+?)(?:\s+(?:angesehen|bekeken|adlı\ videoyu\ izlediniz|izlendi)
    |\s*を視聴しました|\s*(?:을\(를\)|을|를)\s*시청했습니다\.?)
    """,
    re.VERBOSE | re.DOTALL,
)
_NOISE = re.compile(
    r"\s*[(\[][^()\[\]]*\b(?:official|lyrics?|audio|video|visuali[sz]er|hd|hq|4k|mv)\b[^()\[\]]*[)\]]",
    re.IGNORECASE,
)


class _Named(msgspec.Struct, gc=False):
    name: str | None = None


class _Row(msgspec.Struct, gc=False):
    header: str | None = None
    title: str | None = None
    time: str | None = None
    subtitles: list[_Named] | None = None
    details: list[_Named] | None = None
    url: str | None = msgspec.field(default=None, name="titleUrl")


def read_youtube_history(data: bytes) -> ListeningHistory:
    """Dropped are also no_music: what was watched and not listened to.

    Raises UnreadableFileError: EMPTY, DAMAGED, NO_LISTENS (also when there is no music in it).
    """
    told = Telling()
    for row in decode_rows(utf8(data), _Row, told.dropped):
        channel = next((named.name or "" for named in row.subtitles or ()), "")
        if row.details or not (row.header == _MUSIC or channel.endswith(_TOPIC)):
            told.dropped["no_music"] += 1
            continue
        title, artist = _song(row, channel)
        video = _VIDEO.search(row.url or "")
        told.add(
            title,
            artist,
            None,
            utc_ms(row.time),
            source_id=None if video is None else YOUTUBE + video[1],
            uncertainty_s=REPORTED_WITHIN_S,
        )
    return told.history()


def _song(row: _Row, channel: str) -> tuple[str, str]:
    """(title, artist); no title for what was removed."""
    text = (row.title or "").strip()
    around = _WATCHED.fullmatch(text)
    title = text if around is None else around["after"] or around["before"]
    if not channel or title.startswith("http"):
        return "", ""
    if channel.endswith(_TOPIC):
        return title, channel.removesuffix(_TOPIC)
    title = _NOISE.sub("", title)
    artist, dash, song = title.partition(" - ")
    return (song, artist) if dash else (title, channel)
