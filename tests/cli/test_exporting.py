"""`beatrunner export`, with a data folder of its own."""

from __future__ import annotations

import zipfile
from pathlib import Path

from click.testing import CliRunner, Result

from beatrunner.cli import main
from beatrunner.codecs.account_export import MANIFEST, read_manifest
from beatrunner.codecs.fit import write_fit
from tests.sample_files import run


def beatrunner(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_what_was_imported_goes_out_and_comes_back(tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "run.fit").write_bytes(write_fit(run()))
    assert beatrunner("import", str(tmp_path / "run.fit")).exit_code == 0
    target = tmp_path / "mine.zip"
    done = beatrunner("export", str(target))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Wrote {target}, ")
    assert target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as archive:
        assert read_manifest(archive.read(MANIFEST)).rows["activities"] == 1
    assert beatrunner("export", str(target)).exit_code == 1
    data_dir.rename(tmp_path / "earlier")
    assert "1 activities" in beatrunner("import", str(target)).stdout


def test_nobody_has_nothing_to_export(tmp_path: Path) -> None:
    refused = beatrunner("export", str(tmp_path / "x.zip"), "--email", "nobody@example.com")
    assert refused.exit_code == 1
    assert list(tmp_path.glob("x.zip*")) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    refused = beatrunner("export", str(tmp_path / "no" / "x.zip"))
    assert refused.exit_code == 1
    assert "cannot write" in refused.stderr
