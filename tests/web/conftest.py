"""Tracebacks as the product logs them; the library's own show every variable, slowly."""

from __future__ import annotations

import logging

import pytest

from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat


@pytest.fixture(autouse=True, scope="session")
def _logs() -> None:
    configure_logs(LogFormat.JSON, "INFO")
    # It writes to the stderr of now; pytest puts its own handlers back for each test.
    logging.getLogger().handlers.clear()
