"""What the place Generate says in words, and what it finds in a folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.shard import PHASES
from fgbg_studio.core.dataset.target import Found, TargetState
from fgbg_studio.gui.app.closing import question
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.generate.notifier import Notifier
from fgbg_studio.gui.generate.pre_run_checks import existing
from fgbg_studio.gui.session.run_options import RunOptions, recall, remember
from fgbg_studio.gui.session.session import Session


class TestWords:
    def test_progress(self) -> None:
        step = RunProgress("making samples", 146_220, 400_000, 9870.4, 21.2)
        assert wording.progress_text(step, moving=True) == "146,220 of 400,000 · 9,870 a second · 21 s left"
        assert wording.progress_text(step, moving=False) == "146,220 of 400,000"
        assert wording.progress_text(None, moving=True) == ""
        assert wording.progress_text(RunProgress("finishing", 0, 1), moving=True) == "", "0 of 1 says nothing"
        assert wording.heading(step) == "Making samples"
        assert wording.heading(None) == "Starting"

    @pytest.mark.parametrize(
        ("phase", "text"),
        [("compose", "composing"), ("encode", "encoding"), ("write", "writing"), ("sync", "syncing the disk")],
    )
    def test_bound_by(self, phase: str, text: str) -> None:
        assert wording.bound_by({**dict.fromkeys(PHASES, 0.1), phase: 0.6}) == f"bound by {text}"
        assert wording.bound_by({}) == ""


class TestOutlook:
    def test_what_is_in_the_folder(self) -> None:
        begun = TargetState(Found.UNFINISHED, 16, 10, Path("out-2"))
        assert "10 of 16" in wording.target_text(begun, "out")
        other = TargetState(Found.OTHER, 16, 10, Path("out-2"))
        assert "other pictures or settings" in wording.target_text(other, "out")

    def test_the_disk_of_a_folder_that_is_not_there_yet(self, tmp_path: Path) -> None:
        assert existing(tmp_path / "a" / "b" / "c") == tmp_path


def test_a_run_s_choices_are_kept_for_each_project(session: Session, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    remember(session.settings, one, RunOptions(tmp_path / "elsewhere", 100, 2))
    assert recall(session.settings, one) == RunOptions(tmp_path / "elsewhere", 100, 2)
    assert recall(session.settings, two) == RunOptions(tmp_path / "two-dataset")


def test_says_the_end_only_to_a_person_who_is_elsewhere(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts: list[QWidget] = []
    monkeypatch.setattr(QApplication, "alert", alerts.append)
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    window = QWidget()
    qtbot.addWidget(window)
    notifier = Notifier(window)
    assert notifier.tell("Finished", "all of it")
    assert alerts == [window]
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    assert not notifier.tell("Finished", "all of it")
    assert len(alerts) == 1


class TestWindow:
    def test_show_goes_to_the_picture(self, open_window: MainWindow, qtbot: QtBot) -> None:
        session, workspace = open_window.session, open_window.workspace
        workspace.show_place("generate")
        background = session.project.backgrounds[2]
        session.picture_wanted.emit("backgrounds", background.sha256)
        assert workspace.current.place == "backgrounds"
        assert workspace.current.current == background.sha256  # type: ignore[attr-defined]
        foreground = session.project.foregrounds[1]
        session.picture_wanted.emit("foregrounds", foreground.sha256)
        assert workspace.current.place == "foregrounds"
        assert workspace.current.controller.wanted == session.folder / foreground.file  # type: ignore[attr-defined]
        session.dataset_wanted.emit(session.folder)
        assert workspace.current.place == "dataset"

    def test_the_job_in_the_bottom_line_leads_here(self, open_window: MainWindow, qtbot: QtBot) -> None:
        open_window.workspace.bottom.job.click()
        assert open_window.workspace.current.place == "generate"
        qtbot.waitUntil(lambda: not open_window.session.jobs.busy)

    def test_closing_says_what_is_not_finished_once(self, open_window: MainWindow) -> None:
        asked = question(open_window, open_window.session, ["generating (5 of 10)"])
        assert asked.sentences == ["Not finished: generating (5 of 10)."]
        assert "not finished" not in asked.title.lower()
        assert asked.buttons["stay"].isDefault()  # Enter ends nothing that runs
        assert asked.answer == "stay"
        open_window.session.change("rename", lambda p: p.model_copy(update={"name": "other"}))
        assert question(open_window, open_window.session, ["generating"]).buttons["stay"].isDefault()
        assert question(open_window, open_window.session, []).buttons["save"].isDefault()

    def test_the_title_says_how_far_a_run_is(self, open_window: MainWindow, qtbot: QtBot) -> None:
        steps, name = threading.Event(), open_window.session.project.name

        def job() -> Iterator[Progress]:
            yield RunProgress("preparing pictures", 4, 4)
            yield RunProgress("making samples", 44, 99)
            steps.wait(30)

        open_window.session.jobs.run("generating", job, visible=True)
        qtbot.waitUntil(lambda: open_window.windowTitle() == f"44 % · {name}[*] — FGBG Studio")
        steps.set()
        qtbot.waitUntil(lambda: open_window.windowTitle() == f"{name}[*] — FGBG Studio")

    def test_what_is_shown_has_a_way_back(self, open_window: MainWindow) -> None:
        session, workspace, back = open_window.session, open_window.workspace, open_window.workspace.bottom.back
        session.picture_wanted.emit("backgrounds", session.project.backgrounds[0].sha256)
        assert back.isHidden()
        workspace.show_place("generate")
        session.picture_wanted.emit("foregrounds", session.project.foregrounds[0].sha256)
        assert workspace.current.place == "foregrounds"
        assert (back.isHidden(), back.text()) == (False, "Back to Generate")
        back.click()
        assert workspace.current.place == "generate"
        assert back.isHidden()
