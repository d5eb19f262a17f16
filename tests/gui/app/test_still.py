"""Nothing moves by itself: whatever is said, pictures and panels stay where they are, and words have their room."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.project.model import Picture
from fgbg_studio.core.project.storage import load, save
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.label import Label
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.session.panel import Panel
from tests.gui.words import cut_words, outside

PLACES = ["backgrounds", "foregrounds", "preview", "generate", "dataset"]
SIZES = [(960, 600), (1024, 700), (1280, 800), (2560, 1440)]
LONG = "a_very_long_name_without_any_blank_that_cannot_be_broken_at_the_end_of_a_line_" * 2
SENTENCE = f"{LONG}.png cannot be read, as the file ends in the middle of the picture. Copy it again from the camera. "


@pytest.fixture
def long_window(window: MainWindow, project_folder: Path, qtbot: QtBot) -> MainWindow:
    """The window with a project whose names are as long as a disk allows, and a photo to be cut."""
    project = load(project_folder)
    backgrounds = tuple(_renamed(project_folder, picture) for picture in project.backgrounds)
    foregrounds = tuple(_renamed(project_folder, picture) for picture in project.foregrounds)
    save(project_folder, project.model_copy(update={
        "name": LONG, "backgrounds": backgrounds, "foregrounds": foregrounds,
    }))  # fmt: skip
    photos = project_folder / "photos"
    photos.mkdir(exist_ok=True)
    source = project_folder / backgrounds[0].file
    (photos / f"photo_{LONG}{source.suffix}").write_bytes(source.read_bytes())
    with qtbot.waitSignal(window.session.opened):
        window.open_project(project_folder)
    return window


def _renamed(folder: Path, picture: Picture) -> Picture:
    old = folder / picture.file
    new = old.with_name(f"{old.stem}_{LONG}{old.suffix}")
    old.rename(new)
    name = new.relative_to(folder).as_posix()
    return picture.model_copy(update={"file": name, "origin": SENTENCE, "licence": SENTENCE})


def settle() -> None:
    """Until all is laid out: a widget that comes asks its parents, one after the other."""
    for _ in range(6):
        QApplication.processEvents()


def shown(window: MainWindow, place: str, qtbot: QtBot) -> Panel:
    window.workspace.show_place(place)
    qtbot.waitUntil(lambda: not window.session.jobs.busy)
    settle()
    return window.workspace.current


def everything_said(window: MainWindow, panel: Panel) -> None:
    """More messages than are shown, of every kind, short and very long."""
    for notices in (window.notices, panel.notices):
        notices.error(FgbgError(SENTENCE, "Do something else"), [("Choose another file…", lambda: None)])
        notices.warn(SENTENCE * 3)
        notices.tell("Short.")
        notices.error(FgbgError("Another", "Read it"))


def places(window: MainWindow, panel: Panel) -> dict[str, object]:
    """Where all parts of a place are that a hand may be at, in pixels of the window."""
    made: dict[str, object] = {"window": window.size()}
    for name in ("stage", "inspector", "canvas", "line", "strip", "grid", "lists", "large", "bar", "pages"):
        part = getattr(panel, name, None)
        if isinstance(part, QWidget) and part.isVisible():
            made[name] = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
    camera = getattr(getattr(panel, "canvas", None), "camera", None)
    made["camera"] = camera and (camera.scale, camera.x, camera.y)
    for control in panel.inspector.findChildren(QWidget):
        if control.isVisible() and control.window() is window:
            made[f"in the inspector {id(control)}"] = QRect(control.mapTo(window, QPoint(0, 0)), control.size())
    return made


def seen(notices: Notices) -> list[QWidget]:
    return [one.widget for one in notices.entries if one.widget.isVisible()]


def moved(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [f"{name}: {before[name]} -> {after.get(name)}" for name in before if before[name] != after.get(name)]


@pytest.mark.parametrize("size", [(960, 600), (1280, 800)])
def test_messages_move_nothing(size: tuple[int, int], long_window: MainWindow, qtbot: QtBot) -> None:
    long_window.resize(*size)
    for place in PLACES:
        _say_everything_in(place, long_window, qtbot)


def _say_everything_in(place: str, long_window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(long_window, place, qtbot)
    before = places(long_window, panel)
    everything_said(long_window, panel)
    settle()
    assert moved(before, places(long_window, panel)) == []
    inspector = QRect(panel.inspector.mapTo(long_window, QPoint(0, 0)), panel.inspector.size())
    assert len(seen(long_window.notices)) + len(seen(panel.notices)) == 1
    for notices in (long_window.notices, panel.notices):
        assert len(notices.texts()) == 4
        where = QRect(notices.mapTo(long_window, QPoint(0, 0)), notices.size())
        assert where.width() > 0
        assert not panel.inspector.isVisible() or not where.intersects(inspector)
        notices.clear()
    settle()
    assert moved(before, places(long_window, panel)) == []


def test_hints_progress_and_the_check_move_nothing(long_window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(long_window, "foregrounds", qtbot)
    before = places(long_window, panel)
    stirs: list[Callable[[], object]] = [
        lambda: panel.line.say(SENTENCE * 3),
        lambda: panel.line._show_work(True),
        lambda: panel.line.show_scale(9.99),
        lambda: panel.line.show_scale(64),
        lambda: panel.line.say(""),
        lambda: panel.line._show_work(False),
        lambda: panel.issues.show_issues(
            [Issue("warning", "x", f"{number}: {SENTENCE}", box=(0, 0, 5, 5), mendable=True) for number in range(10)]
        ),
        lambda: panel.issues.say("Nothing is cut yet."),
    ]
    kept = {name: where for name, where in before.items() if id(panel.issues) is not name}
    inside = {f"in the inspector {id(one)}" for one in [panel.issues, *panel.issues.findChildren(QWidget)]}
    growing = {f"in the inspector {id(one)}" for one in _above(panel.issues, panel.inspector)}
    for stir in stirs:
        stir()
        settle()
        here = {name: where for name, where in kept.items() if name not in inside | growing}
        assert moved(here, places(long_window, panel)) == []


def _above(widget: QWidget, top: QWidget) -> list[QWidget]:
    """What grows with a widget inside of what scrolls, and the scroll bar's own parts."""
    found = []
    parent = widget.parentWidget()
    while parent is not None and parent is not top:
        found.append(parent)
        parent = parent.parentWidget()
    return found


def test_the_inspector_is_as_wide_as_the_person_drew_it(long_window: MainWindow, qtbot: QtBot) -> None:
    long_window.resize(1280, 800)
    panels = [panel for panel in long_window.panels if panel.has_inspector]
    for width in (260, 300):
        long_window.session.settings.inspector_width = width
        for panel in panels:
            shown(long_window, panel.place, qtbot)
            if panel.inspector.isVisible():
                assert panel.inspector.width() == width
                long_window.resize(960, 600)
                settle()
                assert panel.inspector.width() == width
                assert long_window.width() == 960
                long_window.resize(1280, 800)


def test_a_scroll_bar_that_comes_moves_nothing_aside(long_window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(long_window, "foregrounds", qtbot)
    long_window.resize(1280, 1300)
    settle()
    bar = panel.inspector._scroll.verticalScrollBar()
    slider = panel.form.feather.slider
    wide, left = slider.width(), slider.mapTo(long_window, QPoint(0, 0)).x()
    long_window.resize(1280, 600)
    settle()
    assert bar.maximum() > 0
    assert (slider.width(), slider.mapTo(long_window, QPoint(0, 0)).x()) == (wide, left)


def test_a_check_that_shrinks_leaves_what_is_seen_where_it_is(long_window: MainWindow, qtbot: QtBot) -> None:
    long_window.resize(1280, 600)
    panel = shown(long_window, "foregrounds", qtbot)
    panel.issues.show_issues([Issue("warning", "x", f"{number}: {SENTENCE}") for number in range(10)])
    settle()
    bar = panel.inspector._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    at = panel.issues.mapTo(long_window, QPoint(0, 0))
    panel.issues.say("Nothing is cut yet.")
    settle()
    assert panel.issues.mapTo(long_window, QPoint(0, 0)) == at


def test_words_have_their_room(long_window: MainWindow, qtbot: QtBot) -> None:
    for place in PLACES:
        panel = shown(long_window, place, qtbot)
        everything_said(long_window, panel)
        for size in SIZES:
            long_window.resize(*size)
            settle()
            assert (long_window.width(), long_window.height()) == size
            assert cut_words(long_window) == [], (place, size)
            assert outside(long_window) == [], (place, size)
        long_window.resize(*SIZES[0])


def test_words_have_their_room_on_the_start_page(window: MainWindow) -> None:
    window.start_page.notices.error(FgbgError(SENTENCE, "Do something else"))
    for size in SIZES:
        window.resize(*size)
        settle()
        assert cut_words(window) == []
        assert outside(window) == []


# Notices


@pytest.fixture
def notices(qtbot: QtBot) -> Notices:
    host = QWidget()
    host.resize(500, 400)
    qtbot.addWidget(host)
    made = Notices(over=host)
    with qtbot.waitExposed(host):
        host.show()
    return made


def test_buttons_leave_the_words_room(notices: Notices) -> None:
    host = notices.parentWidget()
    text = "Too large to be cut, which is possible up to 50 megapixels: tree.jpg (56 megapixels)"
    assert host is not None
    for width, below in ((900, False), (380, True), (900, False)):
        host.resize(width, 400)
        notices.warn(text, [("Add it reduced", lambda: None), ("Leave it out", lambda: None)])
        settle()
        (words,) = [one for one in notices.findChildren(Label) if one.text() == text and one.isVisible()]
        assert words.shown().replace("\n", " ") == text
        buttons = [one for one in notices.findChildren(QPushButton) if one.isVisible()]
        assert [one.geometry().top() > words.geometry().bottom() for one in buttons] == [below] * 2
        notices.clear()


def test_buttons_go_below_words_that_would_lose_their_end(notices: Notices) -> None:
    host = notices.parentWidget()
    assert host is not None
    host.resize(900, 400)
    text = (
        "Guess needs a network that finds objects, and there is none on this computer yet. "
        "Download it once, or choose a file that you have."
    )
    notices.warn(text, [("Download (4.6 MB, Apache-2.0)", lambda: None), ("Choose a file…", lambda: None)])
    settle()
    (words,) = [one for one in notices.findChildren(Label) if one.text() == text]
    assert words.shown().replace("\n", " ") == text
    tops = [one.geometry().top() for one in notices.findChildren(QPushButton) if one.isVisible()]
    assert min(tops) > words.geometry().bottom()


@pytest.mark.parametrize("width", [1400, 700, 480])
def test_every_button_of_a_notice_is_seen(width: int, notices: Notices) -> None:
    host = notices.parentWidget()
    assert host is not None
    host.resize(width, 500)
    titles = ["Download slimsam (13.8 MB, Apache-2.0)", "Download mobile-sam (36.7 MB, Apache-2.0)", "Choose files…"]
    notices.warn("Clicking needs a network that answers to clicks.", [(title, lambda: None) for title in titles])
    settle()
    seen = [one for one in notices.findChildren(QAbstractButton) if one.isVisible()]
    assert {one.text() for one in seen} >= set(titles)
    places = [QRect(one.mapTo(notices, QPoint(0, 0)), one.size()) for one in seen]
    assert all(notices.rect().contains(place) for place in places), places


def test_words_are_seen_whole_where_there_is_room(notices: Notices) -> None:
    """A scroll bar that comes for a moment makes the words narrower and higher: it must not stay for that."""
    host = notices.parentWidget()
    assert host is not None
    host.resize(1400, 900)
    lower = Notices(over=host)
    notices.share_with(lower)
    scrolled = []
    for length in range(150, 186, 2):
        notices.warn(
            "The program did not exit properly. What was not saved then, at 03:25, is here again; undo gives it up."
        )
        settle()
        lower.warn(("word and another " * 20)[:length])
        settle()
        scrolled += [length for one in (notices, lower) if one._scroll.verticalScrollBar().isVisible()]
        notices.clear()
        lower.clear()
    assert scrolled == []


def test_what_needs_no_answer_goes_by_itself(notices: Notices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fgbg_studio.gui.lib.notices.READING", 30)
    notices.tell("Two pictures were added.")
    notices.tell("Three photos were added.", [("Show the first", lambda: None)], passing=True)
    notices.tell("Deleted.", [("Restore", lambda: None)])
    notices.warn("Look here.")
    notices.error(FgbgError("It failed", "Try again"))
    qtbot.waitUntil(lambda: len(notices.texts()) == 3)
    assert notices.texts() == ["Deleted.", "Look here.", "It failed. Try again."]
    assert notices.isVisible()


@pytest.mark.parametrize("place", PLACES)
def test_a_long_message_covers_one_line_until_it_is_unfolded(place: str, open_window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(open_window, place, qtbot)
    for number in range(3):
        panel.notices.warn(f"{number}: {'some words and others ' * 20}end")
    settle()
    (one,) = seen(panel.notices)
    entry = panel.notices.entries[-1]
    assert one is entry.widget
    assert entry.words.height() <= entry.words.height_of(1)
    assert panel.notices.height() <= 40
    assert entry.words.shown().endswith("…")
    if place == "generate":  # its plots are seen whole
        assert not rectangle(panel.notices).intersects(rectangle(panel.pages))  # type: ignore[attr-defined]
    qtbot.mouseClick(entry.rest, Qt.MouseButton.LeftButton)
    settle()
    assert [entry.words.shown() for entry in panel.notices.entries] == panel.notices.texts()


def rectangle(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def test_all_are_dismissed_by_one_button(notices: Notices, qtbot: QtBot) -> None:
    notices.warn("One.")
    assert not notices._all.isVisible()
    notices.warn("Two.")
    qtbot.mouseClick(notices.entries[-1].rest, Qt.MouseButton.LeftButton)
    assert notices._all.isVisible()
    button = next(child for child in notices._all.children() if _says(child, "Dismiss all"))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert notices.texts() == []
    assert not notices.isVisible()


@pytest.mark.parametrize("size", [(960, 600), (1280, 800)])
def test_one_is_seen_of_window_and_place_and_the_others_unfold(
    size: tuple[int, int], open_window: MainWindow, qtbot: QtBot
) -> None:
    open_window.resize(*size)
    panel = shown(open_window, "generate", qtbot)
    columns = (open_window.notices, panel.notices)
    for notices in columns:
        for number in range(4):
            notices.error(FgbgError(f"{number} {SENTENCE}", "Do something else"), [("Choose…", lambda: None)])
    settle()
    assert [len(seen(one)) for one in columns] == [0, 1], "the newest is seen"
    rest = panel.notices.entries[-1].rest
    assert rest.text() == "7 more"
    assert squeezed(columns) == []
    qtbot.mouseClick(rest, Qt.MouseButton.LeftButton)
    settle()
    assert [len(seen(one)) for one in columns] == [4, 4]
    assert squeezed(columns) == []
    areas = [QRect(one.mapTo(open_window, QPoint(0, 0)), one.size()) for one in columns]
    assert not areas[0].intersects(areas[1])
    assert open_window.rect().contains(areas[1])
    qtbot.mouseClick(panel.notices._fewer, Qt.MouseButton.LeftButton)
    panel.notices.clear()
    settle()
    assert (len(seen(open_window.notices)), open_window.notices.entries[-1].rest.text()) == (1, "3 more")
    open_window.workspace.show_place("dataset")
    open_window.workspace.current.notices.warn("Of another place.")
    settle()
    assert (len(seen(open_window.notices)), len(seen(open_window.workspace.current.notices))) == (0, 1)
    every = next(one for one in open_window.workspace.current.notices._all.children() if _says(one, "Dismiss all"))
    every.click()  # type: ignore[attr-defined]
    assert all(one.texts() == [] for one in (open_window.notices, open_window.workspace.current.notices))


def _says(part: object, text: str) -> bool:
    return isinstance(part, QAbstractButton) and part.text() == text


def squeezed(columns: tuple[Notices, ...]) -> list[str]:
    """Notices that are lower than what they say needs."""
    return [
        f"{part.height()} of {part.heightForWidth(part.width())}: {part.accessibleName()}"
        for one in columns
        for part in seen(one)
        if part.height() < part.heightForWidth(part.width())
    ]


def test_escape_in_a_notice_leads_back(open_window: MainWindow, qtbot: QtBot) -> None:
    open_window.activateWindow()
    panel = open_window.workspace.current
    panel.take_keyboard()
    before = QApplication.focusWidget()
    panel.notices.warn("One.")
    panel.notices.warn("Two.")
    closer = next(child for child in panel.notices.entries[0].widget.children() if hasattr(child, "click"))
    closer.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(closer, Qt.Key.Key_Escape)
    settle()
    assert panel.notices.texts() == ["Two."]
    assert QApplication.focusWidget() is before


def test_notices_stay_below_bars(open_window: MainWindow) -> None:
    panel = open_window.workspace.current
    panel.notices.warn("One.")
    open_window.notices.warn("Two.")
    settle()
    bar = panel.lists.bar  # type: ignore[attr-defined]
    below = bar.mapTo(open_window, QPoint(0, bar.height())).y()
    tops = [one.mapTo(open_window, QPoint(0, 0)).y() for one in (open_window.notices, panel.notices)]
    assert below < tops[0]
    assert tops[0] + open_window.notices.height() < tops[1], "the window's and the place's do not lie on each other"


def test_painting_words_costs_next_to_nothing(qtbot: QtBot) -> None:
    """It is done again whenever something behind them moves."""
    label = Label("Some words that take more than one line " * 3, wordWrap=True)
    qtbot.addWidget(label)
    label.resize(200, 60)
    costs = []
    for _ in range(5):
        before = time.thread_time()
        label.shown()
        costs.append(time.thread_time() - before)
    assert min(costs) < 0.002
