"""A believable runner who never lived, as the files that BeatRunner reads.

`files.write_demo_files` writes a Strava-like and a Spotify-like export, which then enter through
the same door as everybody's: `plan` says what was run on which day, `songs` what there is to
hear, `listening` what was played when, `routes` where the runs went, `runner` turns an outing
and its music into a recording, and `files` packs it all. Some effects of music on the runner are
planted on purpose and written down beside the files, so that statistics can be judged by them.
"""
