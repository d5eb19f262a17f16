"""The way in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fgbg_studio.__main__ import opened
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.start_window import run_window
from tests.conftest import ROOT


def test_a_folder_is_opened_and_a_command_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rooms").mkdir()
    (tmp_path / "demo").mkdir()
    commands = {"demo", "new"}
    assert opened(["rooms"], commands) == Path("rooms")
    assert opened([str(tmp_path)], commands) == tmp_path
    assert opened(["demo"], commands) is None, "the command goes before a folder of its name"
    assert opened(["./demo"], commands) == Path("demo")
    for arguments in ([], ["missing"], ["--help"], ["rooms", "demo"]):
        assert opened(arguments, commands) is None


def test_a_double_click_on_a_project_s_file_opens_its_folder(tmp_path: Path) -> None:
    storage.create(tmp_path / "p", "studio-256", {"name": "our rooms: 2/3"})
    (tmp_path / "p" / "notes.txt").write_text("none of its files")
    assert {path.name for path in (tmp_path / "p").iterdir()} == {"project.json", "our rooms_ 2_3.fgbg", "notes.txt"}
    for name in ("project.json", "our rooms_ 2_3.fgbg"):
        assert opened([str(tmp_path / "p" / name)], set()) == tmp_path / "p"
    assert opened([str(tmp_path / "p" / "notes.txt")], set()) is None
    assert opened([str(tmp_path / "p" / "gone.fgbg")], set()) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
def test_without_a_screen_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run_window(None) == 1
    assert "needs a screen" in capsys.readouterr().err


def test_the_window_of_a_project_opens_in_a_process_of_its_own(project_folder: Path, tmp_path: Path) -> None:
    """The whole way from the command to an event loop that ends by itself."""
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QTimer;"
        "from fgbg_studio.gui.app import main_window, start_window;"
        "made = main_window.MainWindow._show_page;"
        "main_window.MainWindow._show_page = lambda self: (made(self), self.session.is_open and"
        " (print(self.windowTitle(), flush=True), QTimer.singleShot(0, self.close)));"
        f"sys.exit(start_window.run_window(Path({str(project_folder)!r})))"
    )
    own = {
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert "project[*] — FGBG Studio" in done.stdout
