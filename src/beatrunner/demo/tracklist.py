"""The demo's music and podcasts, all invented: (artist, album, ((title, tempo_bpm), ...))."""

from __future__ import annotations

ARTISTS: tuple[tuple[str, str, tuple[tuple[str, float], ...]], ...] = (
    (
        "Velvet Turnstile",
        "Last Tram but One",
        (
            ("Copper Wire Heart", 172.0),
            ("Platform Nine Is Closed", 168.0),
            ("Exact Change", 128.0),
            ("Night Inspector", 86.5),
        ),
    ),
    (
        "Oona Brisk",
        "Small Weather",
        (
            ("Nineteen Staircases", 176.0),
            ("Umbrella Diplomacy", 104.0),
            ("Hail on the Greenhouse", 174.0),
            ("A Drawer Full of Keys", 92.0),
        ),
    ),
    (
        "The Kerosene Choir",
        "Hymns for Engines",
        (
            ("Run the Lanterns", 160.0),
            ("Amen, Carburettor", 176.0),
            ("Oil on Still Water", 84.5),
            ("Seven Valves", 152.0),
        ),
    ),
    (
        "Marzipan Riot",
        "Sugar Strike",
        (
            ("Slow Honey", 84.0),
            ("Glass Slipper Getaway", 184.0),
            ("Candy Floss Barricade", 170.0),
            ("Bitter Almond", 140.0),
        ),
    ),
    (
        "Harbour & Hinge",
        "Doors We Painted",
        (
            ("Low Tide Letters", 88.0),
            ("Gull Arithmetic", 120.0),
            ("The Blue One Sticks", 136.0),
            ("Saltbox", 171.0),
        ),
    ),
    (
        "Tin Parliament",
        "Motion Carried",
        (
            ("Point of Order", 165.0),
            ("Abstain", 80.0),
            ("All in Favour", 173.0),
            ("The Speaker Is Leaving", 132.0),
        ),
    ),
    (
        "Juno Pavlak",
        "Halogen",
        (
            ("Filament", 126.0),
            ("Porch Light Season", 112.0),
            ("Moth Logic", 169.0),
            ("Dimmer Switch", 98.0),
        ),
    ),
    (
        "Gravel Cathedral",
        "Nave",
        (
            ("Bellringer's Knees", 156.0),
            ("Quarry Sunday", 144.0),
            ("Dust Is a Colour", 87.0),
            ("Flying Buttress", 180.0),
        ),
    ),
    (
        "DJ Almanac",
        "Thirty Days Hath",
        (
            ("Leap Year", 175.0),
            ("Equinox Dub", 85.0),
            ("Waxing Gibbous", 124.0),
            ("Dog Days", 130.0),
        ),
    ),
    (
        "Petra und die Pendler",
        "Umsteigezeit",
        (
            ("Gleiswechsel", 172.5),
            ("Fünf Minuten später", 118.0),
            ("Fahrradabteil", 164.0),
            ("Anschluss verpasst", 90.0),
        ),
    ),
    (
        "Wool & Wire",
        "Telegraph Sheep",
        (
            ("Shear Delight", 150.0),
            ("Fence Post Morse", 166.0),
            ("Lanolin", 82.0),
            ("Hillside Stop", 108.0),
        ),
    ),
    (
        "Mirrorlake FM",
        "Signal Lost, Signal Found",
        (
            ("Between Two Stations", 100.0),
            ("Static Bloom", 127.0),
            ("Longwave Lullaby", 81.0),
            ("Antenna Kids", 178.0),
        ),
    ),
    (
        "Captain Marmalade",
        "Toast of the Fleet",
        (
            ("Breakfast Mutiny", 186.0),
            ("Crust", 158.0),
            ("Orange Peel Sails", 142.0),
            ("Knife in the Butter", 167.5),
        ),
    ),
    (
        "Esi Quartey-Lund",
        "Gold Coast, Grey Coast",
        (
            ("Ferry at Six", 115.0),
            ("Two Winters", 93.0),
            ("Kente and Snow", 122.0),
            ("Highlife in the Rain", 170.5),
        ),
    ),
    (
        "Paper Volcano",
        "Baking Soda",
        (
            ("Science Fair", 162.0),
            ("Second Prize", 145.0),
            ("Eruption at Table Four", 190.0),
            ("Papier-mâché", 99.0),
        ),
    ),
    (
        "Nocturne Bakery",
        "Proof",
        (
            ("Four a.m. Flour", 83.0),
            ("Sourdough Waltz", 95.0),
            ("Oven Spring", 174.5),
            ("The Crumb", 110.0),
        ),
    ),
    (
        "Ultraviolet Gardeners",
        "Hothouse",
        (
            ("Photosynthesis Now", 128.5),
            ("Trellis", 134.0),
            ("Compost Disco", 121.0),
            ("Bees on the Guest List", 176.5),
        ),
    ),
    (
        "Fjordkvist",
        "Nordlys Motell",
        (
            ("Room 12, Facing North", 89.0),
            ("Vinterdekk", 168.5),
            ("Reindeer in Reception", 154.0),
            ("Checkout", 106.0),
        ),
    ),
    (
        "The Understudies",
        "Break a Leg",
        (
            ("Curtain at Eight", 171.5),
            ("Prompter", 138.0),
            ("Matinee Ghost", 102.0),
            ("Exit, Pursued", 188.0),
        ),
    ),
    (
        "Basalt Boulevard",
        "Hexagons",
        (
            ("Six Sides of Sorry", 146.0),
            ("Columns", 125.0),
            ("Pavement Geology", 86.0),
            ("Giant's Commute", 169.5),
        ),
    ),
    (
        "Lumi Castellano",
        "Verano en la Nieve",
        (
            ("Guantes de Sol", 123.0),
            ("Patinadora", 172.0),
            ("Agua Fría", 94.0),
            ("Persianas", 116.0),
        ),
    ),
    (
        "Ten Thousand Kettles",
        "Boil",
        (
            ("Whistle Blower", 182.0),
            ("Descaler", 151.0),
            ("Steam Etiquette", 114.0),
            ("One for the Pot", 84.0),
        ),
    ),
    (
        "Arcade Monsoon",
        "Insert Coin, Bring Umbrella",
        (
            ("Player Two Is Wet", 163.0),
            ("High Score Flood", 173.5),
            ("Pixel Gutter", 129.0),
            ("Continue?", 135.0),
        ),
    ),
    (
        "Sister Semaphore",
        "Flags",
        (
            ("Message Received", 155.0),
            ("Left Arm Up", 170.0),
            ("R for Romeo", 97.0),
            ("Half-Mast Weekend", 80.5),
        ),
    ),
    (
        "Clementine Ohm",
        "Resistance",
        (
            ("Short Circuit Summer", 131.0),
            ("Parallel", 119.0),
            ("Fuse Box Serenade", 87.5),
            ("Earth Wire", 174.0),
        ),
    ),
    (
        "The Borrowed Ladders",
        "Return by Friday",
        (
            ("Gutter Astronomy", 157.0),
            ("Apple Thieves", 165.5),
            ("Mrs Hallam's Roof", 141.0),
            ("Rung by Rung", 176.0),
        ),
    ),
    (
        "Zeppelin Post",
        "Airmail",
        (
            ("Postage Due", 147.0),
            ("Above the Allotments", 105.0),
            ("Ballast Song", 91.0),
            ("Mooring Mast", 168.0),
        ),
    ),
    (
        "Quiet Carriage",
        "Please Consider Others",
        (
            ("Shh", 85.5),
            ("Window Seat Theology", 111.0),
            ("Tunnel, Tunnel, Sea", 133.0),
            ("Delayed Due to Swans", 161.0),
        ),
    ),
    (
        "Magpie Economics",
        "Shiny Things",
        (
            ("Supply and Sparkle", 137.0),
            ("Nest Egg", 103.0),
            ("One for Sorrow (Two for Tax)", 159.0),
            ("Bottle Top Banker", 171.0),
        ),
    ),
    (
        "Solstice Laundry",
        "Delicates",
        (
            ("Spin Cycle", 179.0),
            ("Lost Sock Choir", 149.0),
            ("Line Dry", 113.0),
            ("Static Cling", 126.5),
        ),
    ),
)

#: (show, titles of its episodes)
PODCASTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The Slow Lane",
        (
            "Why Easy Runs Are Hard",
            "Last Finisher, Best Story",
            "Blisters: A History",
            "The Dog Who Paced a Marathon",
            "Running Without a Watch",
            "Forty Laps of a Car Park",
        ),
    ),
    (
        "Maps That Lied",
        (
            "The Island That Wasn't",
            "A Street Drawn for Spies",
            "North, More or Less",
            "The Surveyor's Grudge",
            "Here Be Car Parks",
        ),
    ),
    (
        "Kitchen Physics",
        (
            "Why Pasta Breaks in Three",
            "The Loneliest Teaspoon",
            "Emulsions and Other Truces",
            "What the Kettle Knows",
            "Toast, Falling",
        ),
    ),
)
