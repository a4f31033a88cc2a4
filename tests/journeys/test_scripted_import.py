"""The scripts of docs/importing.md, as they stand there, against a real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from beatrunner.codecs.fit import write_fit
from tests.browser.serving import serving
from tests.identity.mails import code_in
from tests.sample_files import MORNING, plays, run, spotify_zip

DOCUMENT = Path(__file__).parents[2] / "docs" / "importing.md"
EMAIL, PASSWORD = "somebody@example.org", "a long sentence with a horse"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="module")
def token(address: str) -> str:
    """Of somebody's account, for handing in files."""
    words = {"email": EMAIL, "password": PASSWORD, "display_name": "I"}
    asked = call(f"{address}/v1/auth/register", words)
    (mail,) = call(f"{address}/v1/outbox")["mails"]
    told = {"registration_id": asked["registration_id"], "code": code_in(mail["text"])}
    signed_in = call(f"{address}/v1/auth/register/verify", told)
    wanted = {"name": "Upload my runs", "scopes": ["imports"], "days": 365}
    made = call(f"{address}/v1/account/tokens", wanted, signed_in["access_token"])
    return str(made["token"])


def call(address: str, body: dict[str, Any] | None = None, bearer: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    request = urllib.request.Request(address, data, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def script(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    return str(found)


COMMANDS = {
    "python": [sys.executable, "-c", script("python")],
    "sh": ["sh", "-c", script("sh"), "import.sh"],
}


@pytest.mark.parametrize("has_token", [False, True], ids=["this-computer", "token"])
@pytest.mark.parametrize("language", list(COMMANDS))
def test_files_come_in_and_the_exit_code_tells(
    address: str, token: str, tmp_path: Path, language: str, has_token: bool
) -> None:
    if language == "sh" and shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    environment = {**os.environ, "BEATRUNNER": address}
    environment.pop("BEATRUNNER_TOKEN", None)
    if has_token:
        environment["BEATRUNNER_TOKEN"] = token
    kinds = {
        "music.zip": spotify_zip(plays(MORNING, 3)),
        "run.fit": write_fit(run()),
        "broken.fit": b"what is this",
    }
    codes: dict[str, int] = {}
    for name, data in kinds.items():
        (tmp_path / name).write_bytes(data)
        done = subprocess.run(
            [*COMMANDS[language], str(tmp_path / name)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        codes[name] = done.returncode
        assert re.search(r'1 of 1 files|"files_done":1', done.stdout), done.stderr
    assert codes == {"music.zip": 0, "run.fit": 0, "broken.fit": 1}
