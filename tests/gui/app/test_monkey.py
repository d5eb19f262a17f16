"""Some hundred things by chance in all places of the window, then everything is as it was left.

``FGBG_SOAK=1`` (`make soak`) plays as many steps as ``FGBG_TRIALS`` says (20,000) from the seed ``FGBG_SEED`` on, each
``PIECE`` in a project of its own, and 2,000 on a display of its own with real events, where there are ``Xvfb`` and
``xdotool``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.conftest import ROOT, SOAK, longer
from tests.helpers.monkey import Monkey, lay_out

SEED = int(os.environ.get("FGBG_SEED", "1"))
STEPS = longer(200, int(os.environ.get("FGBG_TRIALS", "20000")))
PIECE = 1000
DISPLAY_STEPS = min(STEPS, 2000)


@pytest.mark.parametrize("piece", range(-(-STEPS // PIECE)))
def test_nothing_breaks_and_nothing_is_lost_whatever_is_done(qapp: QApplication, tmp_path: Path, piece: int) -> None:
    lay_out(tmp_path)
    monkey = Monkey(tmp_path, SEED + piece)
    monkey.play(min(PIECE, STEPS - piece * PIECE))
    monkey.end()
    print(f"seed {SEED + piece}: {monkey.done} steps, longest turn {monkey.longest:.2f} s of processor time")  # noqa: T201


@pytest.mark.skipif(not SOAK, reason="a quarter of an hour: for make soak")
def test_on_a_real_display(tmp_path: Path) -> None:
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        pytest.skip("there is no Xvfb or no xdotool here")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1500x1000x24"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    try:
        os.close(write)
        display = f":{os.read(read, 10).decode().strip()}"
        shown = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
        }
        words = [tmp_path / "kit", "--seed", SEED, "--steps", DISPLAY_STEPS]
        played = subprocess.run(
            [sys.executable, "-m", "tests.helpers.monkey", *map(str, words)],
            check=False, env=shown, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        print(played.stdout)  # noqa: T201
        assert played.returncode == 0, played.stdout + played.stderr
    finally:
        os.close(read)
        server.terminate()
        server.wait()
