"""Live workouts: from a goal and a bridge to a recorded run with its music.

`ws` takes the sockets in, `live` joins those of one workout, `conductor` decides what to wish,
`recorder` makes every second durable before it is acknowledged, and `sealing` turns a workout
that is over into an activity. `docs/live.md` tells the protocol.
"""
