"""What verifying finds in the window: every file by its name, listed, filtered and saved; it goes on meanwhile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.dataset.inspect.presence import missing_files
from fgbg_studio.gui.dataset.panel import DatasetPanel
from tests.helpers.foreign import by_hand, save, without


def show(panel: DatasetPanel, path: Path, qtbot: QtBot) -> None:
    panel.show_dataset(path)
    qtbot.waitUntil(lambda: panel.contents is not None and panel.contents.path == path)


def verified(panel: DatasetPanel, qtbot: QtBot) -> None:
    panel.act["dataset.verify"].trigger()
    qtbot.waitUntil(lambda: panel.checking.report is not None)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Nine samples, seven without a mask, and what is no picture."""
    root = without(by_hand(tmp_path / "faulty", "street", 9), *(f"fg_bg_masks/*/*_{n:06}.jpg" for n in range(7)))
    (root / "Thumbs.db").write_bytes(b"x")
    return root


class TestEveryFault:
    def test_is_listed_under_its_files_name(self, place: DatasetPanel, faulty: Path, qtbot: QtBot) -> None:
        show(place, faulty, qtbot)
        verified(place, qtbot)
        more = next(b for b in place.details.faults.findChildren(QPushButton) if b.text() == "All 7…")
        more.click()
        assert place.looks.currentWidget() is place.faults
        names = [one.file for one in place.faults.faults.shown]
        assert names == [
            f"fg_bg/bg_{n % 2:02}/bg_{n % 2:02}_fg_{n:02}_{'TF'[n % 2]}_{n:06}.jpg" for n in (0, 2, 4, 6, 1, 3, 5)
        ]
        assert all((faulty / name).is_file() for name in names)
        place.faults.sorts.setCurrentIndex(0)
        assert "Thumbs.db" in [one.file for one in place.faults.faults.shown]
        place.faults.filter.setText("_000003")
        assert [one.what for one in place.faults.faults.shown][:1] == ["Mask is missing"]

    def test_what_is_no_fault_is_not_called_one(self, place: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
        root, grey = tmp_path / "whole", np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
        mask = np.where(grey % 64 < 20, np.uint8(255), np.uint8(0))
        for number in range(3):
            name = f"bg_{number:03}_fg_000_p_00.png"
            save(root / "fg_bg" / name, np.dstack([grey // 17 + number] * 3).astype(np.uint8))
            save(root / "mask" / name, mask)
            save(root / "depth" / name, grey)
        (root / "Thumbs.db").write_bytes(b"x")
        show(place, root, qtbot)
        verified(place, qtbot)
        faults = place.details.faults
        assert "nothing wrong" in faults.sentence
        assert faults.every.isVisibleTo(faults)
        assert faults.every.text() == "List what was passed over"
        (root / "Thumbs.db").unlink()
        place.act["dataset.verify"].trigger()
        assert faults.every.text() == "List all faults"
        qtbot.waitUntil(lambda: "nothing wrong" in faults.sentence)
        assert not faults.every.isVisibleTo(faults)

    def test_what_is_shown_is_saved(self, place: DatasetPanel, faulty: Path, tmp_path: Path, qtbot: QtBot) -> None:
        show(place, faulty, qtbot)
        verified(place, qtbot)
        place.act["dataset.faults"].trigger()
        place.faults.filter.setText("mask is missing")
        place.save_faults(tmp_path / "list.csv")
        place.save_faults(tmp_path / "list.txt")
        table = (tmp_path / "list.csv").read_text("utf-8").splitlines()
        assert table[0] == "file,fault"
        assert len(table) == 8
        assert table[1] == "fg_bg/bg_00/bg_00_fg_00_T_000000.jpg,Mask is missing"
        assert len((tmp_path / "list.txt").read_text("utf-8").splitlines()) == 7
        place.save_faults(tmp_path / "none" / "list.txt")
        assert "cannot be written" in place.notices.texts()[-1]

    def test_return_shows_it_and_escape_leads_back(self, place: DatasetPanel, faulty: Path, qtbot: QtBot) -> None:
        show(place, faulty, qtbot)
        verified(place, qtbot)
        place.act["dataset.faults"].trigger()
        place.faults.table.activated.emit(place.faults.faults.index(0, 0))
        qtbot.waitUntil(lambda: "has no mask" in place.triple.pictures["mask"].message)
        assert place.looks.currentWidget() is place.triple
        qtbot.keyClick(place.triple, Qt.Key.Key_Escape)
        assert place.looks.currentWidget() is place.browser


def test_files_of_others_keep_their_names(place: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    show(place, by_hand(tmp_path / "set", "office"), qtbot)
    assert place.contents
    names = {place.contents.triple(number).name for number in range(6)}
    assert names == {path.stem for path in (tmp_path / "set" / "fg_bg").iterdir()}
    assert place.browser._cell("0").tip in names


def test_verifying_goes_on_while_another_dataset_is_open(place: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    one, two = by_hand(tmp_path / "one", "street"), by_hand(tmp_path / "two", "office")
    show(place, one, qtbot)
    place.act["dataset.verify"].trigger()
    show(place, two, qtbot)
    assert place.details.faults.sentence == "Not verified yet."
    (line,) = place.details.faults.lines
    place.details.faults.say("Verifying … 2%")
    assert place.details.faults.lines == [line]  # what is below does not jump
    place.details.faults.say("Not verified yet.")
    qtbot.waitUntil(lambda: any(text.startswith("one: ") for text in place.notices.texts()))
    assert place.details.faults.sentence == "Not verified yet."
    show(place, one, qtbot)
    assert place.checking.report
    assert " files, " in place.details.faults.sentence


def test_the_dialog_begins_beside_the_project(
    place: DatasetPanel, project_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *given: begun.append(given[2]) or "")
    place.act["dataset.open"].trigger()
    assert begun == [str(project_folder.parent)]


def test_a_hand_made_set_says_who_lacks_a_picture(tmp_path: Path) -> None:
    root = by_hand(tmp_path / "set", "street")
    contents = opened(root)
    gone = contents.name("depth", 2)
    (root / gone).unlink()
    assert list(missing_files(opened(root))) == [{"depth": [opened(root).triple(2).name]}]
