"""Which music makes the runner run, said honestly: `core.effects`, kept up to date.

`plays` measures one run at a time, and what was measured is kept. When runs, music or tempi change,
`refit` measures the runs that are new or others now, fits everything anew and keeps the result;
`reading` turns it into answers. `experiments` makes shuffled playlists, whose plays tell causes.
"""
