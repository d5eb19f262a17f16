"""The place Dataset with a real small dataset: figures, matrix, samples, values under the pointer, verifying."""

from __future__ import annotations

import ast
import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.inspect.presence import look
from fgbg_studio.core.imaging.colour_maps import index_colours
from fgbg_studio.core.interfaces.layout import KINDS, SAMPLE_KINDS, stem
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.gui.dataset.wording import dataset_facts
from tests.conftest import MakeProject
from tests.helpers.datasets import copy, differing, make, small


@pytest.fixture
def place(place: DatasetPanel, qtbot: QtBot) -> Iterator[DatasetPanel]:
    """Left when all is done that it began."""
    yield place
    settled(place, qtbot)


@pytest.fixture
def panel(place: DatasetPanel, finished: Path, qtbot: QtBot) -> DatasetPanel:
    """`finished` is open."""
    show(place, finished, qtbot)
    return place


def settled(panel: DatasetPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)


def show(panel: DatasetPanel, path: Path, qtbot: QtBot) -> None:
    panel.session.dataset_wanted.emit(path)
    qtbot.waitUntil(lambda: panel.contents is not None or bool(panel.notices.texts()))
    settled(panel, qtbot)


def texts(panel: DatasetPanel, column: int) -> list[str]:
    table = panel.table
    items = [table.item(row, column) for row in range(table.rowCount())]
    return [item.text() for item in items if item]


def test_the_table_has_every_kind_at_once(panel: DatasetPanel) -> None:
    assert panel.table.kinds == list(KINDS)
    assert texts(panel, 1) == ["2", "2", "2", "16", "16", "16"]
    assert texts(panel, 4)[3] == "64 × 64 × 3"
    assert [len(text.split()) for text in texts(panel, 5)] == [3, 4, 1, 3, 1, 2]  # depth in metres
    assert panel.counter == "project · 16 samples"


@pytest.mark.parametrize("width", [787, 900, 2187])
def test_no_figure_is_cut(panel: DatasetPanel, width: int) -> None:
    """At 1160, 1280 and 2560 pixels: whole numbers at the right, all rows in sight, every digit in the tooltip."""
    table = panel.table
    table.resize(width, table.height())
    last = table.columnCount() - 2
    assert table.columnViewportPosition(last) + table.columnWidth(last) <= table.viewport().width()
    assert table.rowViewportPosition(5) + table.rowHeight(5) <= table.viewport().height()
    for row, column in itertools.product(range(6), (1, 2, 3, 5, 6)):
        item = table.item(row, column)
        assert item
        assert item.textAlignment() & Qt.AlignmentFlag.AlignRight
    for column in range(last + 1):
        shown = table.columnWidth(column)
        assert table.isColumnHidden(column) or table.sizeHintForColumn(column) <= shown
        head = table.horizontalHeaderItem(column)
        assert head
        assert table.isColumnHidden(column) or table.fontMetrics().horizontalAdvance(head.text()) + 14 <= shown
    composite = table.item(3, 6)
    assert composite
    assert len(composite.toolTip().split()[0]) == len("0.123456")


def test_files_differ_from_what_was_encoded(panel: DatasetPanel) -> None:
    """Both are there: the files' in the table, those before encoding below it and in the tooltip."""
    contents = panel.contents
    assert contents
    recorded = contents.reports["fg_bg"]
    recorded["of"], mean = "pixels before JPEG", recorded["mean"]
    panel.measuring.take({"fg_bg": {**recorded, "of": "files", "mean": [one + 0.01 for one in mean]}})
    before = " ".join(f"{one:.4f}" for one in mean)
    assert f"Composites before encoding: mean {before}" in panel.measuring.note.text()
    item = panel.table.item(3, 5)
    assert item
    assert item.toolTip().count("\n") == 1
    assert "(before encoding)" in item.toolTip()


def test_the_matrix_narrows_to_a_pair_a_row_and_all(panel: DatasetPanel, qtbot: QtBot) -> None:
    matrix, contents = panel.browser.matrix, panel.contents
    assert contents
    assert (matrix.pairs.rowCount(), matrix.pairs.columnCount()) == (2, 2)
    matrix.setCurrentIndex(matrix.pairs.index(1, 0))
    assert panel.browser.grid.grid.keys == [str(number) for number in contents.numbers(1, 0)]
    assert "bg_001 · fg_000" in panel.browser.heading.text()
    matrix.verticalHeader().sectionClicked.emit(0)
    assert len(panel.browser.grid.grid.keys) == 8
    panel.browser.everything.click()
    assert len(panel.browser.grid.grid.keys) == 16


def test_thumbnails_of_cells_and_heads_arrive(panel: DatasetPanel, qtbot: QtBot) -> None:
    loader = panel.browser.pairs_loader
    first = panel.browser.matrix.pairs.first(1, 1)
    assert first is not None
    qtbot.waitUntil(lambda: loader.pixmap(("fg_bg", first)) is not None and loader.pixmap(("fg", 1)) is not None)
    qtbot.waitUntil(lambda: panel.browser.loader.pixmap(("fg_bg", 0)) is not None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_grid(panel: DatasetPanel, qtbot: QtBot, kind: str) -> None:
    panel.table.choose(kind)
    assert len(panel.browser.grid.grid.keys) == (16 if kind in SAMPLE_KINDS else 2)
    qtbot.waitUntil(lambda: panel.browser.loader.pixmap((kind, 1)) is not None)
    assert panel.browser.matrix.isVisible() == (kind in SAMPLE_KINDS)
    assert panel.details.sample.isVisibleTo(panel) == (kind in SAMPLE_KINDS)


def test_a_background_leads_to_its_samples(panel: DatasetPanel) -> None:
    panel.table.choose("bg")
    panel.browser.grid.opened.emit("1")
    assert panel.table.chosen() == "fg_bg"
    assert panel.browser.pair == (1, None)


def test_a_sample_large_with_its_values_in_metres(panel: DatasetPanel, qtbot: QtBot) -> None:
    contents = panel.contents
    assert contents
    panel.browser.grid.opened.emit("5")
    qtbot.waitUntil(lambda: panel.triple.name.text() == contents.triple(5).name)
    assert panel.looks.currentWidget() is panel.triple
    panel.triple.pictures["mask"].hovered.emit((0.5, 0.75))
    image, mask, depth = (contents.pixels(kind, 5)[48, 32] for kind in SAMPLE_KINDS)
    said = panel.triple.reading.text()
    assert "x 32  y 48" in said
    assert f"R {image[0]}  G {image[1]}  B {image[2]}" in said
    assert f"mask {mask}" in said
    assert f"{depth / 1000:.2f} m" in said
    panel.triple.pictures["mask"].hovered.emit(None)
    assert "Point at" in panel.triple.reading.text()


def test_a_sample_of_several_objects_shows_its_index_map(
    place: DatasetPanel, tmp_path: Path, make_project: MakeProject, qtbot: QtBot
) -> None:
    scene = ("scene.objects.least=2", "scene.objects.most=2", "scene.instances=true")
    make(make_project(tmp_path, n_bg=1, changes=small("studio-256", *scene), name="scene"), tmp_path / "out")
    show(place, tmp_path / "out", qtbot)
    contents, triple = place.contents, place.triple
    assert contents
    place.browser.grid.opened.emit("1")
    qtbot.waitUntil(lambda: triple.name.text() == contents.triple(1).name)
    assert triple.pictures["instances"].pixmap
    indices = contents.pixels("instances", 1)
    for index, said in ((0, "no object"), (1, "object 1")):
        row, column = np.argwhere(indices == index)[0]
        triple.pictures["instances"].hovered.emit(((column + 0.5) / indices.shape[1], (row + 0.5) / indices.shape[0]))
        assert triple.reading.text().endswith(said)
    lines = (tmp_path / "out" / "objects.jsonl").read_text("utf-8").splitlines()
    told = [one for one in map(json.loads, lines) if one["sample"] == triple.name.text()]
    assert [triple.objects.rowCount(), triple.objects.isHidden()] == [len(told), False]
    named = {title: words for title, words in contents.triple(1).facts if title.startswith("Object")}
    assert [place.details.sample_facts.isHidden(), list(named)] == [False, ["Object 1", "Object 2"]]
    assert [named[f"Object {one['index']}"].partition(" (")[0] for one in told] == [one["foreground"] for one in told]
    for row, one in enumerate(sorted(told, key=lambda one: one["index"])):
        items = [triple.objects.item(row, column) for column in range(7)]
        shares = one["visible_area"] / one["amodal_area"], one["occluded"], one["cut"]
        assert [item.text() for item in items if item] == [
            str(one["index"]), "–", one["foreground"], *(f"{share:.0%}" for share in shares),
            f"{one['contact_depth']:.2f} m",
        ]  # fmt: skip
        number = items[0]
        assert number
        shown = tuple(index_colours(np.array([[one["index"]]], np.uint8))[0, 0].tolist())
        assert number.data(Qt.ItemDataRole.DecorationRole).getRgb()[:3] == shown
    (tmp_path / "out" / "objects.jsonl").write_text("\n".join(["{", *lines[1:]]).replace("visible_area", "x"), "utf-8")
    place.browser.grid.opened.emit("0")
    qtbot.waitUntil(lambda: triple.name.text() == contents.triple(0).name)
    assert triple.objects.isHidden()


def test_the_slider_lays_the_depth_over_the_composite(panel: DatasetPanel, qtbot: QtBot) -> None:
    panel.browser.grid.opened.emit("0")
    qtbot.waitUntil(lambda: panel.triple.name.text() != "")
    picture = panel.triple.pictures["fg_bg"]
    before = picture.grab().toImage()
    panel.triple.blend.setValue(60)
    assert picture.grab().toImage() != before
    panel.act["dataset.grey"].trigger()
    panel.triple.blend.setValue(0)
    assert picture.grab().toImage() == before


def test_keys_go_through_the_samples_and_back(panel: DatasetPanel, qtbot: QtBot) -> None:
    panel.browser.grid.setFocus()
    qtbot.keyClick(panel.browser.grid, Qt.Key.Key_V)
    assert panel.looks.currentWidget() is panel.triple
    qtbot.keyClick(panel.triple, Qt.Key.Key_D)
    assert panel.browser.current() == 1
    qtbot.waitUntil(lambda: panel.triple.place.text() == "2 / 16")
    qtbot.keyClick(panel.triple, Qt.Key.Key_A)
    assert panel.browser.current() == 0
    qtbot.keyClick(panel.triple, Qt.Key.Key_Escape)
    assert panel.looks.currentWidget() is panel.browser


def test_search_finds_a_sample_by_number_and_name(panel: DatasetPanel, qtbot: QtBot) -> None:
    contents = panel.contents
    assert contents
    panel.search("13")
    qtbot.waitUntil(lambda: panel.browser.current() == 13)
    panel.search(contents.triple(6).name)
    qtbot.waitUntil(lambda: panel.browser.current() == 6)
    panel.search("no such name")
    qtbot.waitUntil(lambda: panel.notices.texts() == ["No sample has that number, and no file that name."])


def test_mean_and_sigma_are_python(panel: DatasetPanel, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("")
    panel.act["dataset.copy"].trigger()  # which measures the files first
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))
    assert panel.measuring.reports["fg_bg"]["of"] == "files"
    text = QGuiApplication.clipboard().text()
    names, values = text.split(" = ")
    assert names == "mean, std"
    mean, std = ast.literal_eval(values)
    assert mean == pytest.approx(panel.measuring.reports["fg_bg"]["mean"], abs=1e-5)
    assert std == pytest.approx(panel.measuring.reports["fg_bg"]["std"], abs=1e-5)
    assert text in panel.details.copied.text()
    panel.details.kind.setCurrentIndex(panel.details.kind.findData("mask"))
    panel.act["dataset.copy"].trigger()
    mean, std = ast.literal_eval(QGuiApplication.clipboard().text().split(" = ")[1])
    assert len(mean) == len(std) == 1


def test_verifying_says_that_nothing_is_wrong(panel: DatasetPanel, qtbot: QtBot) -> None:
    panel.act["dataset.verify"].trigger()
    qtbot.waitUntil(lambda: panel.details.faults.sentence.startswith("54 files, nothing wrong · "))
    assert not panel.details.faults.repair.isVisible()


def test_faults_are_listed_shown_and_repaired(
    place: DatasetPanel, finished: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    root = copy(finished, tmp_path / "copy")
    show(place, root, qtbot)
    contents = place.contents
    assert contents
    mask = contents.name("mask", 4)
    (root / mask).write_bytes((root / mask).read_bytes()[:40])
    (root / contents.name("depth", 7)).unlink()
    place.act["dataset.verify"].trigger()
    qtbot.waitUntil(lambda: place.checking.report is not None)
    assert ", 3 faults · " in place.details.faults.sentence  # dataset.json counts one depth map more
    example = next(b for b in place.details.faults.findChildren(QPushButton) if stem(mask) in b.text())
    example.click()
    settled(place, qtbot)
    assert place.browser.current() == 4
    assert stem(mask) in place.triple.pictures["mask"].message
    assert place.details.faults.repair.isVisible()
    place.details.faults.repair.click()
    qtbot.waitUntil(lambda: "nothing wrong" in place.details.faults.sentence)
    assert {*differing(root, finished)} <= {"README.md", "dataset.json"}  # which say what was measured now
    settled(place, qtbot)
    assert place.triple.pictures["mask"].message == ""


def test_a_sample_is_made_again_elsewhere(panel: DatasetPanel, finished: Path, tmp_path: Path, qtbot: QtBot) -> None:
    panel.checking.make_again(3, tmp_path)
    settled(panel, qtbot)
    assert panel.contents
    for kind in SAMPLE_KINDS:
        name = panel.contents.name(kind, 3)
        assert (tmp_path / name).read_bytes() == (finished / name).read_bytes()
    assert "Recreated in" in panel.notices.texts()[0]


def test_a_sample_that_is_right_is_left_alone(panel: DatasetPanel, qtbot: QtBot) -> None:
    panel.act["dataset.mend"].trigger()
    settled(panel, qtbot)
    assert "nothing was changed" in panel.notices.texts()[0]


def test_the_card_is_exported(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    assert panel.contents
    panel.exporter.write_card(panel.contents, tmp_path / "card")
    settled(panel, qtbot)
    assert (tmp_path / "card" / "README.md").is_file()
    assert (tmp_path / "card" / "card.html").read_text("utf-8").startswith("<!doctype html>")
    assert len(list((tmp_path / "card" / "card").glob("*.jpg"))) == len(KINDS)
    assert "card.html" in panel.notices.texts()[0]


def test_many_samples_are_shown_from_everywhere_or_page_by_page(
    panel: DatasetPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fgbg_studio.gui.dataset import browser

    monkeypatch.setattr(browser, "SPREAD", 5)
    monkeypatch.setattr(browser, "PAGE", 6)
    panel.browser.choose(None, None)
    keys = panel.browser.grid.grid.keys
    assert len(set(keys)) == 5
    assert "5 of 16 at random" in panel.browser.heading.text()
    panel.act["dataset.in_order"].trigger()
    assert panel.browser.grid.grid.keys == list("012345")
    panel.browser.later.click()
    panel.browser.later.click()
    assert panel.browser.grid.grid.keys == ["12", "13", "14", "15"]
    assert not panel.browser.later.isEnabled()
    assert "13 to 16 of 16" in panel.browser.heading.text()


def test_pictures_keep_their_pixels_in_the_triple(panel: DatasetPanel, qtbot: QtBot) -> None:
    panel.browser.grid.opened.emit("2")
    qtbot.waitUntil(lambda: panel.triple.name.text() != "")
    place = panel.triple.pictures["mask"].place()
    assert place.width() * panel.devicePixelRatioF() % 64 == 0
    assert np.isclose(place.width(), place.height())


def test_what_was_deleted_is_said_at_once(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    """Without verifying: the notice names it, table and inspector count what is there."""
    assert panel.contents
    copy = tmp_path / "copy"
    shutil.copytree(panel.contents.path, copy)
    names = [panel.contents.name("mask", 3), panel.contents.name("depth", 0), panel.contents.name("depth", 5)]
    for name in names:
        (copy / name).unlink()
    panel.show_dataset(copy)
    qtbot.waitUntil(lambda: panel.contents is not None and bool(panel.contents.missing))
    assert panel.contents.missing == {"mask": names[:1], "depth": names[1:]}
    assert names[0] in "".join(panel.notices.texts())
    rows = {kind: panel.table.item(row, 1) for row, kind in enumerate(panel.table.kinds)}
    assert [item.text() for item in rows.values() if item] == ["2", "2", "2", "16", "15", "14"]
    assert any("Masks: 1" in said for said in map(str, dataset_facts(panel.contents)))
    assert look(copy) == panel.contents.missing
