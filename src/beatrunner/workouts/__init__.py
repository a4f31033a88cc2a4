"""Live workouts: from a goal and a bridge to a recorded run with its music.

`docs/live.md` tells the protocol. From the outside in:

- `api` and `shapes`: what is asked over HTTP. `ws` and `peers`: the sockets, each with a queue of
  its own. `standing`: bridges that wait for a workout.
- `live`: all workouts of this process. `holders`: which process has which.
- `live_workout`: one of them. `audience` is who runs and watches, `sample_line` what a bridge
  sent, `beat_line` and `song_log` what sounded, `screen` what is shown, `history` what was.
- `conductor`: what to wish, by `surroundings` (runner and machine) and the goal (`wanted`).
- `recorder`: makes every second durable before it is acknowledged.
- `ending`, `sealing` and `summing`: a workout that is over becomes an activity.
"""
