"""Splits in the window: tried by mouse and fields, painted in the matrix, written by nothing but Save."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.splits import SplitSettings, make_splits, read_splits
from fgbg_studio.gui.dataset.matrix import SPLIT_ROLE
from fgbg_studio.gui.dataset.panel import DatasetPanel
from tests.helpers.datasets import change_record, last
from tests.helpers.foreign import composite, mask, save


@pytest.fixture
def panel(place: DatasetPanel) -> DatasetPanel:
    return place


def show(panel: DatasetPanel, path: Path, qtbot: QtBot) -> None:
    panel.session.dataset_wanted.emit(path)
    qtbot.waitUntil(lambda: panel.contents is not None and panel.splitting.known is not None)
    settle(panel, qtbot)


def split(panel: DatasetPanel, path: Path, qtbot: QtBot) -> None:
    show(panel, path, qtbot)
    panel.act["dataset.splits"].trigger()
    qtbot.waitUntil(lambda: panel.browser.matrix.pairs.splits is not None)
    settle(panel, qtbot)


def settle(panel: DatasetPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)


def counts(panel: DatasetPanel) -> dict[str, int]:
    return {name: int(count.text()) for name, (count, _) in panel.splitting.view.counts.items()}


def codes(panel: DatasetPanel) -> list[list[int]]:
    pairs = panel.browser.matrix.pairs
    rows, columns = range(pairs.rowCount()), range(pairs.columnCount())
    return [[int(str(pairs.data(pairs.index(row, column), SPLIT_ROLE))) for column in columns] for row in rows]


def new(panel: DatasetPanel) -> tuple[list[bool], list[bool]]:
    splits = panel.browser.matrix.pairs.splits
    assert splits
    return splits.backgrounds, splits.foregrounds


def test_the_matrix_is_painted_and_nothing_is_written_before_save(
    panel: DatasetPanel, dataset: Path, qtbot: QtBot
) -> None:
    split(panel, dataset, qtbot)
    assert panel.splitting.view.isVisible()
    assert "not split" in panel.splitting.view.state.text()
    assert "would leak: each of 4 backgrounds" in panel.splitting.view.leak.text()
    assert counts(panel) == {
        "train": 16, "seen": 2, "new-background": 6, "new-foreground": 6, "both-new": 2, "none": 0,
    }  # fmt: skip
    assert sum(row.count(0) for row in codes(panel)) == 8
    panel.splitting.view.rows["background"].changed.emit("background", 0.5)
    settle(panel, qtbot)
    assert sum(new(panel)[0]) == 2
    assert not (dataset / "splits").exists()
    assert panel.act["dataset.save_splits"].isEnabled()
    panel.act["dataset.save_splits"].trigger()
    qtbot.waitUntil(lambda: (dataset / "splits" / "splits.json").exists() and not panel.session.jobs.busy)
    saved = read_splits(dataset)
    assert saved is not None
    assert saved.settings == SplitSettings(background=0.5)
    assert saved.counts == counts(panel)
    assert panel.splitting.view.state.text() == "Saved in the dataset."
    assert not panel.act["dataset.save_splits"].isEnabled()


def test_a_click_on_a_head_holds_a_picture_out_or_trains_with_it(
    panel: DatasetPanel, dataset: Path, qtbot: QtBot
) -> None:
    split(panel, dataset, qtbot)
    head, row = panel.browser.matrix.verticalHeader(), new(panel)[0].index(False)
    before = panel.browser.pair
    place = head.viewport().rect().center()
    place.setY(head.sectionViewportPosition(row) + head.sectionSize(row) // 2)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert new(panel)[0][row]
    assert panel.browser.pair == before  # it chooses nothing
    assert panel.browser.matrix.pairs.headerData(row, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole) == (
        f"bg_{row:03}: held out"
    )
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not new(panel)[0][row]
    assert panel.splitting.settings.trained_backgrounds == (f"bg_{row:03}",)
    panel.act["dataset.discard_splits"].trigger()
    assert panel.splitting.settings == SplitSettings()
    settle(panel, qtbot)


def test_what_scrolls_is_as_large_as_what_is_painted(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    show(panel, dataset, qtbot)
    matrix = panel.browser.matrix
    matrix.setFixedHeight(matrix.horizontalHeader().height() + 4 * 30)  # enough for the smaller rows alone
    qtbot.waitUntil(lambda: matrix.verticalScrollBar().maximum() > 0)
    panel.act["dataset.splits"].trigger()
    qtbot.waitUntil(lambda: matrix.pairs.splits is not None)
    assert matrix.verticalScrollBar().maximum() == 0
    panel.act["dataset.splits"].trigger()
    assert matrix.verticalScrollBar().maximum() > 0
    settle(panel, qtbot)


def test_what_is_released_for_it_is_said_and_undone(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    split(panel, dataset, qtbot)
    view, before = panel.splitting.view, new(panel)
    chosen, released = before[1].index(False), before[1].index(True)
    assert view.told.isHidden()
    panel.browser.matrix.held.emit("fg", chosen)
    assert new(panel)[1][chosen]
    assert not new(panel)[1][released]
    assert view.told.text() == f"As the fraction held out stays as it is, fg_{released:03} is trained with instead."
    view.undo.click()
    assert new(panel) == before
    assert panel.splitting.settings == SplitSettings()
    assert view.told.isHidden()
    assert view.undo.isHidden()
    settle(panel, qtbot)


def test_what_is_not_saved_is_there_again(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    split(panel, dataset, qtbot)
    assert panel.unfinished() == ""
    panel.splitting.view.rows["background"].changed.emit("background", 0.5)
    assert panel.unfinished() == f"saving the splits of {dataset.name}"
    panel.act["dataset.close"].trigger()
    assert any("are not saved" in text for text in panel.notices.texts())
    assert panel.unfinished() == f"saving the splits of {dataset.name}"
    split(panel, dataset, qtbot)
    assert panel.splitting.settings == SplitSettings(background=0.5)
    assert panel.splitting.view.state.text() == "This dataset is not split: nothing is saved yet."
    assert panel.act["dataset.save_splits"].isEnabled()
    panel.act["dataset.discard_splits"].trigger()
    panel.act["dataset.close"].trigger()
    assert panel.notices.texts() == []
    assert panel.unfinished() == ""
    settle(panel, qtbot)


def test_the_keyboard_holds_out_what_is_chosen(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    split(panel, dataset, qtbot)
    button = panel.splitting.view.hold["fg"]
    assert not button.isEnabled()
    column = new(panel)[1].index(False)
    panel.browser.matrix.setCurrentIndex(panel.browser.matrix.pairs.index(0, column))
    assert button.text() == f"Hold out fg_{column:03}"
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert new(panel)[1][column]
    assert button.text() == f"Train with fg_{column:03}"
    settle(panel, qtbot)


def test_heads_choose_again_once_splits_are_not_shown(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    split(panel, dataset, qtbot)
    panel.act["dataset.splits"].trigger()
    assert panel.browser.matrix.pairs.splits is None
    panel.browser.matrix.verticalHeader().sectionClicked.emit(1)
    assert panel.browser.pair == (1, None)
    panel.act["dataset.splits"].trigger()
    panel.act["dataset.explore"].trigger()
    assert not panel.act["dataset.splits"].isChecked()
    settle(panel, qtbot)


def test_what_is_saved_is_shown_again(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    last(make_splits(dataset, SplitSettings(background=0.5, seed=7)))
    split(panel, dataset, qtbot)
    assert panel.splitting.view.state.text() == "Saved in the dataset."
    assert panel.splitting.settings == SplitSettings(background=0.5, seed=7)
    assert not panel.act["dataset.discard_splits"].isEnabled()
    assert "Split: 10 samples to train with, 22 to judge by" in panel.training.view.splits.text()


def test_damaged_ones_are_said_and_replaced(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    last(make_splits(dataset, SplitSettings()))
    (dataset / "splits" / "splits.json").write_text("{}", encoding="utf-8")
    split(panel, dataset, qtbot)
    assert any("cannot be used" in text for text in panel.notices.texts())
    panel.act["dataset.save_splits"].trigger()
    qtbot.waitUntil(lambda: panel.splitting.view.state.text() == "Saved in the dataset.")
    settle(panel, qtbot)
    assert read_splits(dataset) is not None


def test_a_hand_made_dataset_is_split(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    for number in range(9):
        name = f"bg_{number // 3}_fg_{number % 3}_0.png"
        save(tmp_path / "hand" / "fg_bg" / name, composite(number))
        save(tmp_path / "hand" / "mask" / name, mask(number))
    split(panel, tmp_path / "hand", qtbot)
    panel.act["dataset.save_splits"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "hand" / "splits" / "splits.json").exists() and not panel.session.jobs.busy)
    assert read_splits(tmp_path / "hand") is not None


def test_what_cannot_be_split_is_not_offered(panel: DatasetPanel, dataset: Path, tmp_path: Path, qtbot: QtBot) -> None:
    change_record(dataset, complete=False)
    show(panel, dataset, qtbot)
    assert not panel.act["dataset.splits"].isEnabled()
    for number in range(3):
        save(tmp_path / "nameless" / "fg_bg" / f"{number}.png", composite(number))
        save(tmp_path / "nameless" / "mask" / f"{number}.png", mask(number))
    show(panel, tmp_path / "nameless", qtbot)
    assert not panel.act["dataset.splits"].isEnabled()


def test_what_is_trained_with_is_measured_and_its_lines_copied(
    panel: DatasetPanel, dataset: Path, qtbot: QtBot
) -> None:
    last(make_splits(dataset, SplitSettings()))
    show(panel, dataset, qtbot)
    assert not panel.act["dataset.copy_lines"].isEnabled()
    panel.act["dataset.normalise"].trigger()
    qtbot.waitUntil(lambda: panel.training.found is not None and not panel.session.jobs.busy)
    assert panel.training.found
    assert panel.training.found.samples == 16
    view = panel.training.view
    view.library.setCurrentIndex(view.library.findData("keras"))
    panel.act["dataset.copy_lines"].trigger()
    assert QGuiApplication.clipboard().text() == f"{panel.training.found.lines('keras')}\n"
    show(panel, dataset, qtbot)
    assert panel.act["dataset.copy_lines"].isEnabled()  # it is kept


def test_an_export_has_its_settings_stops_and_goes_on(
    panel: DatasetPanel, dataset: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    form, folder = panel.details.export, tmp_path / "out-tars"
    show(panel, dataset, qtbot)
    panel.act["dataset.export.webdataset"].trigger()
    assert form.export
    assert form.export.name == "webdataset"
    assert not form.begin.isEnabled()
    form.form.rows["seed"].changed.emit("seed", 5)
    form.show_folder(folder)
    assert form.begin.text() == "Export"
    assert panel.contents
    list(zip(range(3), form.export.run(dataset, folder), strict=False))  # and it is left there
    form.show_folder(folder)
    assert form.begin.text() == "Continue"
    form.begin.click()
    assert form.stop.isVisibleTo(form)
    assert not form.form.isEnabled()
    settle(panel, qtbot)
    assert not form.stop.isVisibleTo(form)
    note = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    assert note["complete"] is True
    assert note["export"]["seed"] == 5
    assert form.begin.text() == "Export"
    form.begin.click()
    form.stop.click()
    settle(panel, qtbot)
    assert "Stopped" in form.said.text()
