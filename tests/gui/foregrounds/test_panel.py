"""The cutting place, driven by its real widgets: rectangle, strokes, undo, finishing, keeping, opening again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.seeds import Rectangle, Stroke
from fgbg_studio.core.cutting.work import ALPHA, MASK, STROKES, beside, load_work
from fgbg_studio.core.imaging.matte import trim
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project.model import Goal
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.foregrounds.canvas_render import CutoutView
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.foregrounds.tool_box import _BUTTONS
from tests.conftest import SHARED, draw_cutout, write_picture

Place = tuple[float, float]
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def draw_photo() -> Pixels:
    """A red disc with a blue bar below it, on green; (200, 240, 3)."""
    rows, columns = np.mgrid[0:200, 0:240]
    photo = np.full((200, 240, 3), (60.0, 130.0, 70.0))
    photo[np.hypot(rows - 80, columns - 120) < 45] = (200, 50, 40)
    photo[125:170, 80:160] = (40, 60, 190)
    return np.asarray(np.clip(photo + np.random.default_rng(0).normal(0, 5, photo.shape), 0, 255), np.uint8)


class Hands:
    """A person at the cutting place."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.panel = next(panel for panel in window.panels if isinstance(panel, ForegroundsPanel))
        window.workspace.show_place("foregrounds")

    def add(self, *paths: Path) -> None:
        """Drop photos, and wait until the last is open."""
        panel = self.panel
        panel.drop(list(paths))
        self.qtbot.waitUntil(lambda: panel.document is not None and panel.document.path.stem == paths[0].stem)
        self.rest()

    def at(self, place: Place) -> QPoint:
        ratio = self.panel.canvas.devicePixelRatioF()
        x, y = self.panel.canvas.camera.to_screen(*place)
        return QPoint(round(x / ratio), round(y / ratio))

    def drag(self, places: Sequence[Place], button: Qt.MouseButton = LEFT, *, release: bool = True) -> None:
        canvas, none = self.panel.canvas, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(canvas, button, none, self.at(places[0]))
        for place in places[1:]:
            QTest.mouseMove(canvas, self.at(place))
        if release:
            QTest.mouseRelease(canvas, button, none, self.at(places[-1]))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window, key, modifier)

    def rest(self) -> None:
        """Wait until nothing runs and everything drawn is cut, finished and checked."""
        self.qtbot.waitUntil(self._resting)

    def _resting(self) -> bool:
        document = self.panel.document
        waits = document is not None and (document.cutting or document.refining)
        return not waits and not self.window.session.jobs.busy

    @property
    def alpha(self) -> Pixels:
        assert self.panel.document is not None
        return self.panel.document.alpha.copy()


@pytest.fixture
def hands(open_window: MainWindow, qtbot: QtBot) -> Hands:
    return Hands(open_window, qtbot)


@pytest.fixture
def cut(hands: Hands, tmp_path: Path) -> Hands:
    """The drawn photo is open and cut by a rectangle."""
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    hands.drag([(50, 20), (190, 185)])
    hands.rest()
    return hands


def _photo(name: str, tmp_path: Path) -> tuple[Path, list[Place], list[Place], list[Place]]:
    """A photo, two corners around its object, a way on the object and one on the background."""
    if name == "drawn":
        path = write_picture(tmp_path / "toy.png", draw_photo())
        return path, [(50, 20), (190, 185)], [(90, 140), (150, 150)], [(60, 30), (60, 100)]
    path = SHARED / "data" / "photos" / name
    if not path.exists():
        pytest.skip(f"{path} is not there: real photos lie beside the repository")
    return path, [(60, 2), (450, 510)], [(190, 320), (250, 420), (150, 460)], [(410, 60), (425, 200)]


@pytest.mark.parametrize("name", ["drawn", "astronaut.png"])
def test_from_a_photo_to_the_same_alpha_again(
    hands: Hands, project_folder: Path, tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    path, rectangle, inside, outside = _photo(name, tmp_path)
    hands.add(path)
    panel = hands.panel
    assert panel.canvas.tool is Tool.RECTANGLE
    hands.drag(rectangle)
    hands.rest()
    assert panel.canvas.tool is Tool.MARK
    states = [hands.alpha]
    for way, button in ((inside, LEFT), (outside, RIGHT)):
        hands.drag(way, button)
        hands.rest()
        states.append(hands.alpha)
    assert states[0].any()
    assert [hands.alpha[round(y), round(x)] for x, y in (inside[0], outside[0])] == [255, 0]
    for state in (states[1], states[0], np.zeros_like(states[0])):
        hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert np.array_equal(hands.alpha, state)
    for state in states:
        hands.key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert np.array_equal(hands.alpha, state)
    panel.form.feather.field.setValue(1.5)
    hands.rest()
    assert panel.document is not None
    shown = panel.document.shown.copy()
    assert not np.array_equal(shown, hands.alpha)
    with qtbot.waitSignal(hands.window.session.changed):
        hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hands.rest()
    hands.window.session.save_now()
    hands.window.session.close()
    hands.window.open_project(project_folder)
    qtbot.waitUntil(lambda: hands.window.session.is_open)
    hands.window.workspace.show_place("foregrounds")
    qtbot.waitUntil(lambda: bool(panel.photos.entries()))
    hands.rest()
    entry = next(entry for entry in panel.photos.entries() if entry.path.stem == path.stem)
    assert entry.foreground
    panel.controller.open(entry.path)
    qtbot.waitUntil(lambda: panel.document is not None and panel.document.path == entry.path)
    hands.rest()
    assert np.array_equal(hands.alpha, states[-1])
    assert np.array_equal(panel.document.shown, shown)
    assert panel.document.work.finish.feather == 1.5
    kept = hands.window.session.project.foregrounds[-1]
    rgba, _ = trim(read_rgba(project_folder / kept.file))
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    assert np.array_equal(rgba[..., 3], shown[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    assert beside(entry.path, MASK).exists()


def test_what_was_drawn_lies_beside_the_photo(cut: Hands, project_folder: Path) -> None:
    cut.drag([(90, 140), (150, 150)])
    cut.rest()
    cut.panel.left()
    cut.rest()
    photo = project_folder / "photos" / "toy.png"
    work = load_work(photo)
    assert [type(seed) for seed in work.seeds] == [Rectangle, Stroke]
    assert isinstance(work.seeds[0], Rectangle)
    assert np.abs(np.array(work.seeds[0].box) - (50, 20, 140, 165)).max() <= 1
    assert beside(photo, ALPHA).exists()


def test_closing_keeps_the_last_stroke(cut: Hands, project_folder: Path) -> None:
    cut.drag([(90, 140), (150, 150)])
    cut.rest()
    drawn = cut.alpha
    cut.window.session.close()
    assert len(load_work(project_folder / "photos" / "toy.png").seeds) == 2
    assert np.array_equal(read_rgba(beside(project_folder / "photos" / "toy.png", ALPHA))[..., 0], drawn)


def test_escape_gives_up_what_is_being_drawn(cut: Hands) -> None:
    assert cut.panel.document is not None
    seeds, marks = cut.panel.document.work.seeds, cut.panel.document.marks.copy()
    cut.drag([(90, 140), (150, 150)], release=False)
    assert not np.array_equal(cut.panel.document.marks, marks)
    cut.key(Qt.Key.Key_Escape)
    assert cut.panel.document.work.seeds == seeds
    assert np.array_equal(cut.panel.document.marks, marks)


def test_a_click_with_the_rectangle_draws_none(hands: Hands, tmp_path: Path) -> None:
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    hands.drag([(50, 50), (50, 50)])
    assert hands.panel.document is not None
    assert hands.panel.document.work.seeds == ()
    assert not hands.panel.act["foregrounds.keep"].isEnabled()


def test_a_lasso_cuts_too(hands: Hands, tmp_path: Path) -> None:
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    hands.key(Qt.Key.Key_L)
    assert hands.panel.canvas.tool is Tool.LASSO
    hands.drag([(120, 20), (190, 80), (180, 180), (60, 180), (50, 80), (120, 20)])
    hands.rest()
    assert hands.alpha[80, 120] == 255
    assert hands.alpha[10, 10] == 0


def test_without_the_switch_enter_cuts(hands: Hands, tmp_path: Path) -> None:
    hands.panel.habits.box.setChecked(False)
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    hands.drag([(50, 20), (190, 185)])
    hands.rest()
    assert not hands.alpha.any()
    hands.key(Qt.Key.Key_Return)
    hands.rest()
    assert hands.alpha[80, 120] == 255


def test_what_a_hard_brush_painted_outlives_the_next_cut(cut: Hands) -> None:
    before = cut.alpha
    cut.key(Qt.Key.Key_I)
    cut.panel.canvas.set_radius(6)
    cut.drag([(20, 190), (40, 190)])
    cut.key(Qt.Key.Key_S)
    assert cut.panel.canvas.tool is Tool.REMOVE
    cut.drag([(120, 60), (120, 90)])
    assert (cut.alpha[190, 30], cut.alpha[75, 120]) == (255, 0)
    cut.key(Qt.Key.Key_Return)
    cut.rest()
    assert (cut.alpha[190, 30], cut.alpha[75, 120]) == (255, 0)
    stack = cut.panel.undo_stack()
    while stack.canUndo() and stack.count() > 1 and stack.index() > 1:
        stack.undo()
    assert np.array_equal(cut.alpha, before)


def test_keys_of_brush_and_views(cut: Hands) -> None:
    canvas = cut.panel.canvas
    radius = canvas.radius
    cut.key(Qt.Key.Key_BracketRight)
    assert canvas.radius > radius
    cut.key(Qt.Key.Key_BracketLeft)
    assert canvas.radius == pytest.approx(radius)
    cut.key(Qt.Key.Key_S)
    assert not canvas.means_object
    views = [
        CutoutView.TINT, CutoutView.OUTLINE, CutoutView.CHECKER, CutoutView.WHITE, CutoutView.BLACK, CutoutView.SCENE,
        CutoutView.COMPARE,
    ]  # fmt: skip
    for key, view in zip("1234567", views, strict=True):
        cut.key(Qt.Key(ord(key)))
        assert canvas.view is view
        cut.rest()
        assert not canvas.grab().isNull()


def test_zoom_stays_at_the_cursor_and_fits_again(cut: Hands) -> None:
    canvas = cut.panel.canvas
    whole, place = canvas.camera, canvas.rect().center().toPointF() / 2
    before = canvas.camera.to_photo(place.x(), place.y())
    for _ in range(60):
        canvas.zoom(1.2, place)
    after = canvas.camera.to_photo(place.x(), place.y())
    assert canvas.camera.scale == 64
    assert after == pytest.approx(before, abs=1e-6)
    cut.key(Qt.Key.Key_F)
    assert canvas.camera == whole


def test_mend_does_what_the_check_found(cut: Hands) -> None:
    cut.key(Qt.Key.Key_I)
    cut.panel.canvas.set_radius(1)
    cut.drag([(10, 190), (11, 190)])
    cut.rest()
    panel = cut.panel
    issue = next(issue for issue in panel.issues.issues if issue.code == "islands")
    assert cut.alpha[190, 10] == 255
    panel.issues.mend_wanted.emit(issue, None)
    cut.qtbot.waitUntil(lambda: cut.alpha[190, 10] == 0)
    cut.rest()
    assert all(issue.code != "islands" for issue in panel.issues.issues)
    panel.undo_stack().undo()
    assert cut.alpha[190, 10] == 255


def test_mending_the_last_place_that_is_reported_looks_back(cut: Hands) -> None:
    """Specks too small to be reported once a larger one is gone: nothing of the kind is left, so the view goes back."""
    cut.key(Qt.Key.Key_I)
    cut.panel.canvas.set_radius(1)
    for place in ((10, 190), (20, 180)):
        cut.drag([place, (place[0] + 1, place[1])])
    cut.rest()
    panel, issues, whole = cut.panel, cut.panel.issues, cut.panel.canvas.camera
    cut.key(Qt.Key.Key_C)
    while issues.current and issues.current.issue.code != "islands":
        cut.key(Qt.Key.Key_C)
    assert panel.canvas.camera != whole
    checked = panel.checking._show_found
    panel.controller.checked.disconnect(checked)
    panel.controller.checked.connect(lambda found: checked([issue for issue in found if issue.code != "islands"]))
    cut.key(Qt.Key.Key_M)
    cut.rest()
    assert not panel.canvas.pointed
    assert panel.canvas.camera == whole


def test_keeping_again_takes_the_place_of_the_first(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    count = len(session.project.foregrounds)
    with qtbot.waitSignal(session.changed):
        cut.panel.controller.keep()
    cut.rest()
    first = session.project.foregrounds[-1]
    cut.panel.form.grow.field.setValue(-2)
    cut.rest()
    with qtbot.waitSignal(session.changed):
        cut.panel.controller.keep()
    cut.rest()
    assert len(session.project.foregrounds) == count + 1
    assert session.project.foregrounds[-1].sha256 != first.sha256
    session.undo_stack.undo()
    assert session.project.foregrounds[-1] == first


def test_a_cutout_that_came_with_its_alpha_can_be_improved(hands: Hands, project_folder: Path, qtbot: QtBot) -> None:
    panel, session = hands.panel, hands.window.session
    hands.rest()
    first = session.project.foregrounds[0]
    panel.controller.open(project_folder / first.file)
    qtbot.waitUntil(lambda: panel.document is not None and panel.document.path == project_folder / first.file)
    hands.rest()
    assert np.array_equal(hands.alpha, read_rgba(project_folder / first.file)[..., 3])
    panel.form.grow.field.setValue(1)
    hands.rest()
    assert panel.document is not None
    assert panel.document.path == project_folder / "photos" / Path(first.file).name
    with qtbot.waitSignal(session.changed):
        panel.controller.keep()
    hands.rest()
    panel.left()
    hands.rest()
    assert panel.document.path.exists()
    assert beside(panel.document.path, STROKES).exists()
    assert len(session.project.foregrounds) == 2
    assert session.project.foregrounds[0].sha256 != first.sha256
    assert all(entry.foreground for entry in panel.photos.entries())
    assert len(panel.photos.entries()) == 2


def test_photos_and_cutouts_are_told_apart(hands: Hands, tmp_path: Path, project_folder: Path) -> None:
    folder = tmp_path / "mixed"
    write_picture(folder / "toy.png", draw_photo())
    write_picture(folder / "figure.png", draw_cutout(9))
    (folder / "broken.png").write_bytes(b"no picture")
    (folder / "a.heic").touch()
    hands.rest()
    hands.panel.drop([folder])
    hands.qtbot.waitUntil(lambda: len(hands.window.session.project.foregrounds) == 3)
    hands.rest()
    assert (project_folder / "photos" / "toy.png").exists()
    assert "broken.png" in hands.panel.refusals.text.toPlainText()
    passed = "1 file passed over: of a kind that is not read here (.heic)."
    assert f"Added: 1 photo and 1 cutout. 1 refused. {passed}" in hands.panel.notices.texts()
    assert (hands.panel.badge, hands.panel.badge_words) == (97, "97 more wanted, 3 to look at, 1 to cut")
    hands.window.session.change("enough", lambda p: p.model_copy(update={"goal": Goal(foregrounds=3)}))
    assert (hands.panel.badge, hands.panel.badge_words) == (4, "3 to look at, 1 to cut")


def test_next_and_previous(hands: Hands, tmp_path: Path) -> None:
    one = write_picture(tmp_path / "one.png", draw_photo())
    two = write_picture(tmp_path / "two.png", draw_photo()[::-1])
    hands.add(one, two)
    stem: Callable[[], str] = lambda: hands.panel.document.path.stem if hands.panel.document else ""  # noqa: E731
    hands.key(Qt.Key.Key_D)
    hands.qtbot.waitUntil(lambda: stem() == "two")
    hands.key(Qt.Key.Key_A)
    hands.qtbot.waitUntil(lambda: stem() == "one")
    hands.rest()
    assert not hands.panel.act["foregrounds.previous"].isEnabled()


def test_the_hint_says_what_comes_next(hands: Hands, tmp_path: Path) -> None:
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    assert "rectangle" in hands.panel.line.hint.text()
    hands.drag([(50, 20), (190, 185)])
    hands.rest()
    assert "Brush" in hands.panel.line.hint.text()
    hands.panel.act["foregrounds.hints"].setChecked(False)
    assert hands.panel.line.hint.text() == ""


def test_c_and_m_go_through_what_the_check_found(cut: Hands) -> None:
    """Two specks and a hole: one place after the other is pointed at, mended, and each mending is one undo."""
    cut.key(Qt.Key.Key_I)
    cut.panel.canvas.set_radius(1)
    for place in ((10, 190), (20, 180)):
        cut.drag([place, (place[0] + 1, place[1])])
    cut.rest()
    panel, issues, whole = cut.panel, cut.panel.issues, cut.panel.canvas.camera
    assert [step.issue.code for step in issues.steps].count("islands") == 2
    cut.key(Qt.Key.Key_C)
    while issues.current and issues.current.issue.code != "islands":
        cut.key(Qt.Key.Key_C)
    assert panel.canvas.pointed
    assert whole.scale < panel.canvas.camera.scale <= 3 * whole.scale  # what lies around the speck is seen
    first, done = issues.current, panel.undo_stack().index()
    assert first
    assert first.place
    panel.undo_stack().setIndex(done - 2)
    cut.rest()
    assert not panel.canvas.pointed  # something else is said now
    panel.undo_stack().setIndex(done)
    cut.rest()
    issues.show_current()
    x, y, width, height = first.place
    there = np.s_[y : y + height, x : x + width]
    assert cut.alpha[there].any()
    cut.key(Qt.Key.Key_M)
    cut.rest()
    assert not cut.alpha[there].any()
    assert issues.current
    assert issues.current.issue.code == "islands"
    assert issues.current.place != first.place
    assert not panel.canvas.pointed
    assert panel.canvas.camera != whole  # the next speck is near
    cut.key(Qt.Key.Key_M)
    cut.rest()
    assert not [issue for issue in issues.issues if issue.code == "islands"]
    assert panel.canvas.camera == whole
    panel.undo_stack().undo()
    panel.undo_stack().undo()
    assert cut.alpha[190, 10] == cut.alpha[180, 20] == 255


def test_a_tool_has_one_word_and_room_for_it(hands: Hands) -> None:
    """The button says what the menu says, also in the least window."""
    hands.window.resize(960, 600)
    texts = {action.text() for action in hands.panel.act.values()}
    buttons = hands.panel.tools.findChildren(QToolButton)
    assert len(buttons) == len(_BUTTONS)
    for button in buttons:
        assert button.text() in texts
        assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width(), button.text()


def test_a_drag_that_begins_on_a_notice_is_the_photo_s(hands: Hands, tmp_path: Path) -> None:
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    panel, none = hands.panel, Qt.KeyboardModifier.NoModifier
    panel.notices.clear()
    panel.notices.tell("Added: 1 photo.")
    QTest.qWait(0)
    frame = panel.notices.entries[-1].widget
    words = next(part for part in frame.findChildren(QLabel) if part.text())
    begin = words.mapToGlobal(words.rect().center())
    end = panel.canvas.mapToGlobal(panel.canvas.rect().center() + QPoint(80, 60))
    assert panel.canvas.rect().contains(panel.canvas.mapFromGlobal(begin))
    QTest.mousePress(words, LEFT, none, words.mapFromGlobal(begin))
    QTest.mouseMove(words, words.mapFromGlobal(end))
    QTest.mouseRelease(words, LEFT, none, words.mapFromGlobal(end))
    assert panel.document
    (area,) = panel.document.work.seeds
    assert isinstance(area, Rectangle)
    assert panel.notices.texts() == ["Added: 1 photo."]
    hands.rest()


def test_what_is_seen_to_be_cut_is_not_said_to_be_uncut(hands: Hands, tmp_path: Path) -> None:
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    said = list[str]()
    hands.panel.controller.shown_changed.connect(lambda _: said.append(hands.panel.issues.text.text()))
    assert hands.panel.issues.text.text() == "Nothing is cut yet."
    hands.drag([(50, 20), (190, 185)])
    hands.rest()
    assert said[0] == "Checking…"
    assert "Nothing is cut yet." not in said
