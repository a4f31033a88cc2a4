"""What files and services call a sport, and which of `core.sports.SPORTS` that is.

One table serves GPX `type`, TCX `Sport` and Strava's `activities.csv`, whose words come in the
language of the account.
"""

from __future__ import annotations

import re

#: Sports done on foot, whose devices count the steps of one leg.
ON_FOOT = frozenset(
    {"run", "trail_run", "treadmill_run", "track_run", "virtual_run", "walk", "hike"}
)

_NAMES = {
    "run": "run running jog jogging correr lauf laufen laufsport course courseàpied courirapied"
    " carrera corsa hardlopen corrida löpning løb løping juoksu bieg bieganie běh бег"
    " ラン ランニング 跑步",
    "trail_run": "trailrun trailrunning traillauf trail carreradetrail"
    " corsasutrail corridaemtrilha trailhardlopen trailløp"
    " трейл トレイルラン 越野跑",
    "treadmill_run": "treadmillrun treadmillrunning treadmill indoorrun indoorrunning laufband",
    "track_run": "trackrun trackrunning",
    "virtual_run": "virtualrun virtualrunning virtuellerlauf virtuelllauf courseàpiedvirtuelle"
    " carreravirtual corsavirtuale virtueelhardlopen corridavirtual"
    " バーチャルラン 虚拟跑步",
    "walk": "walk walking spaziergang gehen marche caminata camminata caminhada wandelen"
    " wandeling ウォーキング 步行",
    "hike": "hike hiking wanderung wandern randonnée senderismo escursione trilha hiken"
    " ハイキング 徒步",
    "ride": "ride biking bike cycling roadbiking roadcycling mountainbiking mountainbikeride"
    " gravelride gravelcycling ebikeride radfahrt radfahren fahrt sortieàvélo vélo ciclismo"
    " bicicleta pedalada giroinbicicletta fietsrit fietsen ライド 骑行",
    "indoor_ride": "indoorride indoorcycling virtualride virtuelleradfahrt virtuellefahrt"
    " spinning バーチャルライド 虚拟骑行",
    "swim": "swim swimming lapswimming openwaterswimming schwimmen natation natación nuoto"
    " natação zwemmen スイム 游泳",
    "row": "row rowing rudern aviron remo canottaggio roeien indoorrowing ローイング 划船",
    "ski": "ski skiing alpineski nordicski backcountryski crosscountryskiing"
    " resortskiing snowboard",
    "strength": "strength weighttraining strengthtraining krafttraining musculation"
    " entrenamientoconpesas",
}
#: Numbers that Strava writes into the GPX files of its export.
_STRAVA_NUMBERS = {
    "1": "ride",
    "2": "ski",
    "3": "ski",
    "4": "hike",
    "7": "ski",
    "9": "run",
    "10": "walk",
    "12": "ski",
    "16": "swim",
    "17": "indoor_ride",
    "18": "ride",
    "23": "row",
    "30": "strength",
    "53": "virtual_run",
}
_SPORT_BY_NAME = {
    name: sport for sport, names in _NAMES.items() for name in names.split()
} | _STRAVA_NUMBERS
_NOT_LETTERS = re.compile(r"[\W_]+")


def sport_named(text: str | None) -> str | None:
    """The sport that `text` names in any case, spacing or known language; None if unknown."""
    return _SPORT_BY_NAME.get(_NOT_LETTERS.sub("", (text or "").casefold()))


def sport_in_title(title: str | None) -> str | None:
    """The sport that one word of a title names ("Running 5/6/14 7:02 am"); None without one."""
    words = (title or "").split()
    return next(
        (sport for word in words if not word.isdigit() and (sport := sport_named(word))), None
    )
