"""What the system says to the program; in a process of its own, as there is one application in each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from PySide6.QtGui import QFileOpenEvent
from fgbg_studio.gui.app.application import Application

app = Application(["fgbg-studio"])
app.project_opened.connect(lambda folder: print(folder))
taken = app.sendEvent(app, QFileOpenEvent(sys.argv[1]))
print(taken)
"""


def told(path: Path) -> list[str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["project.json", "Street.fgbg"])
def test_a_project_that_the_system_opens_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "project.json").write_text("{}")
    (tmp_path / name).touch()
    assert told(tmp_path / name) == [str(tmp_path), "True"]


def test_another_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"")
    assert told(tmp_path / "photo.jpg")[-1] == "False"
