"""Memory that goes back to the system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.lib.memory import Trimmer, trim
from fgbg_studio.gui.lib.worker import Jobs

MEGABYTE = 1_000_000


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="the others' libraries have no such call")
@pytest.mark.parametrize("on_a_worker", [False, True])
def test_what_lies_free_between_other_things_goes_back(qtbot: QtBot, on_a_worker: bool) -> None:
    """Pieces too small for a mapping of their own, every hundredth of which stays."""
    jobs = Jobs()
    pieces = [bytes(20_000) for _ in range(5_000)]
    full = resident()
    stays = pieces[::100]
    del pieces
    if on_a_worker:
        trimmer = Trimmer(jobs)
        trimmer.soon()
        trimmer.soon()
        qtbot.waitUntil(lambda: not jobs.busy)
    else:
        trim()
    assert resident() < full - 50 * MEGABYTE
    assert all(len(piece) == 20_000 for piece in stays)
    jobs.stop()
