"""Opening datasets in the window: archives, other hands', unfinished and damaged ones, by drop and from the list."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base import mirrored_file, mirrors
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.dataset.panel import DatasetPanel
from tests.conftest import MakeProject
from tests.helpers.datasets import make, small, tree
from tests.helpers.foreign import by_hand, save, without


@pytest.fixture
def place(place: DatasetPanel, qtbot: QtBot) -> Iterator[DatasetPanel]:
    """Left when all is done that it began."""
    yield place
    settled(place, qtbot)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Path:
    return make_project(tmp_path_factory.mktemp("opening"), n_bg=2, n_fg=2, changes=small("studio-256"))


def settled(panel: DatasetPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)


def show(panel: DatasetPanel, path: Path, qtbot: QtBot) -> None:
    panel.show_dataset(path)
    settled(panel, qtbot)


def test_the_empty_place_says_what_to_do(place: DatasetPanel) -> None:
    assert place.pages.currentWidget() is place.empty
    assert not place.inspector.isVisible()
    assert [b.text() for b in place.empty.findChildren(QPushButton)] == ["Open dataset"]
    for name in ("verify", "copy", "export_card", "make_again", "mend", "count", "close", "large"):
        assert not place.act[f"dataset.{name}"].isEnabled(), name


def test_the_session_shows_a_dataset_from_any_place(
    open_window: MainWindow, place: DatasetPanel, project: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    make(project, tmp_path / "out")
    open_window.workspace.show_place("backgrounds")
    open_window.session.dataset_wanted.emit(tmp_path / "out")
    settled(place, qtbot)
    assert open_window.workspace.current is place
    assert place.contents
    assert place.contents.samples == 16


def test_the_projects_own_dataset_opens_by_itself(
    open_window: MainWindow, project_folder: Path, project: Path, qtbot: QtBot
) -> None:
    make(project, project_folder.with_name(f"{project_folder.name}-dataset"))
    open_window.workspace.show_place("dataset")
    panel = open_window.workspace.current
    assert isinstance(panel, DatasetPanel)
    settled(panel, qtbot)
    assert panel.contents


@pytest.mark.parametrize("writer", ["zip", "tar"])
def test_archives_are_browsed_and_repaired(
    place: DatasetPanel, project: Path, tmp_path: Path, qtbot: QtBot, writer: str
) -> None:
    root = tmp_path / "out"
    make(project, root, writer=writer)
    before = tree(root)
    show(place, root, qtbot)
    qtbot.waitUntil(lambda: place.browser.loader.pixmap(("fg_bg", 3)) is not None)
    assert place.act["dataset.make_again"].isEnabled()
    assert place.act["dataset.mend"].isEnabled()
    archive = root / ("mask-00001.zip" if writer == "zip" else "shard-00001.tar")
    archive.write_bytes(archive.read_bytes()[:700])
    place.act["dataset.verify"].trigger()
    settled(place, qtbot)
    assert "faults" in place.details.faults.sentence
    place.details.faults.repair.click()
    qtbot.waitUntil(lambda: "nothing wrong" in place.details.faults.sentence, timeout=15_000)
    assert tree(root)[archive.name] == before[archive.name]


def test_a_dataset_in_one_zip(place: DatasetPanel, project: Path, tmp_path: Path, qtbot: QtBot) -> None:
    make(project, tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted(p for p in (tmp_path / "out").rglob("*") if p.is_file()):
            archive.write(path, f"out/{path.relative_to(tmp_path / 'out').as_posix()}")
    assert place.accepts([tmp_path / "all.zip"]) == "Open this dataset"
    place.drop([tmp_path / "all.zip"])
    settled(place, qtbot)
    assert place.contents
    assert place.contents.samples == 16
    assert place.measuring.reports
    assert not place.act["dataset.export_card"].isEnabled()
    assert not place.act["dataset.make_again"].isEnabled()


def test_other_hands_are_counted_and_verified(place: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    root = without(by_hand(tmp_path / "course", "course"), "fg_bg_mask/*_000003.jpg")
    show(place, root, qtbot)
    assert place.measuring.reports["fg_bg"]["count"] == 6
    assert place.act["dataset.copy"].isEnabled()
    assert not place.act["dataset.export_card"].isEnabled()
    place.act["dataset.verify"].trigger()
    settled(place, qtbot)
    assert place.checking.report
    assert place.checking.report.groups["mask is missing"].count == 1
    example = next(b for b in place.details.faults.findChildren(QPushButton) if "000003" in b.text())
    example.click()
    settled(place, qtbot)
    assert "has no mask" in place.triple.pictures["mask"].message


def test_a_set_of_fewer_kinds_shows_the_kind_that_was_looked_at(
    place: DatasetPanel, project: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    make(project, tmp_path / "own")
    show(place, tmp_path / "own", qtbot)
    assert place.table.rowCount() == 6
    for kind in ("fg_bg", "mask", "depth"):
        save(tmp_path / "set" / kind / "bg_000_fg_000_p_00.png", np.zeros((64, 64), np.uint8))
    show(place, tmp_path / "set", qtbot)
    assert place.table.rowCount() == 3
    assert place.browser.kind == place.table.chosen() == "fg_bg"


def test_counting_is_stopped_and_begun_again(place: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    place.show_dataset(by_hand(tmp_path / "set", "street"))
    qtbot.waitUntil(lambda: place.measuring.counter is not None or bool(place.measuring.reports))
    if place.measuring.counter:
        place.measuring.counter.cancel()
    settled(place, qtbot)
    if not place.measuring.reports:  # it may have been quicker
        assert "not computed yet" in place.measuring.note.text()
    place.act["dataset.count"].trigger()
    settled(place, qtbot)
    assert place.measuring.reports["depth"]["count"] == 6


def test_a_run_that_was_stopped_says_how_far_it_is(
    place: DatasetPanel, project: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    control = EventControl()
    for step in generate(project, tmp_path / "out", Options(engine="inline"), control):
        if step.phase == "making samples" and step.done >= 5:
            control.cancel()
    show(place, tmp_path / "out", qtbot)
    assert "of 16 samples are made; Generate makes the others" in place.notices.texts()[0]
    assert place.browser.grid.grid.keys
    assert not place.act["dataset.export_card"].isEnabled()
    make(project, tmp_path / "out")
    place.session.dataset_made.emit(tmp_path / "elsewhere")
    assert place.notices.texts()
    place.session.dataset_made.emit(tmp_path / "out")  # as the place Generate does
    settled(place, qtbot)
    assert place.notices.texts() == []
    assert place.act["dataset.export_card"].isEnabled()


@pytest.mark.parametrize("name", ["gone", "bad.zip", "half"])
def test_what_cannot_be_opened_is_said_with_its_name(
    place: DatasetPanel, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    path = tmp_path / name
    if name == "bad.zip":
        path.write_bytes(b"PK no zip")
    elif name == "half":
        path.mkdir()
        (path / "dataset.json").write_bytes(b'{"format": 1, "sam')
    show(place, path, qtbot)
    assert name in place.notices.texts()[0]
    assert place.contents is None
    assert place.pages.currentWidget() is place.empty


def test_what_was_opened_is_offered_again(place: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    root = by_hand(tmp_path / "street-set", "street")
    show(place, root, qtbot)
    place.act["dataset.close"].trigger()
    assert place.contents is None
    line = [b for b in place.recent.findChildren(QPushButton) if b.text() == "street-set"][-1]
    qtbot.waitUntil(line.isVisible)
    line.click()
    settled(place, qtbot)
    assert place.contents


def test_pictures_are_no_dataset_to_drop(place: DatasetPanel, tmp_path: Path) -> None:
    assert place.accepts([tmp_path / "a.jpg"]) == ""
    assert place.accepts([tmp_path, tmp_path]) == ""
    assert place.accepts([tmp_path]) != ""


def test_closing_the_project_closes_the_dataset(
    open_window: MainWindow, place: DatasetPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    place.show_dataset(by_hand(tmp_path / "set", "office"))
    open_window.session.close()
    settled(place, qtbot)
    assert place.contents is None
    assert place._opening is None


def test_at_an_address_it_is_shown_and_nothing_is_written(
    place: DatasetPanel, dataset: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setenv(mirrors.CACHE_VARIABLE, str(tmp_path / "cache"))
    forget = (mirrors.mirrors_folder.cache_clear, mirrors._prefix.cache_clear, mirrored_file._remote.cache_clear)
    for one in forget:
        one()
    memory = fsspec.filesystem("memory")
    memory.put(str(dataset), "/window/rooms", recursive=True)
    try:
        place.address.setText("memory://window/rooms")
        place.address.returnPressed.emit()
        qtbot.waitUntil(lambda: place.contents is not None and not place.session.jobs.busy)
        assert place.contents
        assert place.details.path.text().replace("\u200b", "") == "memory://window/rooms"
        assert place.contents.samples == 32
        place.browser.grid.opened.emit("1")
        qtbot.waitUntil(lambda: place.triple.name.text() != "" and place.triple.pictures["fg_bg"].pixmap is not None)
        enabled = {name for name, act in place.act.items() if act.isEnabled()}
        writing = {"splits", "try", "mend", "complete", "show_folder", "export_card"}
        assert not enabled & {f"dataset.{name}" for name in writing}
        assert "dataset.verify" in enabled
        before = memory.find("/window/rooms")
        place.show_dataset(place.contents.path)  # as from the recent ones: it is listed anew
        qtbot.waitUntil(lambda: place.contents is not None and not place.session.jobs.busy)
        assert memory.find("/window/rooms") == before
        place.act["dataset.close"].trigger()
        place.address.setText("memory://window/nothing")
        place.address.returnPressed.emit()
        qtbot.waitUntil(lambda: bool(place.notices.texts()))
        assert "There is nothing at memory://window/nothing" in place.notices.texts()[0]
    finally:
        memory.rm("/window", recursive=True)
        for one in forget:
            one()
