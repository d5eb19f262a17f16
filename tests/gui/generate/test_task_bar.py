"""The task bar hears how far a run is: on a session bus of the test's own, with the monitor that comes with D-Bus."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.helpers.datasets import environment

_PROGRAM = """
import subprocess
from PySide6.QtCore import QCoreApplication
from fgbg_studio.gui.generate.task_bar import TaskBar

app = QCoreApplication([])
watched = "type='signal',interface='com.canonical.Unity.LauncherEntry'"
with subprocess.Popen(["dbus-monitor", watched], stdout=subprocess.PIPE, text=True) as monitor:
    heard = iter(monitor.stdout.readline, "")
    next(line for line in heard if "NameLost" in line)  # from here on it listens
    bar = TaskBar()
    for done in (44, 44, 45):
        bar.show_progress(done, 100)
    bar.hide_progress()
    app.processEvents()
    for line in heard:
        if any(word in line for word in ("double", "boolean", "application:")):
            print(line.split()[-1])
        if "false" in line:
            break
    monitor.terminate()
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="there is no D-Bus")
def test_each_percent_is_told_once_and_the_end() -> None:
    command = ["dbus-run-session", "--", sys.executable, "-c", _PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False, timeout=60)
    application = '"application://fgbg-studio.desktop"'
    told = [("0.44", "true"), ("0.45", "true"), ("0", "false")]
    assert done.stdout.split() == [word for pair in told for word in (application, *pair)], done.stderr
