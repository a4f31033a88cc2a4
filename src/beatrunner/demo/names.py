"""What the demo runner calls the outings, and notes about them.

Keys of `NAMES` are kinds of outing, with the course where the name tells it; keys of `NOTES` are
kinds, or the manner of music where the note tells it. `{weekday}` is filled in.
"""

from __future__ import annotations

NAMES: dict[str, tuple[str, ...]] = {
    "easy": (
        "Easy through the back streets",
        "Before the bakery opens",
        "{weekday} shake-out",
        "Same loop, different puddles",
        "Round the block, and another",
        "Legs like porridge",
        "Lunch can wait",
        "Post-work decompression",
        "Just ticking over",
        "Bins out, shoes on",
        "The long way to the letterbox",
        "Chatty pace, nobody to chat with",
        "Green lights, for once",
        "Clocking off",
        "Slowly, on purpose",
        "Home before the rain",
        "{weekday} loop",
        "Recovery, honestly this time",
        "Testing the new shoes",
        "Market day slalom",
        "Quiet streets",
        "Round the houses",
    ),
    "easy_treadmill": (
        "{weekday} lunch on the treadmill",
        "Going nowhere, pleasantly",
        "Rain outside, belt inside",
        "Hamster half-hour",
        "Gym window, view of the car park",
        "Easy belt miles",
        "Nine songs to nowhere",
    ),
    "tempo_treadmill": (
        "{weekday} tempo on the treadmill",
        "25 minutes at tempo, fan on full",
        "Belt tempo, no excuses",
        "Tempo indoors: sweat, repeat",
        "Comfortably hard, allegedly",
        "Treadmill tempo with the good playlist",
        "Threshold and a cold towel",
        "Holding on to the handrail of fate",
    ),
    "tempo_road": (
        "River tempo",
        "{weekday} tempo by the water",
        "Chasing the cyclists",
        "Tempo with a headwind both ways",
        "Out easy, back angry",
        "25 minutes of thinking about breakfast",
        "Tempo past the swans",
    ),
    "intervals": (
        "6 × 3 min on the track",
        "Track {weekday}",
        "Three-minute questions",
        "Ovals and regrets",
        "Track night: lane two again",
        "Six hard, five lazy",
        "Left turns only",
    ),
    "long villages": (
        "Long run round the villages",
        "Seven church towers",
        "{weekday} long run",
        "Two bottles, one banana",
        "Slow is a speed",
        "The one with the tailwind",
    ),
    "long river": (
        "River there, river back, repeat",
        "Seventeen with the herons",
        "Long and unhurried",
        "Counting bridges twice",
        "Both banks, both ways",
    ),
    "trail ridge": (
        "Fog over the ridge",
        "Up to the ridge and along",
        "Ridge before lunch",
        "Walked the last ramp, not sorry",
        "Wind on the top, tea at the bottom",
        "Ridge path, views all the way",
        "Follow the yellow diamonds",
        "Hut was closed",
    ),
    "trail quarry": (
        "Quarry loop, shoes ruined",
        "Roots, rocks and a surprised deer",
        "Quarry and back by the orchards",
        "The steep way up",
        "{weekday} on the hill",
        "Mud, mostly",
        "Descending like a wardrobe",
    ),
    "walk": ("Walk with Grandma's dog",),
    "ride": ("Bike to the lake and back", "Coffee ride round the villages"),
}

NOTES: dict[str, tuple[str, ...]] = {
    "easy": (
        "Nose breathing only. Mostly.",
        'Met Jonas at the lights, he said "nice pace". I was standing.',
        "Slept badly, legs fine.",
        "Two songs I had forgotten and one I wish I had.",
        "New shoes: squeaky.\nOtherwise fine.",
    ),
    "easy_treadmill": ("Watch and belt disagree, as ever.",),
    "tempo_treadmill": (
        "10 min easy, 25 min tempo, rest easy.\nLast five minutes on music alone.",
        "Pressed + twice when the chorus came.",
    ),
    "tempo_road": ("10 easy, 25 tempo, jog home.",),
    "intervals": (
        "6 × 3 min, 2 min jog.\nNumber four was the worst, number six the best.",
        "Shared the track with a football team, lane two again.",
    ),
    "long": (
        "Gel at 50 min, banana at 80.",
        "Kept it easy until the last village, then the playlist won.",
        "Strap battery seems to be going.",
    ),
    "trail": ("Saw the deer again (same one?).", "Shoes: brown. Socks: also brown."),
    "offline": ("No signal up there, good thing the playlist was saved.",),
    "podcast": ("Podcast was better than the run.", "Forgot I was running, twice."),
    "none": ("No music today, birds instead.", "Ears off, eyes open."),
}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
