"""`beatrunner worker` that comes back to the job of one that was killed after a second."""

from __future__ import annotations

from beatrunner import wiring
from beatrunner.cli import main
from beatrunner.jobs.runner import RunnerPolicy


def quick(jobs_at_once: int) -> RunnerPolicy:
    return RunnerPolicy(
        jobs_at_once=jobs_at_once,
        idle_s=0.05,
        visibility_s=1.0,
        heartbeat_s=0.25,
        held_up_s=0.5,
    )


if __name__ == "__main__":
    vars(wiring)["RunnerPolicy"] = quick
    main()
