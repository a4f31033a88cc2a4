from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from beatrunner.cli import main
from tests.codecs.test_audio_file import audio, id3


def scan(*words: str) -> tuple[int, str]:
    environment = {"BEATRUNNER_PARSER_PROCESSES": "1"}
    done = CliRunner().invoke(main, ["music", "scan", *words], env=environment)
    return done.exit_code, done.output


def test_a_folder_is_scanned_and_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "Music"
    folder.mkdir()
    (folder / "a.mp3").write_bytes(id3(TIT2="Harbour Lights", TPE1="The Tide") + audio("MP3"))
    (folder / "b.mp3").write_bytes(b"not music")
    code, output = scan(str(folder))
    assert code == 0, output
    assert "1 songs were measured, 0 had been before" in output
    assert "1 files could not be read." in output
    assert "b.mp3: The file is damaged, or of a kind whose sound cannot be read here." in output
    code, output = scan(str(folder))
    assert "0 songs were measured, 1 had been before" in output
    code, output = scan(str(folder), "--email", "nobody@example.org")
    assert code == 1
    assert "There is no account with the address" in output


def test_a_folder_without_music_is_told_of(tmp_path: Path) -> None:
    code, output = scan(str(tmp_path))
    assert code == 1
    assert "There is no music there." in output
