"""The gallery, by its real widgets: judged with one key, on every ground, and back to the canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtTest import QTest

from fgbg_studio.core.project.model import Foreground
from fgbg_studio.gui.foregrounds.gallery_cells import GalleryCells, Ground
from fgbg_studio.gui.foregrounds.gallery_scenes import pasted
from fgbg_studio.gui.foregrounds.photo_item import ItemOrder, State
from fgbg_studio.gui.foregrounds.qualities import pasted_size
from tests.gui.foregrounds.test_panel import Hands, cut, hands
from tests.gui.foregrounds.test_strip import CTRL, LEFT, PLAIN, keep_on_disk, opened, shown, six

__all__ = ["cut", "hands", "six"]  # fixtures


@pytest.fixture
def gallery(six: Hands) -> Hands:
    """The gallery of `six` is shown, and the keyboard is at its first tile."""
    six.key(Qt.Key.Key_Q)
    assert six.panel.gallery.isVisible()
    six.key(Qt.Key.Key_Home)
    return six


def current(hands: Hands) -> str:
    path = hands.panel.gallery.current
    return path.stem if path else ""


def states(hands: Hands) -> list[State]:
    return [hands.panel.items.items[path].state for path in hands.panel.items.paths]


def tile(hands: Hands, name: str) -> QImage:
    """The picture's square of a tile."""
    grid = hands.panel.gallery.grid
    room = grid.visualRect(grid.grid.index(shown(hands).index(name)))
    left = room.x() + (room.width() - grid.side) // 2 + 4
    return grid.viewport().grab(room).toImage().copy(left - room.x(), 8, grid.side - 8, grid.side - 8)


def test_a_photo_as_large_as_its_tile_has_its_line_around_it(gallery: Hands) -> None:
    grid = gallery.panel.gallery.grid
    name, side = "shot-10", grid.side
    path = gallery.window.session.folder / "photos" / f"{name}.png"
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.red)
    cells = grid.cells
    assert isinstance(cells, GalleryCells)
    painted = QImage(side + 8, side + 60, QImage.Format.Format_RGB32)
    painted.fill(Qt.GlobalColor.white)
    painter = QPainter(painted)
    cells.pictures.photo = lambda _: picture  # type: ignore[method-assign]
    cells.paint_item(painter, painted.rect(), gallery.panel.items.items[path], selected=False)
    painter.end()
    assert {painted.pixelColor(4 + x, 4 + side // 3).name() for x in range(side)} == {"#ff0000"}


def test_each_begins_at_its_top(gallery: Hands) -> None:
    inspector = gallery.panel.inspector
    bar = inspector._scroll.verticalScrollBar()
    gallery.key(Qt.Key.Key_Q)
    gallery.window.resize(960, 600)
    gallery.qtbot.waitUntil(lambda: bar.maximum() > 40)
    bar.setValue(40)
    gallery.key(Qt.Key.Key_Q)
    assert bar.value() == 0


def test_no_tile_is_passed_over_where_one_state_is_shown(gallery: Hands) -> None:
    """What was judged stays in its place until something is chosen anew: the next one is the next."""
    gallery.panel.act["foregrounds.show-to-look-at"].trigger()
    before = shown(gallery)
    assert len(before) >= 2
    gallery.key(Qt.Key.Key_Home)
    seen = []
    for _ in before:
        seen.append(current(gallery))
        gallery.key(Qt.Key.Key_P)
    assert seen == shown(gallery) == before
    assert set(states(gallery)) == {State.KEPT}
    gallery.panel.act["foregrounds.show-to-look-at"].trigger()
    assert shown(gallery) == []


def test_verdicts_go_on_to_the_next_and_are_undone_one_by_one(gallery: Hands) -> None:
    panel, session = gallery.panel, gallery.window.session
    before = session.project
    assert current(gallery) == "shot-1"
    gallery.key(Qt.Key.Key_P)
    assert (states(gallery)[0], current(gallery)) == (State.KEPT, "shot-2")
    gallery.key(Qt.Key.Key_X)
    assert (states(gallery)[1], current(gallery)) == (State.REJECTED, "shot-10")
    assert [item.path.stem for item in panel.gallery.selected()] == ["shot-10"]
    gallery.key(Qt.Key.Key_P)  # there is no cutout to judge
    assert current(gallery) == "shot-10"
    gallery.key(Qt.Key.Key_Home)
    gallery.key(Qt.Key.Key_U)
    assert states(gallery)[0] is State.TO_LOOK_AT
    assert panel.undo_stack() is session.undo_stack
    for _ in range(3):
        gallery.key(Qt.Key.Key_Z, CTRL)
    assert session.project == before


def test_several_are_judged_at_once_and_nothing_moves(gallery: Hands) -> None:
    panel, names = gallery.panel, shown(gallery)
    QTest.keyClick(panel.gallery.grid, Qt.Key.Key_A, CTRL)
    steps = gallery.window.session.undo_stack.count()
    gallery.key(Qt.Key.Key_X)
    assert gallery.window.session.undo_stack.count() == steps + 1
    assert states(gallery).count(State.REJECTED) == 4
    assert shown(gallery) == names
    panel.act["foregrounds.show-rejected"].trigger()
    assert len(shown(gallery)) == 4
    assert all(tab.text() for tab in panel.gallery.bar.tabs.buttons)
    assert "4" in panel.gallery.bar.tabs.buttons[5].text()


def test_return_opens_the_photo_and_v_comes_back(gallery: Hands) -> None:
    panel = gallery.panel
    QTest.keyClick(panel.gallery.grid, Qt.Key.Key_Right)
    QTest.keyClick(panel.gallery.grid, Qt.Key.Key_Return)
    gallery.rest()
    assert not panel.gallery.isVisible()
    assert opened(gallery) == "shot-2"
    assert gallery.window.focusWidget() is panel.canvas
    gallery.key(Qt.Key.Key_V)
    assert panel.gallery.isVisible()
    assert current(gallery) == "shot-2"
    gallery.key(Qt.Key.Key_Home)
    gallery.key(Qt.Key.Key_V)
    gallery.rest()
    assert opened(gallery) == "shot-1"
    gallery.key(Qt.Key.Key_Q)
    gallery.key(Qt.Key.Key_Escape)
    assert not panel.gallery.isVisible()


def test_a_double_click_opens_too(gallery: Hands) -> None:
    grid = gallery.panel.gallery.grid
    place = grid.visualRect(grid.grid.index(1)).center() + QPoint(0, -20)
    QTest.mouseClick(grid.viewport(), LEFT, PLAIN, place)
    QTest.mouseDClick(grid.viewport(), LEFT, PLAIN, place)
    gallery.rest()
    assert opened(gallery) == "shot-2"


def test_what_is_the_canvas_s_does_nothing_here(gallery: Hands) -> None:
    panel = gallery.panel
    before, tool = gallery.window.session.project, panel.canvas.tool
    for key, modifier in (
        (Qt.Key.Key_Return, CTRL),
        (Qt.Key.Key_B, PLAIN),
        (Qt.Key.Key_G, PLAIN),
        (Qt.Key.Key_1, PLAIN),
    ):
        gallery.key(key, modifier)
    gallery.rest()
    assert gallery.window.session.project == before
    assert panel.canvas.tool is tool
    assert not panel.tools.isVisible()
    assert panel.inspector.primary
    assert not panel.inspector.primary.isVisible()
    gallery.key(Qt.Key.Key_Q)
    assert panel.tools.isVisible()
    assert panel.inspector.primary.isVisible()
    gallery.key(Qt.Key.Key_B)
    assert panel.canvas.tool is not tool


def test_grounds(gallery: Hands) -> None:
    panel = gallery.panel
    view = panel.canvas.view
    item = panel.items.items[panel.items.paths[0]]
    gallery.qtbot.waitUntil(lambda: panel.gallery.pictures.cutout(item) is not None)
    corners = {}
    for key, ground in ((Qt.Key.Key_4, Ground.WHITE), (Qt.Key.Key_5, Ground.BLACK), (Qt.Key.Key_3, Ground.CHECKER)):
        gallery.key(key)
        assert panel.gallery.ground is ground
        corners[ground] = tile(gallery, "shot-1").pixelColor(2, 2).name()
    assert corners[Ground.WHITE] == "#ffffff"
    assert corners[Ground.BLACK] == "#000000"
    gallery.key(Qt.Key.Key_6)
    gallery.qtbot.waitUntil(lambda: panel.gallery.scenes.scene(item) is not None)
    first = tile(gallery, "shot-1")
    gallery.key(Qt.Key.Key_N)
    gallery.qtbot.waitUntil(lambda: panel.gallery.scenes.scene(item) is not None)
    assert tile(gallery, "shot-1") != first
    gallery.key(Qt.Key.Key_Q)
    assert panel.canvas.view is view
    assert panel.act["foregrounds.tint"].isChecked()


def test_what_is_only_begun_is_shown_as_far_as_it_is_cut(cut: Hands) -> None:
    panel = cut.panel
    path = panel.controller.wanted
    assert path
    cut.key(Qt.Key.Key_Q)

    def shape() -> float:
        draft = panel.gallery.pictures.cutout(panel.items.items[path])
        return draft.width() / draft.height() if draft and draft.hasAlphaChannel() else 0.0

    cut.qtbot.waitUntil(lambda: shape() > 0)
    before = shape()
    cut.key(Qt.Key.Key_V)
    cut.key(Qt.Key.Key_I)
    cut.drag([(20, 60), (20, 100)])
    cut.key(Qt.Key.Key_Q)
    cut.qtbot.waitUntil(lambda: shape() > 1.1 * before)
    assert panel.document
    for _ in range(2):
        panel.document.undo_stack.undo()
    cut.qtbot.waitUntil(lambda: panel.items.items[path].state is State.TO_CUT)
    assert shape() == 0


def test_the_words_under_a_tile_say_what_is_wrong(gallery: Hands) -> None:
    panel = gallery.panel
    panel.gallery.order_chosen.emit(ItemOrder.WORST, False)
    gallery.qtbot.waitUntil(lambda: panel.qualities.complete)
    gallery.rest()
    gallery.key(Qt.Key.Key_Home)
    assert current(gallery) == "shot-2"
    grid = panel.gallery.grid
    room = grid.visualRect(grid.grid.index(0))
    words = grid.viewport().grab(room).toImage().copy(0, grid.side + 22, room.width(), 18)
    colours = [words.pixelColor(x, y) for x in range(words.width()) for y in range(words.height())]
    assert any(colour.red() > colour.blue() + 60 for colour in colours)
    assert "2 pieces" in panel.gallery.said(panel.gallery.selected()[0])


def test_the_scene_has_the_object_at_the_dataset_s_size(gallery: Hands) -> None:
    session = gallery.window.session
    foreground = session.project.foregrounds[0]
    assert isinstance(foreground, Foreground)
    x, y, width, height = foreground.box
    wide, high = pasted_size(session.project.settings, (width, height))
    square = np.full((session.project.settings.size,) * 2 + (3,), 7, np.uint8)
    rgba = np.zeros((foreground.height, foreground.width, 4), np.uint8)
    rgba[y : y + height, x : x + width] = 255
    rows, columns = np.nonzero((pasted(square, rgba, foreground, session.project.settings) == 255).all(axis=2))
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (wide, high)


def test_nothing_fits_and_everything_comes_back(gallery: Hands) -> None:
    panel = gallery.panel
    panel.search("none of this name")
    assert panel.gallery.pages.currentIndex() == 1
    panel.gallery.all_wanted.emit()
    assert panel.gallery.pages.currentIndex() == 0
    assert len(shown(gallery)) == 8


def test_a_cutout_kept_meanwhile_is_there_on_return(gallery: Hands) -> None:
    gallery.key(Qt.Key.Key_Q)
    keep_on_disk(gallery, "other")
    gallery.key(Qt.Key.Key_Q)
    assert states(gallery)[shown(gallery).index("other")] is State.TO_LOOK_AT


def test_an_emptied_project_leaves_the_gallery(gallery: Hands, tmp_path: Path) -> None:
    session = gallery.window.session
    session.save_now()
    with gallery.qtbot.waitSignal(session.opened):
        session.create(tmp_path / "empty", "studio-256")
    gallery.rest()
    assert not gallery.panel.gallery.isVisible()
    assert gallery.panel.pages.currentIndex() == 0
