"""The place Backgrounds with its real widgets: judging, filtering, near-duplicates, marking, undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.remedies import RejectBackgrounds
from fgbg_studio.core.compose.lights import as_set, light_of
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.appearance import LIGHT
from fgbg_studio.core.project.model import Background, Goal
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.inspector import _rank
from fgbg_studio.gui.backgrounds.list_filter import Tab
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel
from fgbg_studio.gui.lib.remedies import offer
from fgbg_studio.gui.session.remedies import follow
from fgbg_studio.gui.session.session import Session
from tests.conftest import draw_background, write_picture


@pytest.fixture
def panel(open_window: MainWindow, qtbot: QtBot) -> BackgroundsPanel:
    """Three backgrounds, all thumbnails there."""
    made = open_window.panels[0]
    assert isinstance(made, BackgroundsPanel)
    settled(made, qtbot)
    return made


def settled(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)


def backgrounds(panel: BackgroundsPanel) -> tuple[Background, ...]:
    return panel.session.project.backgrounds


def statuses(panel: BackgroundsPanel) -> list[str]:
    return [b.status for b in backgrounds(panel)]


def tabs(panel: BackgroundsPanel) -> list[str]:
    return [tab.text() for tab in panel.lists.bar.tabs.buttons]


def add(panel: BackgroundsPanel, qtbot: QtBot, paths: list[Path]) -> None:
    with qtbot.waitSignal(panel.incoming.ended):
        panel.drop(paths)
    settled(panel, qtbot)


def test_all_pictures_are_shown_with_their_counts(panel: BackgroundsPanel) -> None:
    assert panel.grid.grid.rowCount() == 3
    assert tabs(panel) == ["All  3", "To look at  3", "Picked  0", "Rejected  0", "Duplicates  0"]
    assert panel.counter == "3 / 100 backgrounds"
    assert all(panel.thumbnails.pixmap(b.sha256) for b in backgrounds(panel))
    assert len(panel.thumbnails.metrics) == 3


def test_tabs_stand_side_by_side_at_1280_pixels(open_window: MainWindow, panel: BackgroundsPanel) -> None:
    open_window.resize(1280, 800)
    QApplication.processEvents()
    assert all(tab.isVisible() and tab.width() >= tab.sizeHint().width() for tab in panel.lists.bar.tabs.buttons)
    panel.act["backgrounds.duplicates"].trigger()
    QApplication.processEvents()
    assert all(tab.isVisible() and tab.width() >= tab.sizeHint().width() for tab in panel.lists.bar.tabs.buttons)


def states(panel: BackgroundsPanel) -> list[str]:
    return [panel.background_list.state_words(b) for b in backgrounds(panel)]


def test_p_picks_x_rejects_u_takes_back_and_the_next_comes_by_itself(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    panel.grid.setFocus()
    keys = list(panel.grid.grid.keys)
    qtbot.keyClick(panel.grid, Qt.Key.Key_P)
    assert (states(panel), panel.current) == (["picked", "to look at", "to look at"], keys[1])
    qtbot.keyClick(panel.grid, Qt.Key.Key_X)
    assert (states(panel), panel.current) == (["picked", "rejected", "to look at"], keys[2])
    assert panel.counter == "2 / 100 backgrounds"
    assert tabs(panel)[:4] == ["All  3", "To look at  1", "Picked  1", "Rejected  1"]
    cell = panel.background_list.cell(keys[1])
    assert (cell.dimmed, cell.mark, cell.tick) == (True, "rejected", False)
    assert panel.background_list.cell(keys[0]).tick
    panel.grid.choose([keys[1]], keys[1])
    qtbot.keyClick(panel.grid, Qt.Key.Key_U)
    assert (states(panel), panel.current) == (["picked", "to look at", "to look at"], keys[2])
    panel.session.undo_stack.undo()
    panel.session.undo_stack.undo()
    assert states(panel) == ["picked", "to look at", "to look at"]
    assert panel.session.undo_stack.redoText() == f"reject {Path(backgrounds(panel)[1].file).name}"
    assert [b.sha256 for b in backgrounds(panel)] == panel.grid.grid.keys == keys


def test_the_next_is_one_that_is_to_review(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    keys = list(panel.grid.grid.keys)
    panel.edit.pick([keys[1]])
    panel.grid.choose([keys[0]], keys[0])
    qtbot.keyClick(panel.grid, Qt.Key.Key_P)
    assert panel.current == keys[2]
    qtbot.keyClick(panel.grid, Qt.Key.Key_P)
    assert panel.current == keys[2]


def test_going_on_can_be_switched_off_and_that_is_remembered(
    panel: BackgroundsPanel, qtbot: QtBot, session: Session
) -> None:
    advance = panel.act["backgrounds.advance"]
    assert advance.isChecked()
    advance.setChecked(False)
    first = panel.current
    qtbot.keyClick(panel.grid, Qt.Key.Key_X)
    qtbot.keyClick(panel.grid, Qt.Key.Key_P)
    assert (panel.current, states(panel)[0]) == (first, "picked")
    another = BackgroundsPanel(session)
    qtbot.addWidget(another)
    assert not another.act["backgrounds.advance"].isChecked()


def test_the_large_view_goes_on_too(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    panel.act["backgrounds.large"].setChecked(True)
    keys = panel.grid.grid.keys
    qtbot.keyClick(panel.large.crop, Qt.Key.Key_P)
    assert panel.current == keys[1]
    qtbot.keyClick(panel.large.crop, Qt.Key.Key_X)
    assert panel.current == keys[2]
    assert panel.large.place.text() == "3 of 3"
    assert states(panel) == ["picked", "rejected", "to look at"]


def test_many_are_rejected_as_one_step(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    panel.grid.selectAll()
    qtbot.keyClick(panel.grid, Qt.Key.Key_X)
    assert statuses(panel) == ["rejected"] * 3
    assert panel.session.undo_stack.count() == 1
    assert panel.session.undo_stack.undoText() == "reject 3 backgrounds"
    assert len(panel.grid.chosen()) == 3


def test_what_is_judged_stays_where_it_is_until_a_tab_is_chosen(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    panel.act["backgrounds.review"].trigger()
    keys = list(panel.grid.grid.keys)
    panel.grid.choose(keys[1:2], keys[1])
    places = [panel.grid.visualRect(panel.grid.grid.index(row)) for row in range(3)]
    qtbot.keyClick(panel.grid, Qt.Key.Key_X)
    assert panel.grid.grid.keys == keys
    assert [panel.grid.visualRect(panel.grid.grid.index(row)) for row in range(3)] == places
    assert panel.grid.chosen() == [keys[2]]
    panel.act["backgrounds.rejected"].trigger()
    assert panel.grid.grid.keys == [keys[1]]
    panel.act["backgrounds.review"].trigger()
    assert panel.grid.grid.keys == [keys[0], keys[2]]


def test_a_reason_is_chosen_from_a_short_list(panel: BackgroundsPanel) -> None:
    for place in (panel.details.verdicts, panel.large.bar):
        (button,) = [b for b in place.findChildren(QToolButton) if b.toolTip() == "Reject because"]
        reason = button.menu().actions()[1]
        panel.grid.choose(panel.grid.grid.keys[:1], panel.grid.grid.keys[0])
        reason.trigger()
        assert (backgrounds(panel)[0].status, backgrounds(panel)[0].reason) == ("rejected", "people in it")
        assert panel.background_list.cell(backgrounds(panel)[0].sha256).mark == "people in it"
        panel.session.undo_stack.undo()


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_pictures_have_context_menus(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    wanted = ["Pick", "Reject", "Reject because", "To look at", "View large", "Copy the name", "Remove"]
    keys = panel.grid.grid.keys
    panel.grid.choose(keys[1:2], keys[1])
    middle = panel.grid.visualRect(panel.grid.grid.index(1)).center()
    panel.grid.customContextMenuRequested.emit(middle)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [text for text in texts(menu) if text in wanted] == wanted
    next(action for action in menu.actions() if action.text() == "Copy the name").trigger()
    assert QApplication.clipboard().text() == Path(backgrounds(panel)[1].file).name
    menu.close()
    panel.act["backgrounds.large"].setChecked(True)
    place = panel.large.crop.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, panel.large.crop.mapToGlobal(place))
    QApplication.sendEvent(panel.large.crop, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Largest square in the middle" in texts(menu)
    menu.close()
    panel.act["backgrounds.brush"].setChecked(True)
    QApplication.sendEvent(panel.large.crop, event)
    assert QApplication.activePopupWidget() is None


def test_delete_removes_what_is_selected_and_undo_brings_it_back(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    before, folder = backgrounds(panel), panel.session.folder
    keys = panel.grid.grid.keys
    panel.grid.choose(keys[:2], keys[0])
    qtbot.keyClick(panel.grid, Qt.Key.Key_Delete)
    assert backgrounds(panel) == before[2:]
    assert not any((folder / b.file).exists() for b in before[:2])
    assert panel.grid.chosen() == [before[2].sha256]
    panel.session.undo_stack.undo()
    assert backgrounds(panel) == before
    assert all((folder / b.file).exists() for b in before)


def test_f2_renames_a_background_and_its_file_and_undo_takes_it_back(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    before, folder = backgrounds(panel), panel.session.folder
    keys = panel.grid.grid.keys
    panel.grid.choose(keys[1:2], keys[1])
    for name in ("Hall", Path(before[0].file).stem):  # the second is another's
        qtbot.keyClick(panel.grid, Qt.Key.Key_F2)
        assert panel.details.stem.hasFocus()
        qtbot.keyClicks(panel.details.stem, name)
        qtbot.keyClick(panel.details.stem, Qt.Key.Key_Return)
    new = f"backgrounds/Hall{Path(before[1].file).suffix}"
    assert backgrounds(panel) == (before[0], before[1].model_copy(update={"file": new}), *before[2:])
    assert (folder / new).exists()
    assert not (folder / before[1].file).exists()
    assert panel.details.stem.text() == "Hall", "what was refused does not stay"
    panel.session.undo_stack.undo()
    assert backgrounds(panel) == before
    assert (folder / before[1].file).exists()
    panel.grid.choose(keys[:2], keys[0])
    assert not panel.act["backgrounds.rename"].isEnabled()


def test_remarks_are_shown_filtered_and_sorted_by(panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    add(panel, qtbot, [write_picture(tmp_path / "plain.png", np.full((400, 400, 3), 90, np.uint8))])
    plain = backgrounds(panel)[3].sha256
    qtbot.waitUntil(lambda: plain in panel.thumbnails.metrics)
    assert panel.background_list.cell(plain).remark == "flat"
    panel.grid.choose([plain], plain)
    qtbot.waitUntil(lambda: any("Flat" in part.text() for part in panel.details.remarks.findChildren(QLabel)))
    small = [panel.background_list.cell(b.sha256).remark for b in backgrounds(panel)[:3]]
    assert small == ["small"] * 3  # 160 × 140 pixels for a dataset of 256
    panel.session.change("use smaller ones", lambda p: storage.changed(p, {"size": 128}))
    assert [panel.background_list.cell(b.sha256).remark for b in backgrounds(panel)] == ["", "", "", "flat"]
    panel.act["backgrounds.filter"].setChecked(True)
    panel.lists.bar.remarked.setChecked(True)
    assert panel.grid.grid.keys == [plain]
    panel.lists.bar.reset.click()
    assert len(panel.grid.grid.keys) == 4
    next(order for order in panel.lists.bar.sort.menu().actions() if order.data() == "remarks").trigger()
    assert panel.grid.grid.keys[0] == plain
    assert statuses(panel) == ["good"] * 4


def test_an_empty_tab_says_why_and_nothing_is_inspected(panel: BackgroundsPanel) -> None:
    panel.act["backgrounds.rejected"].trigger()
    assert panel.lists.lists.currentWidget() is panel.lists.none[Tab.REJECTED]
    assert panel.targets() == []
    assert not panel.details.crop.isVisible()
    assert not panel.act["backgrounds.pick"].isEnabled()
    panel.act["backgrounds.all"].trigger()
    assert panel.details.crop.isVisible()


def test_sorting_filtering_and_searching(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    metrics = panel.thumbnails.metrics
    by_brightness = sorted((b.sha256 for b in backgrounds(panel)), key=lambda sha: metrics[sha].brightness)
    orders = panel.lists.bar.sort.menu().actions()
    next(order for order in orders if order.data() == "brightness").trigger()
    assert panel.grid.grid.keys == by_brightness
    orders[-1].trigger()
    assert panel.grid.grid.keys == by_brightness[::-1]
    panel.act["backgrounds.filter"].setChecked(True)
    slider = panel.lists.sliders["brightness"]  # type: ignore[index]
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert by_brightness[0] not in panel.grid.grid.keys
    assert by_brightness[-1] in panel.grid.grid.keys
    slider.reset()
    panel.search("bg_1")
    assert [Path(panel.background_list.backgrounds[k].file).name for k in panel.grid.grid.keys] == ["bg_1.png"]
    panel.search("nothing is called so")
    assert panel.lists.lists.currentWidget() is panel.lists.none_found
    panel.lists.all_wanted.emit()
    assert len(panel.grid.grid.keys) == 3


def test_near_duplicates_are_found_and_the_better_one_is_kept(
    panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    write_picture(tmp_path / "double.png", draw_background(0, 320, 280))
    original = draw_background(1)
    original[:4, :4] = 0
    write_picture(tmp_path / "again.png", original)
    any_number = Goal(backgrounds=0, foregrounds=0)
    panel.session.change("want any number", lambda p: p.model_copy(update={"goal": any_number}))
    add(panel, qtbot, [tmp_path / "again.png"])
    panel.grid.choose([backgrounds(panel)[2].sha256], backgrounds(panel)[2].sha256)
    qtbot.waitUntil(lambda: tabs(panel)[4] == "Duplicates  2")
    assert panel.badge == 0  # nothing is wanting, and it is no news
    assert panel.background_list.cell(backgrounds(panel)[1].sha256).badge == "≈ 4"
    panel.act["backgrounds.duplicates"].trigger()
    (group,) = panel.duplicates._shown
    assert panel.current == group[0].key
    assert [picture.better for picture in group].count(True) == 1
    panel.act["backgrounds.keep_better"].trigger()
    rejected = [b for b in backgrounds(panel) if b.status == "rejected"]
    assert [b.sha256 for b in rejected] == [picture.key for picture in group if not picture.better]
    assert rejected[0].reason.startswith("like ")
    assert panel.lists.lists.currentWidget() is panel.lists.none[Tab.DUPLICATES]
    panel.session.undo_stack.undo()
    assert tabs(panel)[4] == "Duplicates  2"
    panel.act["backgrounds.keep_all"].trigger()
    assert tabs(panel)[4] == "Duplicates  0"
    assert statuses(panel) == ["good"] * 4


def test_licence_and_origin_are_set_for_all_that_are_selected(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    panel.grid.selectAll()
    field = panel.details.fields["licence"]
    field.setFocus()
    qtbot.keyClicks(field, "CC0 by X and P")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [b.licence for b in backgrounds(panel)] == ["CC0 by X and P"] * 3
    assert statuses(panel) == ["good"] * 3
    panel.session.undo_stack.undo()
    assert [b.licence for b in backgrounds(panel)] == [""] * 3


def test_the_inspector_shows_the_background_as_the_dataset_will_have_it(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    size = panel.session.project.settings.size
    qtbot.waitUntil(lambda: panel.details.size.text().startswith(f"{size} × {size} px"))
    panel.act["backgrounds.real_size"].setChecked(True)
    assert panel.lists.whole.currentWidget() is panel.large
    assert panel.large.pages.currentWidget() is panel.large.real
    panel.act["backgrounds.back"].trigger()
    assert panel.large.pages.currentWidget() is panel.large.crop
    panel.act["backgrounds.back"].trigger()
    assert panel.lists.whole.currentWidget() is panel.lists.list_page


def test_return_shows_it_large_and_d_goes_on(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Return)
    assert panel.lists.whole.currentWidget() is panel.large
    first = panel.current
    qtbot.keyClick(panel.large.crop, Qt.Key.Key_D)
    assert panel.current == backgrounds(panel)[1].sha256 != first
    assert panel.large.place.text() == "2 of 3"
    qtbot.keyClick(panel.large.crop, Qt.Key.Key_X)
    assert statuses(panel) == ["good", "rejected", "good"]
    qtbot.keyClick(panel.large.crop, Qt.Key.Key_Escape)
    assert panel.lists.whole.currentWidget() is panel.lists.list_page


def test_a_missing_file_is_said_where_its_picture_would_be(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    gone = backgrounds(panel)[2]
    (panel.session.folder / gone.file).unlink()
    panel.grid.choose([gone.sha256], gone.sha256)
    qtbot.waitUntil(lambda: Path(gone.file).name in panel.details.crop.message)


def test_an_empty_project_says_what_to_do(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, make_project: Callable[..., Path]
) -> None:
    with qtbot.waitSignal(window.session.opened):
        window.open_project(make_project(tmp_path, n_bg=0, n_fg=0))
    panel = window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    assert panel.lists.empty.isVisible()
    assert not panel.inspector.isVisible()
    picture = write_picture(tmp_path / "new.png", draw_background(9))
    add(panel, qtbot, [picture])
    assert panel.grid.isVisible()
    assert panel.inspector.isVisible()
    assert panel.current == backgrounds(panel)[0].sha256


def test_what_was_measured_is_there_at_the_next_start(
    panel: BackgroundsPanel, qtbot: QtBot, project_folder: Path
) -> None:
    files = sorted((project_folder / ".cache" / "thumbnails").rglob("*.jpg"))
    assert len(files) == 3
    stamps = [file.stat().st_mtime_ns for file in files]
    window = panel.window()
    assert isinstance(window, MainWindow)
    window.close_project()
    assert panel.thumbnails.metrics == {}
    with qtbot.waitSignal(window.session.opened):
        window.open_project(project_folder)
    qtbot.waitUntil(lambda: len(panel.thumbnails.metrics) == 3)
    assert [file.stat().st_mtime_ns for file in files] == stamps


def test_what_ends_the_ground_is_chosen_for_all_that_are_selected(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    walls, choice = panel.details.wall, panel.grid
    assert not walls.metres.isVisible()
    choice.choose([b.sha256 for b in backgrounds(panel)[:2]], backgrounds(panel)[0].sha256)
    walls.kind.setFocus()
    qtbot.keyClick(walls.kind, Qt.Key.Key_End)
    assert [b.wall for b in backgrounds(panel)] == ["none", "none", None]
    choice.choose([b.sha256 for b in backgrounds(panel)], backgrounds(panel)[0].sha256)
    assert walls.kind.currentText() == ""
    qtbot.keyClick(walls.kind, Qt.Key.Key_Home)
    qtbot.keyClick(walls.kind, Qt.Key.Key_Down)
    assert [b.wall for b in backgrounds(panel)] == [10.0] * 3
    assert walls.metres.isVisible()
    walls.metres.setValue(6.5)
    assert [b.wall for b in backgrounds(panel)] == [6.5] * 3
    for _ in range(panel.session.undo_stack.count()):
        panel.session.undo_stack.undo()
    assert [b.wall for b in backgrounds(panel)] == [None] * 3
    assert walls.kind.currentText() == "The settings' wall, 10 m"


def test_light_is_drawn_or_set_for_all_that_are_selected(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    light, session = panel.details.light, panel.session
    assert not light.isVisibleTo(light.parentWidget())  # nothing has a shadow
    session.change("shadows", lambda project: storage.changed(project, {"appearance.cast_shadow": [0.4, 0.4]}))
    assert light.isVisibleTo(light.parentWidget())
    assert light.kind.currentText() == "Drawn for each background"
    assert not light.values["light"].isVisibleTo(light)
    recipe = make_recipe(session.project)
    drawn = [as_set(light_of(recipe, at, OwnDraws(recipe))) for at in range(3)]
    panel.grid.choose([b.sha256 for b in backgrounds(panel)[:2]], backgrounds(panel)[0].sha256)
    light.kind.setFocus()
    qtbot.keyClick(light.kind, Qt.Key.Key_End)
    assert [own_light(b) for b in backgrounds(panel)] == [*drawn[:2], dict.fromkeys(LIGHT)]
    assert light.kind.currentIndex() == -1  # each has its own
    panel.grid.choose([backgrounds(panel)[0].sha256], backgrounds(panel)[0].sha256)
    assert light.values["elevation"].value() == drawn[0]["elevation"]
    light.values["light"].setValue(-60)
    light.values["softness"].setValue(25)
    assert own_light(backgrounds(panel)[0]) == {"light": -60, "elevation": drawn[0]["elevation"], "softness": 0.25}
    assert own_light(backgrounds(panel)[1]) == drawn[1]
    panel.grid.choose([b.sha256 for b in backgrounds(panel)], backgrounds(panel)[0].sha256)
    qtbot.keyClick(light.kind, Qt.Key.Key_Home)
    assert all(own_light(b) == dict.fromkeys(LIGHT) for b in backgrounds(panel))
    session.undo_stack.undo()
    assert own_light(backgrounds(panel)[0])["light"] == -60


def test_those_that_have_no_place_for_foregrounds_are_rejected_with_one_press(panel: BackgroundsPanel) -> None:
    remedy = RejectBackgrounds(tuple(one.file for one in backgrounds(panel)[:2]))
    assert offer(remedy) == "Reject these"
    follow(panel.session, remedy)
    assert [one.status for one in backgrounds(panel)] == ["rejected", "rejected", "good"]
    assert backgrounds(panel)[0].reason
    panel.session.undo_stack.undo()
    assert [one.status for one in backgrounds(panel)] == ["good"] * 3


def own_light(background: Background) -> dict[str, float | None]:
    return {name: getattr(background, name) for name in LIGHT}


def test_another_place_can_have_several_shown(panel: BackgroundsPanel) -> None:
    wanted = [b.sha256 for b in backgrounds(panel)][1:]
    panel.session.pictures_wanted.emit("backgrounds", wanted)
    assert (panel.current, set(panel.grid.chosen())) == (wanted[0], set(wanted))


def test_transparent_pictures_are_filled_as_the_person_says(
    panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    clear = np.dstack([draw_background(9), np.full((140, 160), 255, np.uint8)])
    clear[:, :40] = (255, 0, 255, 0)
    write_picture(tmp_path / "clear.png", clear)
    before = len(backgrounds(panel))
    panel.drop([tmp_path / "clear.png"])
    qtbot.waitUntil(panel.lists.refusals.isVisible)
    words = "Fill what is transparent with white"
    choices = [b for b in panel.lists.refusals.findChildren(QPushButton) if b.text() == words]
    qtbot.mouseClick(choices[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(backgrounds(panel)) == before + 1)
    found = read_rgb(panel.session.folder / backgrounds(panel)[-1].file)
    assert (found[:, :40] == 255).all()
    assert not panel.lists.refusals.isVisible()


def test_a_long_name_leaves_the_inspector_as_wide_as_it_is(
    panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    inside = panel.details.crop.parentWidget()
    assert inside is not None
    before = (panel.inspector.width(), inside.width(), panel.details.crop.geometry())
    picture = draw_background(1)
    for number, name in enumerate(("a" * 180, "a very long name " * 10)):
        picture[:4, :4] = number
        write_picture(tmp_path / f"{name}.png", picture)
        add(panel, qtbot, [tmp_path / f"{name}.png"])
    qtbot.waitUntil(lambda: len(panel.background_list.groups) == 1)
    panel.grid.choose(panel.grid.grid.keys[1:2], panel.grid.grid.keys[1])
    qtbot.waitUntil(lambda: panel.details.facts.isVisible() and not panel.session.jobs.busy)
    QApplication.processEvents()
    assert (panel.inspector.width(), inside.width(), panel.details.crop.geometry()) == before


def test_undo_and_redo_select_what_they_change(panel: BackgroundsPanel, qtbot: QtBot) -> None:
    keys = panel.grid.grid.keys
    panel.grid.choose(keys[:1], keys[0])
    qtbot.keyClick(panel.grid, Qt.Key.Key_P)
    panel.grid.choose(keys[2:], keys[2])
    panel.session.undo_stack.undo()
    assert panel.grid.chosen() == [keys[0]]
    assert panel.targets() == [keys[0]]
    panel.grid.choose(keys[1:], keys[1])
    panel.session.undo_stack.redo()
    assert panel.grid.chosen() == [keys[0]]
    panel.grid.choose(keys[1:3], keys[1])
    qtbot.keyClick(panel.grid, Qt.Key.Key_X)  # what is done for the first time moves nothing
    assert panel.grid.chosen() == keys[1:3]


def test_how_sharp_one_is_beside_the_others() -> None:
    assert _rank(3, [3]) == ""
    assert _rank(3, [1, 3, 2]) == "the sharpest of 3"
    assert _rank(2, [1, 3, 2]) == "sharper than 1 of 2 others"
