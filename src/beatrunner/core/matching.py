"""When two sources name the same track.

Services spell one recording differently: case, typographic quotes, full-width letters, guests in
the title here and among the artists there. The key folds such spelling and nothing else, because
a wrong merge cannot be undone by looking: remixes, live takes and remasters keep their own keys,
and letters of every script keep their marks (é is not e, が is not か).

Guests ("feat. X", in the title, in brackets or among the artists) are gathered from both places
and sorted, so that both spellings meet while a version without the guest stays apart.
"""

from __future__ import annotations

import re
import unicodedata

#: Parts of a key, none of which can contain it.
_SEPARATOR = "\x1f"
_FEATURING = r"(?:feat|ft|featuring)\b\.?"
_BRACKETED_GUESTS = re.compile(rf"[(\[]\s*(?:{_FEATURING}|with\b)\s*([^)\]]+)[)\]]")
#: Up to the next bracket or dash, so that "(Live)" after the guests survives.
_TRAILING_GUESTS = re.compile(rf"(?<=\s){_FEATURING}\s+([^(\[]+?)(?=\s*(?:[(\[]|\s[-–—]\s|$))")
_BETWEEN_GUESTS = re.compile(r"\s*[,;&+]\s*|\s+(?:and|x)\s+")
#: Apostrophes and quotes of all kinds vanish: "don't" is spelled with four of them.
_QUOTES = "'\"`´‘’‚‛“”„‟′″«»‹›ʼ"


def track_key(title: str, artist: str) -> str:
    """A key that is equal for spellings of one track; artist and title alone decide it.

    Text without a single letter or digit ("???") keeps its characters, so that it does not
    collapse into an empty key.
    """
    title, title_guests = _without_guests(_folded(title))
    artist, artist_guests = _without_guests(_folded(artist))
    names = {
        _plain(name)
        for guests in (*title_guests, *artist_guests)
        for name in _BETWEEN_GUESTS.split(guests)
    }
    names -= {"", _plain(artist)}
    return _SEPARATOR.join((_plain(artist), _plain(title), *sorted(names)))


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _without_guests(text: str) -> tuple[str, list[str]]:
    guests: list[str] = []
    for pattern in (_BRACKETED_GUESTS, _TRAILING_GUESTS):
        guests += pattern.findall(text)
        text = pattern.sub(" ", text)
    return text, guests


def _plain(text: str) -> str:
    """Letters, marks and digits of any script; everything else is one space between words."""
    return " ".join(text.translate(_KEPT).split()) or text


class _KeptCharacters(dict[int, str]):
    """Translates each character to itself, a space or nothing; decides once per character."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        category = unicodedata.category(character)
        shown = "" if category == "Cf" else " "  # Joiners and direction marks show nothing.
        kept = self[code_point] = character if category[0] in "LMN" else shown
        return kept


_KEPT = _KeptCharacters(str.maketrans(dict.fromkeys(_QUOTES, "") | {"&": " and "}))
