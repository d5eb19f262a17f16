"""Copies of the planes that are written are made in memory that is there already, whatever is copied after what."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.foregrounds.snapshot import SparePlanes
from fgbg_studio.gui.lib.worker import Jobs


def test_copies_of_photos_of_all_sizes_share_memory_and_not_pixels(qtbot: QtBot) -> None:
    jobs, rng = Jobs(), np.random.default_rng(2)
    spare = SparePlanes(jobs)
    for height, width in [(30, 40), (50, 20), (100, 90), (60, 70), (3, 5)]:
        spare.prepare(height * width)
        if height != 50:  # a photo that is saved at once does not wait for the worker
            qtbot.waitUntil(lambda: not jobs.busy)
        alpha, painted = rng.integers(0, 256, (2, height, width), np.uint8)
        copies = spare.copy("alpha", alpha), spare.copy("painted", painted)
        assert np.array_equal(copies[0], alpha)
        assert np.array_equal(copies[1], painted)
        assert not np.shares_memory(copies[0], copies[1])
        assert np.shares_memory(spare.copy("alpha", alpha + 1), copies[0])
        assert all(copy.base is not None and copy.base.nbytes <= 4 * alpha.size for copy in copies)
    qtbot.waitUntil(lambda: not jobs.busy)


def test_memory_that_comes_late_is_not_taken_from_what_is_written(qtbot: QtBot) -> None:
    jobs, pixels = Jobs(), np.full((20, 30), 7, np.uint8)
    spare = SparePlanes(jobs)
    spare.prepare(pixels.size)
    written = spare.copy("alpha", pixels)  # before the worker has brought any
    qtbot.waitUntil(lambda: not jobs.busy)
    assert (written == 7).all()
    assert (spare.copy("painted", pixels + 1) == 8).all()
    assert (written == 7).all()
