"""Samples excluded where they are seen: in the grid, large, and in the comparison; and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.formatting import product
from fgbg_studio.gui.preview.exclusion import context_menu
from fgbg_studio.gui.preview.panel import PreviewPanel
from tests.conftest import MakeProject
from tests.helpers.previews import Preview


@pytest.fixture
def preview(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> Preview:
    return Preview(window, qtbot, make_project, tmp_path)


def excluded(panel: PreviewPanel) -> list[int]:
    return [int(n) for n in Plan(make_recipe(panel.session.project)).excluded]


def test_x_excludes_in_the_grid_and_p_takes_back(preview: Preview, qtbot: QtBot) -> None:
    panel = preview.open()
    numbers = panel.samples.numbers
    panel.grid.choose(["4"], "4")
    cell = panel.cells.cell("4")
    assert cell.name == cell.spoken.partition(",")[0]
    assert cell.name.startswith("bg_00")
    assert not cell.dimmed
    qtbot.keyClick(panel.grid, Qt.Key.Key_X)
    assert excluded(panel) == [numbers[4]]
    preview.settle(panel)
    assert panel.samples.numbers == numbers
    assert panel.grid.current() == "4"
    cell = panel.cells.cell("4")
    assert (cell.dimmed, cell.mark) == (True, "excluded")
    assert "− 1 excluded = 35 samples" in product(panel.session.project)
    assert not panel.act["preview.exclude"].isEnabled()
    qtbot.keyClick(panel.grid, Qt.Key.Key_P)
    assert excluded(panel) == []
    panel.session.undo_stack.undo()
    assert excluded(panel) == [numbers[4]]
    panel.session.undo_stack.undo()
    assert excluded(panel) == []


def test_another_sample_in_the_same_place_is_not_taken_for_the_excluded_one(preview: Preview) -> None:
    panel = preview.open()
    panel.grid.choose(["0"], "0")
    panel.act["preview.exclude"].trigger()
    preview.settle(panel)
    panel.act["preview.shuffle"].trigger()
    preview.settle(panel)
    assert panel.grid.current() == "0"
    assert panel.samples.numbers[0] not in excluded(panel)
    assert panel.act["preview.exclude"].isEnabled()
    assert not panel.act["preview.include"].isEnabled()


def test_pair_and_pictures_by_the_menu(preview: Preview) -> None:
    panel = preview.open()
    panel.grid.choose(["0"], "0")
    menu = context_menu(panel, panel.act)
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        "Exclude from the dataset", "Include again", "Exclude this pair", "Exclude all samples of this background",
        "Exclude all samples of this foreground", "View large", "Copy the sample's name",
    ]  # fmt: skip
    for name, count, mark in (
        ("exclude_pair", 6, "pair excluded"), ("exclude_background", 12, "background excluded"),
    ):  # fmt: skip
        panel.act[f"preview.{name}"].trigger()
        assert len(excluded(panel)) == count
        assert panel.cells.cell("0").mark == mark
    panel.act["preview.include"].trigger()
    assert excluded(panel) == []
    panel.act["preview.exclude_foreground"].trigger()
    assert len(excluded(panel)) == 18
    menu.deleteLater()


def test_the_large_view_says_it_and_excludes_too(preview: Preview, qtbot: QtBot) -> None:
    panel = preview.open()
    panel.grid.opened.emit("2")
    name = panel.cells.cell("2").name
    assert panel.large.header.name.text() == name
    panel.act["preview.copy_name"].trigger()
    assert QGuiApplication.clipboard().text() == name
    qtbot.keyClick(panel.large.view, Qt.Key.Key_X)
    assert excluded(panel) == [panel.samples.numbers[2]]
    assert panel.large.header.excluded.text() == "excluded"
    qtbot.keyClick(panel.large.view, Qt.Key.Key_D)
    assert panel.large.header.excluded.text() == ""
    qtbot.keyClick(panel.large.view, Qt.Key.Key_A)
    qtbot.keyClick(panel.large.view, Qt.Key.Key_P)
    assert excluded(panel) == []
    assert panel.large.header.excluded.text() == ""
