"""Playlists out of the runner's own songs, for a cadence, a pace, a heart-rate zone or a plan.

`aims` turns what is asked for into stretches of one cadence each, by the runner's own gait;
`core.playlist` chooses the songs; `playlists` does both, keeps the result and says what is to be
known of it; `codecs.playlist_export` writes it for other programs.
"""
