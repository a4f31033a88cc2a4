"""In a process of its own: logging belongs to the whole process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from beatrunner.kit.log import mask_shapes

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


PLANTING = """
import logging, sys
from beatrunner.kit.log import configure_logs, logger
from beatrunner.kit.settings import LogFormat

configure_logs(LogFormat(sys.argv[1]), "INFO")
log = logger("beatrunner.test")
log.info("planted", password="k4n4ry", token="k4n4ry", refresh_token="k4n4ry", seed="k4n4ry")
logging.getLogger("library").warning("sent Bearer %s", "k4n4ry")
try:
    raise ValueError("postgresql://me:" + "k4n4" + "ry@host and brt_" + "k4n4" + "ry")
except ValueError:
    log.exception("failed")
"""


def output(log_format: str, program: str = PROGRAM) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, log_format], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer …"),
        ('{"authorization": "bearer abc"}', '{"authorization": "bearer …"}'),
        ("Cookie: beatrunner_refresh=AbC_1; a=b", "Cookie: beatrunner_refresh=…; a=b"),
        ("brt_0123456789abcdef was sent", "brt_… was sent"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VhbA", "got …"),
        (f"got {'Ab-_0' * 14}", "got …"),
        ("postgresql://beatrunner:hunter2@localhost/a", "postgresql://beatrunner:…@localhost/a"),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&issuer=b", "otpauth://totp/a?secret=…&issuer=b"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, shown: str) -> None:
    assert mask_shapes(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8000/v1/activities/01a20b7c-1d2e-7f00-8000-000000000000",
        "sha256 " + "0f" * 32,
        "one bearer, and a secret recipe: eyJust so",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert mask_shapes(text) == text


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_line_shows_a_planted_secret(log_format: str) -> None:
    """Under a name, in the words of an event, of a library, and of an exception."""
    text = output(log_format, PLANTING)
    assert "planted" in text
    assert "k4n4ry" not in text


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
