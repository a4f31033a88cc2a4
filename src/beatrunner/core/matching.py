"""When two names mean the same track, and when they may.

Services spell one recording differently. `track_key` folds what is spelling and nothing else,
because a wrong merge is worse than a missed one:

- case, width, typographic quotes, accents of Latin letters (of other scripts letters keep their
  marks: が is not か), "&", "+" and "and", "Pt. 2" and "Part II";
- artists in any order and with any separator, with or without "The"; guests ("feat. X", in the
  title, in brackets or among the artists) count as artists, so a version without the guest stays
  apart;
- what leaves the recording as it is: remasters and their years, mono and stereo, deluxe editions,
  bonus tracks, explicit or clean, the words that video sites add, the artist before the title;
- "(Live)" and "- Live", "Acoustic" and "Acoustic Version".

Everything else that stands in brackets or behind a dash makes it another track: live takes,
remixes, edits, acoustic versions, covers, instrumentals, parts, other years.

`loose_titles` and `people` are for two names of which something else says that they belong
together, as that they were played at the same moment: there the version may be missing in one of
them, and some of the artists.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Parts of a key, none of which can contain it.
_SEPARATOR = "\x1f"

_FEATURING = r"(?:feat|ft|featuring)\b\.?"
_BRACKETED_GUESTS = re.compile(rf"[(\[]\s*(?:{_FEATURING}|(?:duet )?with\b|w/)\s*([^)\]]+)[)\]]")
#: Up to the next bracket or dash, so that "(Live)" after the guests survives.
_TRAILING_GUESTS = re.compile(rf"(?<=\s){_FEATURING}\s+([^(\[]+?)(?=\s*(?:[(\[]|\s[-–—]\s|$))")
_BETWEEN_ARTISTS = re.compile(
    rf"\s*[,;&+/、，・]\s*|\s+(?:and|x|vs\.?|with|{_FEATURING})\s+|\s+[×·•|]\s+"
)
_OF_A_CHANNEL = re.compile(r"\s+-\s+topic$|(?<=\w)vevo$")
_THE = re.compile(r"^the\s+(?=\S)|,\s*the$")
#: Apostrophes and quotes of all kinds vanish: "don't" is spelled with four of them.
_QUOTES = "'\"`´‘’‚‛“”„‟′″«»‹›ʼ"
#: Letters that are no accented ones but are written as if they were.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ё": "е"}
)
_LETTER_SIGNS = ((re.compile(r"(?<=\w)\$(?=\w)"), "s"), (re.compile(r"(?<=\w)!(?=\w)"), "i"))

_DASH = re.compile(r"\s+[-–—~]\s+")
_BRACKET = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
_REMASTER = re.compile(
    r"\b(?:(?:19|20)\d\d )?(?:digital |digitally |\d+th anniversary )?re ?master(?:ed|ing)?\b"
    r"(?: (?:version|edition|album version))?(?: in)?(?: (?:19|20)\d\d)?(?: digital(?:ly)?)?"
)
#: What says nothing of the recording, where it is all that a bracket or a dash brings.
_SAME_RECORDING = re.compile(
    r"|".join(
        (
            r"(?:mono|stereo)(?: (?:mix|version))?",
            r"(?:super )?deluxe(?: (?:edition|version))?|(?:expanded|anniversary|special) edition",
            r"bonus(?: track)?(?: version)?|album version|lp version|original mix",
            r"(?:explicit|clean)(?: (?:album )?version)?",
            r"(?:official )?(?:music |lyrics? |hd )?(?:video|audio|visuali[sz]er)",
            r"(?:official )?(?:music )?video (?:hd|hq|4k)",
            r"official|lyrics?|with lyrics|hd|hq|4k|m v|mv",
            r"prod(?:uced)?(?: by)? .+",
        )
    )
)
#: Words that name a version, which one of two sources may leave out.
_VERSION = re.compile(
    r"\b(?:live|remix|mix|rmx|edit|version|acoustic|unplugged|instrumental|karaoke|demo|session|"
    r"sped up|slowed|reverb|nightcore|cover|radio|extended|club|dub|vip|bootleg|mashup|reprise|"
    r"remaster(?:ed)?|original|take|concert|tour|single|ep|from)\b"
)
_PART = re.compile(r"\b(?:pt|part|vol|volume)\b ?(\d+|[ivx]+)\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}


#: Histories come in several files with the same names.
@lru_cache(maxsize=8192)
def track_key(title: str, artist: str) -> str:
    """A key that is equal for spellings of one track; artist and title alone decide it.

    Text without a single letter or digit ("???") keeps its characters, so that it does not
    collapse into an empty key.
    """
    words = {word for each in people(title, artist) for word in each.split()} - {"and", "the"}
    return _SEPARATOR.join((" ".join(sorted(words)), _recording(title, artist)))


def are_one_by_evidence(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two names, (title, artist), that are told of the same plays again and again may mean
    one track: the same recording, of whose artists one of them names only some."""
    artists, others = people(*one), people(*other)
    return _recording(*one) == _recording(*other) and (artists <= others or others <= artists)


@lru_cache(maxsize=8192)
def people(title: str, artist: str) -> frozenset[str]:
    """The artists, those that the title names as guests among them."""
    title, artist = _settled(title, artist)
    artist, more = _without_guests(artist)
    guests = _without_guests(title)[1]
    return _named(artist).union(*map(_named, (*guests, *more))) or frozenset({_plain(artist)})


@lru_cache(maxsize=8192)
def loose_titles(title: str, artist: str) -> frozenset[str]:
    """What the title may be elsewhere: whole, without its version, without any brackets."""
    told = _segments(title, artist)
    base = [told[0], *(each for each in told[1:] if not _is_version(each))]
    bare = _plain_words(_BRACKET.sub(" ", _without_guests(_settled(title, artist)[0])[0]))
    found = {" ".join(told), " ".join(base), bare}
    return frozenset(_numbered(each) for each in found if each.strip())


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN_LETTERS)
    text = " ".join(_without_accents(text).split())
    for sign, letter in _LETTER_SIGNS:
        text = sign.sub(letter, text)
    return text


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    is_latin = False
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) == "Mn":
            if is_latin:
                continue
        else:
            is_latin = "a" <= character <= "z"
        kept.append(character)
    return unicodedata.normalize("NFKC", "".join(kept))


@lru_cache(maxsize=64)
def _without_guests(text: str) -> tuple[str, tuple[str, ...]]:
    guests: list[str] = []
    for pattern in (_BRACKETED_GUESTS, _TRAILING_GUESTS):
        guests += pattern.findall(text)
        text = pattern.sub(" ", text)
    return text, tuple(guests)


@lru_cache(maxsize=4096)
def _named(artists: str) -> frozenset[str]:
    found = (_plain(_THE.sub("", each.strip())) for each in _BETWEEN_ARTISTS.split(artists))
    return frozenset(each for each in found if each)


@lru_cache(maxsize=64)
def _settled(title: str, artist: str) -> tuple[str, str]:
    """Both folded. An artist that stands before the title, too, as on video sites, is taken from
    there: channels write them without spaces."""
    title, artist = _folded(title), _OF_A_CHANNEL.sub("", _folded(artist))
    first, *behind = _DASH.split(title, maxsplit=1)
    if behind and _joined(first) == _joined(artist):
        return behind[0], first
    return title, artist


def _recording(title: str, artist: str) -> str:
    first, *behind = _segments(title, artist)
    kept = [first, *(said for each in behind if (said := _said_of_recording(each)))]
    return " ".join(_numbered(each) for each in kept)


def _segments(title: str, artist: str) -> list[str]:
    """The title, then what stands in its brackets and behind its dashes. Brackets at the very
    beginning belong to the title."""
    words = _without_guests(_settled(title, artist)[0])[0].strip()
    brackets = [] if _BRACKET.match(words) else _BRACKET.findall(words)
    first, *behind = _DASH.split(_BRACKET.sub(" ", words).strip() if brackets else words)
    if not _plain_words(first):
        return [_plain(words)]
    return [
        _plain(first),
        *(plain for each in (*brackets, *behind) if (plain := _plain_words(each))),
    ]


def _joined(text: str) -> str:
    return _plain(_THE.sub("", text)).replace(" ", "")


def _said_of_recording(segment: str) -> str:
    """What a segment says, "" for what leaves the recording as it is."""
    said = " ".join(_REMASTER.sub(" ", _plain(segment)).split())
    if _SAME_RECORDING.fullmatch(said):
        return ""
    return said.removesuffix(" version")


def _is_version(segment: str) -> bool:
    return not _said_of_recording(segment) or _VERSION.search(segment) is not None


def _numbered(text: str) -> str:
    return _PART.sub(lambda found: f"part {_ROMAN.get(found[1], found[1])}", text)


def _plain(text: str) -> str:
    """Letters, marks and digits of any script; everything else is one space between words."""
    return _plain_words(text) or text.strip()


def _plain_words(text: str) -> str:
    words = text.translate(_KEPT).split()
    return " ".join("and" if word == "n" else word for word in words)


class _KeptCharacters(dict[int, str]):
    """Translates each character to itself, a space or nothing; decides once per character."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        category = unicodedata.category(character)
        shown = "" if category == "Cf" else " "  # Joiners and direction marks show nothing.
        kept = self[code_point] = character if category[0] in "LMN" else shown
        return kept


_KEPT = _KeptCharacters(str.maketrans(dict.fromkeys(_QUOTES, "") | {"&": " and ", "+": " and "}))
