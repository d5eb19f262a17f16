"""The strip, by its real widgets: what is shown, selected and open; nothing moves while one works."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.work import Work, save_work
from fgbg_studio.core.project import photos, storage
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.gui.foregrounds.photo_item import ItemOrder, State
from fgbg_studio.gui.lib.theme import theme
from tests.conftest import write_picture
from tests.gui.foregrounds.test_panel import Hands, draw_photo, hands

__all__ = ["hands"]  # a fixture

CTRL, SHIFT, PLAIN = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier,
)  # fmt: skip
LEFT = Qt.MouseButton.LeftButton


def alpha_of(photo: Pixels) -> Pixels:
    """The disc of the drawn photo."""
    rows, columns = np.mgrid[: photo.shape[0], : photo.shape[1]]
    return np.where(np.hypot(rows - 80, columns - 120) < 45, np.uint8(255), np.uint8(0))


@pytest.fixture
def six(hands: Hands, tmp_path: Path) -> Hands:
    """Two cutouts without a photo, and six photos: shot-1, shot-2, shot-10, …; the first two were cut and kept."""
    names = ["shot-1", "shot-2", "shot-10", "shot-11", "other", "last"]
    for number, name in enumerate(names):
        pixels = draw_photo()
        pixels[60:65, 100 : 105 + 4 * number] = 255  # so that no two are the same
        write_picture(tmp_path / "new" / f"{name}.png", pixels)
    hands.add(*(tmp_path / "new" / f"{name}.png" for name in names))
    for name in names[:2]:
        keep_on_disk(hands, name)
    hands.rest()
    return hands


def keep_on_disk(hands: Hands, name: str) -> None:
    session = hands.window.session
    path = session.folder / "photos" / f"{name}.png"
    pixels = photos.open_photo(path).pixels
    alpha = alpha_of(pixels)
    if name == "shot-2":
        alpha[180:195, 20:40] = 255  # another piece
    picture = photos.keep_cutout(session.folder, {}, path, pixels, alpha, Refinement()).picture
    assert isinstance(picture, Foreground)
    save_work(path, Work(foreground=picture.sha256), alpha, alpha)

    def change(project: Project) -> Project:
        return photos.with_foreground(project, picture, "")

    session.change(f"keep {name}", change)
    hands.panel.photos.note(photos.Photo(path, picture.sha256, begun=True))


def shown(hands: Hands) -> list[str]:
    return [path.stem for path in hands.panel.items.paths]


def opened(hands: Hands) -> str:
    return hands.panel.document.path.stem if hands.panel.document else ""


def press(hands: Hands, name: str, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    view = hands.panel.strip.view
    index = view.grid.index(shown(hands).index(name))
    view.scrollTo(index)
    QTest.mouseClick(view.viewport(), LEFT, modifier, view.visualRect(index).center() + QPoint(0, -20))


def test_order_is_the_same_after_opening_again(six: Hands) -> None:
    before, session = shown(six), six.window.session
    assert before[:6] == ["shot-1", "shot-2", "shot-10", "shot-11", "other", "last"]
    folder = session.folder
    session.save_now()
    session.close()
    with six.qtbot.waitSignal(session.opened):
        six.window.open_project(folder)
    six.window.workspace.show_place("foregrounds")
    six.qtbot.waitUntil(lambda: shown(six) == before)
    six.rest()
    assert shown(six) == before


def test_a_click_opens_and_one_with_a_modifier_only_selects(six: Hands) -> None:
    press(six, "other")
    six.rest()
    assert opened(six) == "other"
    press(six, "last", CTRL)
    press(six, "shot-2", SHIFT)
    six.rest()
    assert opened(six) == "other"
    assert [item.path.stem for item in six.panel.strip.selected()] == ["shot-2", "shot-10", "shot-11", "other", "last"]
    six.key(Qt.Key.Key_D)
    six.rest()
    assert opened(six) == "last"
    assert [item.path.stem for item in six.panel.strip.selected()] == ["last"]


def test_home_end_and_arrows(six: Hands) -> None:
    press(six, "shot-2")
    view = six.panel.strip.view
    last = shown(six)[-1]
    for key, name in ((Qt.Key.Key_Home, "shot-1"), (Qt.Key.Key_Down, "shot-2"), (Qt.Key.Key_End, last)):
        QTest.keyClick(view, key)
        six.rest()
        assert opened(six) == name
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    six.rest()
    assert shown(six).index(opened(six)) < len(shown(six)) - 2


def test_an_entry_that_fits_no_more_stays_until_one_moves_on(six: Hands) -> None:
    panel = six.panel
    panel.act["foregrounds.show-to-look-at"].trigger()
    names = shown(six)
    assert names[:2] == ["shot-1", "shot-2"]
    press(six, "shot-1")
    six.rest()
    six.key(Qt.Key.Key_P)
    assert panel.items.items[panel.items.paths[0]].state is State.KEPT
    assert shown(six) == names
    six.key(Qt.Key.Key_D)
    six.rest()
    assert opened(six) == "shot-2"
    assert shown(six) == names[1:]


def test_verdicts_are_of_all_that_is_selected_and_one_step_of_undo(six: Hands) -> None:
    panel, session = six.panel, six.window.session
    press(six, "shot-1")
    six.rest()
    press(six, "shot-2", CTRL)
    before = session.project
    for key, state in ((Qt.Key.Key_X, State.REJECTED), (Qt.Key.Key_P, State.KEPT), (Qt.Key.Key_U, State.TO_LOOK_AT)):
        six.key(key)
        assert {item.state for item in panel.targets()} == {state}
        assert len(panel.targets()) == 2
    assert session.undo_stack.undoText() == "look at 2 foregrounds again"
    for _ in range(3):
        session.undo_stack.undo()
    assert session.project == before


def test_counts_and_search(six: Hands) -> None:
    panel = six.panel
    assert "All" in panel.strip.states.text()
    assert "8" in panel.strip.states.text()
    assert panel.badge_words.endswith("4 to look at, 4 to cut")
    panel.search("shot 1")
    assert shown(six) == ["shot-1", "shot-10", "shot-11"]
    panel.search("nothing of the kind")
    assert shown(six) == []
    assert panel.strip.view.nothing
    panel.search("")
    assert len(shown(six)) == 8


def test_what_a_search_hides_stays_the_one_that_is_acted_on(six: Hands) -> None:
    panel = six.panel
    press(six, "shot-1")
    six.rest()
    for found in ("shot 2", "nothing of the kind"):
        panel.search(found)
        assert "shot-1" not in shown(six)
        assert opened(six) == "shot-1"
        assert not panel.strip.view.chosen()
        assert [item.path.stem for item in panel.targets()] == ["shot-1"]
    six.key(Qt.Key.Key_X)
    rejected = [item.path.stem for item in panel.items.items.values() if item.state is State.REJECTED]
    assert rejected == ["shot-1"]
    panel.search("shot")
    assert [Path(key).stem for key in panel.strip.view.chosen()] == ["shot-1"]
    panel.search("shot 2")
    press(six, "shot-2")
    six.rest()
    assert opened(six) == "shot-2"
    assert [item.path.stem for item in panel.targets()] == ["shot-2"]


def test_worst_first(six: Hands) -> None:
    panel = six.panel
    panel.strip.order_chosen.emit(ItemOrder.WORST, False)
    six.qtbot.waitUntil(lambda: panel.qualities.complete)
    six.rest()
    assert shown(six)[0] == "shot-2"
    index = panel.strip.view.grid.index(0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "shot-2.png\nto look at, 2 pieces"
    badness = [panel.qualities.badness().get(panel.items.items[path].cutout, -1) for path in panel.items.paths]
    assert badness == sorted(badness, reverse=True)
    assert badness[0] > 0 > badness[-1]
    rated = panel.qualities.badness()
    assert panel.qualities.badness() is rated  # not counted again for each of 10,000 that comes
    assert panel.session.change("size", lambda p: storage.changed(p, {"foreground.sizing.pixels": 2_000}))
    larger = panel.qualities.badness()
    assert all(larger[sha256] > rated[sha256] for sha256 in rated)


def test_a_kept_cutout_is_seen_at_once_and_gone_when_it_is_undone(six: Hands) -> None:
    panel = six.panel
    press(six, "shot-10")
    six.rest()
    six.drag([(50, 20), (190, 185)])
    six.rest()
    path = panel.controller.wanted
    assert path
    assert panel.items.items[path].state is State.BEGUN
    with six.qtbot.waitSignal(six.window.session.changed):
        six.key(Qt.Key.Key_Return, CTRL)
    six.qtbot.waitUntil(lambda: panel.pictures.cutout(panel.items.items[path]) is not None)
    photo, cutout = panel.pictures.photo(panel.items.items[path]), panel.pictures.cutout(panel.items.items[path])
    assert isinstance(photo, QPixmap)
    assert isinstance(cutout, QPixmap)
    assert not photo.hasAlphaChannel()
    assert cutout.hasAlphaChannel()
    six.key(Qt.Key.Key_Z, CTRL)
    assert panel.pictures.cutout(panel.items.items[path]) is None


def test_the_strip_paints_photo_and_cutout(six: Hands) -> None:
    panel = six.panel
    press(six, "shot-1")
    six.rest()
    view = panel.strip.view
    item = panel.items.items[panel.items.paths[shown(six).index("shot-1")]]
    six.qtbot.waitUntil(lambda: panel.pictures.photo(item) is not None and panel.pictures.cutout(item) is not None)
    image: QImage = view.grab(view.visualRect(view.grid.index(shown(six).index("shot-1")))).toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {theme.colours.checker_one, theme.colours.checker_two} <= colours  # behind the cutout
    greens = [name for name in colours if int(name[3:5], 16) > int(name[1:3], 16) + 40]
    assert greens  # the photo's ground


def test_two_thousand_photos_take_bounded_memory(six: Hands) -> None:
    from fgbg_studio.gui.lib.thumbnails import MEMORY

    pictures = six.panel.pictures
    for number in range(2000):
        pictures._pixmaps.put(f"{number}", 320, QImage(320, 320, QImage.Format.Format_RGB32))
    assert pictures._pixmaps._kept.currsize <= MEMORY
