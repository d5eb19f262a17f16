"""One loader for all thumbnails: what is wanted now comes first, what fails has a reason, a closed source is silent."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.lib.picture_loader import LoadedPicture, PictureLoader
from fgbg_studio.gui.session.session import Session


class Source:
    """Squares, of which number 3 is broken; waits at the gate before each."""

    def __init__(self) -> None:
        self.made: list[tuple[int, int]] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, key: int, side: int) -> LoadedPicture:
        self.gate.wait(60)
        self.made.append((key, side))
        if key == 3:
            return LoadedPicture(error="broken")
        return LoadedPicture(QImage(side, side, QImage.Format.Format_RGB888) if side else None)


@pytest.fixture
def loader(session: Session) -> PictureLoader[int]:
    return PictureLoader(session.jobs, "loading", 1 << 20, session)


def test_pictures_come_at_their_size_and_once(loader: PictureLoader[int], qtbot: QtBot) -> None:
    source = Source()
    loader.open(source)
    loader.want([1, 2, 3], 32)
    qtbot.waitUntil(lambda: loader.errors == {3: "broken"})
    assert [loader.pixmap(key) is not None for key in (1, 2, 3)] == [True, True, False]
    loader.want([1, 2, 3], 32)
    loader.want([1], 64)
    qtbot.waitUntil(lambda: loader.pixmap(1).width() == 64)
    assert source.made == [(1, 32), (2, 32), (3, 32), (1, 64)]
    loader.forget([1])
    loader.forget_errors()
    assert loader.pixmap(1) is None
    loader.want([1, 3], 32)
    qtbot.waitUntil(lambda: loader.pixmap(1) is not None and 3 in loader.errors)


def test_what_is_wanted_goes_before_what_is_only_visited(loader: PictureLoader[int], qtbot: QtBot) -> None:
    source = Source()
    source.gate.clear()
    loader.open(source)
    loader.visit([10, 11, 12])
    loader.want([5], 16)
    assert loader.unvisited >= 2
    source.gate.set()
    qtbot.waitUntil(lambda: len(source.made) == 4 and not loader.unvisited)
    assert source.made.index((5, 16)) <= 1
    assert {made for made in source.made if made[0] != 5} == {(10, 0), (11, 0), (12, 0)}


def test_nothing_arrives_from_a_source_that_was_closed(
    loader: PictureLoader[int], session: Session, qtbot: QtBot
) -> None:
    source = Source()
    source.gate.clear()
    loader.open(source)
    loader.want([1, 2], 32)
    with qtbot.assertNotEmitted(loader.arrived):
        loader.close()
        source.gate.set()
        qtbot.waitUntil(lambda: not session.jobs.busy)
    assert loader.pixmap(1) is None
