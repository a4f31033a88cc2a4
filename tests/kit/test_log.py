"""In a process of its own: logging belongs to the whole process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging, sys
from beatrunner.kit.log import configure_logs, logger
from beatrunner.kit.settings import LogFormat

configure_logs(LogFormat(sys.argv[1]), "INFO")
log = logger("beatrunner.test")
log.debug("unheard")
log.info("run.imported", distance_m=5000.5, name="Łódź\\nbei Nacht")
logging.getLogger("library").warning("an old %s", "friend")

def fail(password):
    raise ValueError("no")

try:
    fail("hunter2")
except ValueError:
    log.exception("job.failed", kind="import.run")
"""


def output(log_format: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, log_format], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr


def test_json_is_one_object_a_line() -> None:
    first, second, third = [json.loads(line) for line in output("json").splitlines()]
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "run.imported",
        "level": "info",
        "logger": "beatrunner.test",
        "distance_m": 5000.5,
        "name": "Łódź\nbei Nacht",
    }
    assert (second["event"], second["level"]) == ("an old friend", "warning")
    assert third["kind"] == "import.run"
    assert third["exception"][0]["exc_type"] == "ValueError"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_tracebacks_keep_values_to_themselves(log_format: str) -> None:
    text = output(log_format)
    assert "ValueError" in text
    assert "unheard" not in text
    # The call is a line of the program; what it was called with is not.
    assert "hunter2" not in text.replace('fail("hunter2")', "")
