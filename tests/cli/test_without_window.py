"""Where the window's libraries are not installed everything else works, and the window says what it needs."""

from __future__ import annotations

import subprocess
import sys
import tomllib

from tests.conftest import ROOT

LINES = """
import sys
sys.modules |= dict.fromkeys(("PySide6", "shiboken6", "qtawesome", "pyqtgraph"))
from fgbg_studio import __main__, loaders
sys.argv = ["fgbg-studio", *sys.argv[1:]]
__main__.main()
"""


def without(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINES, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)


def test_the_window_says_what_it_needs() -> None:
    ended = without()
    assert ended.returncode == 1
    assert "The window needs the package PySide6, which is not installed" in ended.stderr
    assert 'pip install "fgbg-studio[gui]"' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_commands_work() -> None:
    ended = without("list", "presets")
    assert (ended.returncode, "studio-256" in ended.stdout) == (0, True)


def test_nothing_of_the_window_is_asked_for_without_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    qt = ("pyside6", "qtawesome", "pyqtgraph")
    assert not [line for line in project["dependencies"] if line.lower().startswith(qt)]
    assert {line.split(">")[0].lower() for line in project["optional-dependencies"]["gui"]} == {
        "pyside6-essentials",
        *qt[1:],
    }
