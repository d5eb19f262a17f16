"""The hair brush: a band that is seen, its own step of undo, saved, and part of what is kept."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.seeds import Eraser, Hair, Stroke, hair_of
from fgbg_studio.core.cutting.work import load_work
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from tests.conftest import write_picture
from tests.gui.foregrounds.test_keeping import keep
from tests.gui.foregrounds.test_nothing_is_lost import photo_of, reopen, undo
from tests.gui.foregrounds.test_panel import RIGHT, Hands, draw_photo, hands

__all__ = ["hands"]  # a fixture

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ABOVE = [(80.0, 60.0), (95.0, 42.0), (120.0, 34.0), (145.0, 42.0), (160.0, 60.0)]  # along the upper edge of the disc


def draw_hairy() -> Pixels:
    """The drawn photo with a red crest of strands on the disc."""
    photo, rng = draw_photo(), np.random.default_rng(3)
    for x in rng.uniform(90, 150, 40):
        ends = [(round(x * 8), 50 * 8), (round((x + rng.normal(0, 4)) * 8), round(rng.uniform(20, 30) * 8))]
        cv2.line(photo, ends[0], ends[1], (200, 50, 40), 1, cv2.LINE_AA, 3)
    return photo


@pytest.fixture
def cut(hands: Hands, tmp_path: Path) -> Hands:
    """It is cut by a rectangle, and the hair brush is in the hand."""
    hands.add(write_picture(tmp_path / "toy.png", draw_hairy()))
    hands.drag([(50, 8), (190, 185)])
    hands.rest()
    take_hair(hands)
    return hands


def take_hair(hands: Hands) -> None:
    hands.key(Qt.Key.Key_H, SHIFT)
    assert hands.panel.canvas.tool is Tool.HAIR
    hands.panel.canvas.set_radius(14)


def paint(hands: Hands) -> np.ndarray:
    """Paint the band, and wait for its alpha; where it lies."""
    hands.drag(ABOVE)
    hands.rest()
    assert hands.panel.document
    band = hair_of(hands.panel.document.work.seeds, hands.alpha.shape)
    assert band is not None
    return band


def test_a_band_is_seen_and_matted_and_the_rest_stays(cut: Hands) -> None:
    before, document = cut.alpha, cut.panel.document
    assert document
    cut.drag(ABOVE, release=False)
    assert (document.marks[28:40, 118:122] == 3).all()
    assert np.array_equal(cut.alpha, before)
    cut.panel.canvas.cancel()
    assert not document.marks.any()
    band = paint(cut)
    assert np.array_equal(document.marks == 3, band)
    assert np.array_equal(cut.alpha[~band], before[~band])
    soft = (cut.alpha > 20) & (cut.alpha < 235) & band
    assert soft.sum() > 2 * ((before > 20) & (before < 235) & band).sum()
    assert document.undo_stack.undoText() == "hair"


def test_it_is_one_step_of_undo_and_the_right_button_takes_it_back(cut: Hands) -> None:
    before, document = cut.alpha, cut.panel.document
    assert document
    paint(cut)
    matted = cut.alpha
    undo(cut)
    assert np.array_equal(cut.alpha, before)
    assert not document.marks.any()
    cut.key(Qt.Key.Key_Y, CTRL)
    cut.rest()
    assert np.array_equal(cut.alpha, matted)
    cut.panel.canvas.set_radius(30)
    cut.drag(ABOVE, RIGHT)
    cut.rest()
    assert isinstance(document.work.seeds[-1], Eraser)
    assert np.array_equal(cut.alpha, before)


def test_it_comes_back_with_the_photo_and_can_be_undone_then(cut: Hands, qtbot: QtBot) -> None:
    before = cut.alpha
    paint(cut)
    matted, photo = cut.alpha, photo_of(cut)
    qtbot.waitUntil(lambda: any(isinstance(seed, Hair) for seed in load_work(photo).seeds))
    reopen(cut)
    assert np.array_equal(cut.alpha, matted)
    assert cut.panel.document
    assert (cut.panel.document.marks == 3).any()
    undo(cut)
    assert np.array_equal(cut.alpha, before)


def test_a_later_stroke_covers_it_and_the_rest_of_it_is_matted_anew(cut: Hands) -> None:
    paint(cut)
    matted = cut.alpha
    cut.key(Qt.Key.Key_B)
    cut.panel.canvas.set_radius(4)
    cut.drag([(118, 24), (122, 24)])
    cut.rest()
    document = cut.panel.document
    assert document
    assert isinstance(document.work.seeds[-1], Stroke)
    assert (cut.alpha[23:26, 118:122] == 255).all()
    far = np.s_[30:60, 75:95]
    assert (document.marks[far] == 3).any()
    assert abs(cut.alpha[far].astype(int) - matted[far]).mean() < 3


def test_what_was_painted_before_is_matted_and_what_is_painted_later_stands(cut: Hands) -> None:
    cut.key(Qt.Key.Key_I)
    cut.panel.canvas.set_radius(4)
    cut.drag([(100, 28), (140, 28)])
    assert (cut.alpha[28, 100:140] == 255).all()
    take_hair(cut)
    paint(cut)
    assert cut.alpha[28, 100:140].mean() < 200
    matted = cut.alpha
    cut.key(Qt.Key.Key_O)
    cut.panel.canvas.set_radius(3)
    cut.drag([(100, 30), (140, 30)])
    assert not cut.alpha[30, 105:135].any()
    take_hair(cut)
    cut.drag([(80, 100), (80, 110)])  # elsewhere
    cut.rest()
    assert not cut.alpha[30, 105:135].any()
    undo(cut, 2)
    assert np.array_equal(cut.alpha, matted)


def test_what_is_kept_is_what_is_seen_without_the_ground_s_green(cut: Hands, qtbot: QtBot) -> None:
    band = paint(cut)
    keep(cut, qtbot)
    session = cut.window.session
    kept = read_rgba(session.folder / session.project.foregrounds[-1].file)
    rows, columns = (np.flatnonzero(cut.alpha.any(axis=axis)) for axis in (1, 0))
    top, left = max(rows[0] - 1, 0), max(columns[0] - 1, 0)
    part = np.s_[top : top + kept.shape[0], left : left + kept.shape[1]]
    assert np.array_equal(kept[..., 3], cut.alpha[part])
    soft = band[part] & (kept[..., 3] > 60) & (kept[..., 3] < 235)
    assert kept[soft][:, 0].mean() > 170
    assert kept[soft][:, 1].mean() < 75
    look = cut.panel.canvas.look
    assert look
    assert look.clean
    assert np.array_equal(look.clean.levels[0][part][soft][:, 2::-1], kept[soft][:, :3])


def test_a_cutout_that_nobody_drew_on_has_hair_too(hands: Hands, project_folder: Path, qtbot: QtBot) -> None:
    file = project_folder / hands.window.session.project.foregrounds[0].file
    hands.rest()
    hands.panel.controller.open(file)
    qtbot.waitUntil(lambda: hands.panel.document is not None and hands.panel.document.path == file)
    hands.rest()
    assert hands.panel.document
    before = hands.alpha
    rows, columns = np.nonzero(before > 128)
    at = int(np.argmin(rows))
    take_hair(hands)
    hands.panel.canvas.set_radius(6)
    hands.drag([(columns[at] + 0.5, rows[at] + 0.5), (columns[at] + 3.5, rows[at] + 0.5)])
    hands.rest()
    band = hands.panel.document.marks == 3
    assert band.any()
    assert np.array_equal(hands.alpha[~band], before[~band])
    assert hands.alpha.any()
