"""The canvas' pixels: what is composed in pieces, after a drag, or coarsely at first, is what is composed at once."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, Pyramid, ViewTransform, compose
from fgbg_studio.gui.foregrounds.screen_buffer import ScreenBuffer

PHOTO = np.random.default_rng(5).integers(0, 256, (300, 400, 4), np.uint8)
CAMERA, SIZE = ViewTransform(1, 20, 30), (200, 150)


def whole(look: CanvasLook, camera: ViewTransform, size: tuple[int, int]) -> Pixels:
    return compose(look, camera, (0, 0, *size), size)


def test_only_what_is_spoiled_is_composed(qtbot: QtBot) -> None:
    look, screen = CanvasLook(Pyramid(PHOTO.copy())), ScreenBuffer()
    screen.spoil_all(SIZE)
    before = screen.composed(look, CAMERA, SIZE).copy()
    assert np.array_equal(before, whole(look, CAMERA, SIZE))
    look.photo = Pyramid(255 - PHOTO)
    with qtbot.waitSignal(screen.spoiled) as told:
        screen.spoil(QRect(40, 50, 30, 20))
    assert told.args == [QRect(40, 50, 30, 20)]
    after = screen.composed(look, CAMERA, SIZE)
    changed = np.zeros((150, 200), np.bool_)
    changed[50:70, 40:70] = True
    assert np.array_equal(after[~changed], before[~changed])
    assert np.array_equal(after[changed], whole(look, CAMERA, SIZE)[changed])


def test_dragged_twice_before_it_is_painted(qtbot: QtBot) -> None:
    look, screen, camera = CanvasLook(Pyramid(PHOTO.copy())), ScreenBuffer(), CAMERA
    for right, down in ((13, -7), (-30, 22), (5, 5)):
        screen.composed(look, camera, SIZE)
        screen.shift(right, down)
        camera = camera.moved(right, down)
    assert np.array_equal(screen.composed(look, camera, SIZE), whole(look, camera, SIZE))


def test_a_large_screen_is_coarse_first_and_fine_after_a_rest(qtbot: QtBot) -> None:
    look, screen, size = CanvasLook(Pyramid(PHOTO.copy())), ScreenBuffer(), (1500, 900)
    camera = ViewTransform(4, 0, 0)  # from here on pixels are squares, the same in every part
    screen.spoil_all(size)
    fine = whole(look, camera, size)
    assert not np.array_equal(screen.composed(look, camera, size), fine)
    qtbot.waitUntil(lambda: np.array_equal(screen.composed(look, camera, size), fine))
