from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from beatrunner.cli import main

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "frontend" / "openapi.json"


def test_the_pages_are_generated_from_this_very_api(tmp_path: Path) -> None:
    """When this fails: ./dev openapi"""
    done = CliRunner().invoke(main, ["openapi", "--output", str(tmp_path / "openapi.json")])
    assert (done.exit_code, done.output) == (0, "")
    written = json.loads((tmp_path / "openapi.json").read_text("utf-8"))
    assert written == json.loads(COMMITTED.read_text("utf-8"))


def test_the_sockets_schema_is_of_these_very_messages(tmp_path: Path) -> None:
    """When this fails: ./dev openapi"""
    done = CliRunner().invoke(main, ["live-schema", "--output", str(tmp_path / "schema.json")])
    assert (done.exit_code, done.output) == (0, "")
    written = json.loads((tmp_path / "schema.json").read_text("utf-8"))
    assert written == json.loads((ROOT / "docs" / "live.schema.json").read_text("utf-8"))
