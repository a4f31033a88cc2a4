"""The table of Strava's bulk export: what the runner called each activity, and which file it is.

`activities.csv` comes in the language of the account, with duplicate column names (the second
"Distance" is metres, the first is kilometres or miles) and a number of columns that grows over
the years. So a column is found by name and occurrence where the language is known, and otherwise
by its place relative to `Filename`, which betrays itself by its content in every language. The
number in a file's name is the upload's, not the activity's: only this table connects the two.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from beatrunner.codecs.sport_names import sport_named
from beatrunner.core.refusals import Refusal, UnreadableFileError


@dataclass(frozen=True, slots=True)
class StravaActivity:
    """One row. `sport` is None for a sport word that is not known, kept in `sport_word`.

    `started_at` is read from English dates only: other languages use forms of their own, and the
    file knows its start better anyway. `file_name` is None for an activity entered by hand.
    """

    activity_id: str
    file_name: str | None
    name: str | None
    description: str | None
    private_note: str | None
    gear: str | None
    sport: str | None
    sport_word: str | None
    started_at: datetime | None
    elapsed_s: float | None
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a value stands: the nth column of any of these names, else a place.

    `place` counts from the start, or from `Filename` when `is_after_file_name`; columns before
    `Filename` were inserted over time, those right around it have kept their distance.
    """

    names: str
    place: int
    occurrence: int = 0
    is_after_file_name: bool = False


#: English, German, French, Spanish, Italian, Portuguese, Dutch, Japanese, Chinese.
_FILE_NAMES = (
    "Filename|Dateiname|Nom du fichier|Nombre de archivo|Nombre del archivo|Nome file|Nome del file"
    "|Nome do arquivo|Nome do ficheiro|Bestandsnaam|ファイル名|文件名"
)
_COLUMNS: Mapping[str, _Column] = {
    "activity_id": _Column(
        "Activity ID|Aktivitäts-ID|ID de l'activité|ID de actividad|ID attività|ID da atividade"
        "|Activiteits-ID|アクティビティID|活动 ID",
        place=0,
    ),
    "date": _Column(
        "Activity Date|Aktivitätsdatum|Date de l'activité|Fecha de la actividad|Data dell'attività"
        "|Data da atividade|Datum van activiteit|アクティビティ日|活动日期",
        place=1,
    ),
    "name": _Column(
        "Activity Name|Name der Aktivität|Nom de l'activité|Nombre de la actividad"
        "|Nome dell'attività|Nome da atividade|Naam activiteit|アクティビティ名|活动名称",
        place=2,
    ),
    "sport": _Column(
        "Activity Type|Aktivitätsart|Type d'activité|Tipo de actividad|Tipo di attività"
        "|Tipo de atividade|Activiteitstype|アクティビティタイプ|活动类型",
        place=3,
    ),
    "description": _Column(
        "Activity Description|Beschreibung der Aktivität|Aktivitätsbeschreibung"
        "|Description de l'activité|Descripción de la actividad|Descrizione dell'attività"
        "|Descrição da atividade|Beschrijving activiteit|アクティビティの説明|活动描述",
        place=4,
    ),
    "private_note": _Column(
        "Activity Private Note|Private Anmerkung zur Aktivität|Note privée sur l'activité"
        "|Nota privada de la actividad|Nota privata sull'attività",
        place=-2,
        is_after_file_name=True,
    ),
    "gear": _Column(
        "Activity Gear|Aktivitätsausrüstung|Ausrüstung für Aktivität|Matériel de l'activité"
        "|Equipamiento de la actividad|Attrezzatura dell'attività",
        place=-1,
        is_after_file_name=True,
    ),
    "elapsed": _Column(
        "Elapsed Time|Verstrichene Zeit|Temps écoulé|Tiempo transcurrido|Tempo trascorso"
        "|Tempo decorrido|Verstreken tijd|経過時間|已用时间",
        place=3,
        occurrence=1,
        is_after_file_name=True,
    ),
    "distance": _Column(
        "Distance|Distanz|Distancia|Distanza|Distância|Afstand|距離|距离",
        place=5,
        occurrence=1,
        is_after_file_name=True,
    ),
}
#: Tables from before the private note have `Filename` this early.
_PLACE_WITH_PRIVATE_NOTE = 12
_ACTIVITY_FILE = re.compile(r"activities/[^/]+\.(?:fit|gpx|tcx)(?:\.gz)?", re.IGNORECASE)
_ENGLISH_DATE = "%b %d, %Y, %I:%M:%S %p"


def read_activities_csv(data: bytes) -> dict[str, StravaActivity]:
    """Activities by the path of their file, as `Filename` writes it ("activities/123.fit.gz").

    Raises `UnreadableFileError`: EMPTY, DAMAGED (not CSV), UNKNOWN_KIND (another table).
    """
    return {row.file_name: row for row in _activities(data) if row.file_name}


def manual_activities(data: bytes) -> list[StravaActivity]:
    """Activities entered by hand, which have no file. Raises as `read_activities_csv`."""
    return [row for row in _activities(data) if not row.file_name]


def _activities(data: bytes) -> list[StravaActivity]:
    # PostgreSQL has no place for NUL in a text.
    text = data.decode("utf-8-sig", errors="replace").replace("\0", "")
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    except csv.Error as error:
        raise UnreadableFileError(Refusal.DAMAGED, str(error)) from error
    if not rows:
        raise UnreadableFileError(Refusal.EMPTY)
    header, *body = rows
    file_place = _find(header, _FILE_NAMES)
    if file_place is None:
        file_place = _place_of_files(body)
    if file_place is None:
        raise UnreadableFileError(Refusal.UNKNOWN_KIND, "no column of files")
    places = {field: _place(header, column, file_place) for field, column in _COLUMNS.items()}
    places["file_name"] = file_place
    return [activity for row in body if (activity := _activity(row, places))]


def _activity(row: Sequence[str], places: Mapping[str, int | None]) -> StravaActivity | None:
    def cell(field: str) -> str | None:
        place = places[field]
        return row[place].strip() or None if place is not None and place < len(row) else None

    activity_id = cell("activity_id")
    if activity_id is None:
        return None
    sport_word = cell("sport")
    return StravaActivity(
        activity_id=activity_id,
        file_name=cell("file_name"),
        name=cell("name"),
        description=cell("description"),
        private_note=cell("private_note"),
        gear=cell("gear"),
        sport=sport_named(sport_word),
        sport_word=sport_word,
        started_at=_english_date(cell("date")),
        elapsed_s=_number(cell("elapsed")),
        distance_m=_number(cell("distance")),
    )


def _place(header: Sequence[str], column: _Column, file_place: int) -> int | None:
    named = _find(header, column.names, column.occurrence)
    if named is not None:
        return named
    if not column.is_after_file_name:
        return column.place
    if column.place == -2 and file_place < _PLACE_WITH_PRIVATE_NOTE:
        return None
    place = file_place + column.place
    return place if place >= 0 else None


def _find(header: Sequence[str], names: str, occurrence: int = 0) -> int | None:
    known = {_folded(name) for name in names.split("|")}
    places = [place for place, name in enumerate(header) if _folded(name) in known]
    return places[occurrence] if occurrence < len(places) else None


def _folded(name: str) -> str:
    return name.strip().casefold().replace("’", "'")


def _place_of_files(body: Sequence[Sequence[str]]) -> int | None:
    """The column that holds paths of activity files in most rows, whatever it is called."""
    counts: dict[int, int] = {}
    for row in body:
        for place, text in enumerate(row):
            if _ACTIVITY_FILE.fullmatch(text.strip()):
                counts[place] = counts.get(place, 0) + 1
    by_count: Callable[[int], int] = counts.__getitem__
    return max(counts, key=by_count, default=None)


def _english_date(text: str | None) -> datetime | None:
    """ "May 6, 2024, 4:02:34 AM", which is UTC though it does not say so."""
    try:
        # Newer exports put a narrow no-break space before AM and PM.
        return datetime.strptime(" ".join((text or "").split()), _ENGLISH_DATE).replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    """A number with decimal point or comma, and any marks between thousands."""
    digits = re.sub(r"[\s'’]", "", text or "")
    if "," in digits and digits.rfind(",") > digits.rfind("."):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        value = float(digits.replace(",", ""))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
