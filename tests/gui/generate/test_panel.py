"""The place Generate with the real engine: made, paused, stopped, continued, and what it says meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.dataset.check import HEIGHT_ASSUMED
from fgbg_studio.core.dataset.inspect.survey import Survey, survey
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.target import Found
from fgbg_studio.core.dataset.writers.sets import Sets
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.project import storage
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.generate.run import RunState
from fgbg_studio.gui.lib.formatting import job_text
from fgbg_studio.gui.session.run_options import default_folder, recall
from fgbg_studio.gui.session.session import Session
from tests.helpers import tiny_onnx
from tests.helpers.datasets import haze, make, small


@pytest.fixture
def project_folder(tmp_path: Path, make_project: Callable[..., Path]) -> Path:
    """2 × 2 × 2 × 60 = 480 samples in 12 shards, whose pictures are stored as they were composed."""
    changes = ["placements=60", "shard=40", "codecs.fg_bg.format=png"]
    return make_project(tmp_path, changes=[*small("studio-256"), *changes])


@pytest.fixture
def panel(qtbot: QtBot, open_session: Session) -> Iterator[GeneratePanel]:
    """The place, entered; nothing is measured yet."""
    made = GeneratePanel(open_session)
    qtbot.addWidget(made)
    open_session.opened.emit()
    made.resize(1000, 700)
    made.show()
    made.entered()
    yield made
    open_session.jobs.stop()


def looked(panel: GeneratePanel, qtbot: QtBot) -> None:
    """Wait until nothing is asked any more."""
    qtbot.waitUntil(lambda: not panel.checks._timer.isActive() and not panel.session.jobs.busy)


def until(panel: GeneratePanel, qtbot: QtBot, state: RunState) -> None:
    qtbot.waitUntil(lambda: panel.run.state is state)


def made(panel: GeneratePanel) -> int:
    return panel.run.newest.done if panel.run.newest and panel.run.newest.phase == "making samples" else 0


def recorded_mean(out: Path, kind: str) -> float:
    return float(json.loads((out / "dataset.json").read_bytes())["statistics"][kind]["mean"][0])


def texts(panel: GeneratePanel) -> str:
    return panel.log.text()


class TestBefore:
    def test_says_the_multiplication_and_a_measured_forecast(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        assert "Measuring" in panel.forecast.disk.text()
        assert not panel.forecast.busy.isHidden()
        looked(panel, qtbot)
        assert [line.text() for line in panel.forecast.equation.numbers] == ["2", "2", "2", "60", "480"]
        assert panel.checks.forecast is not None
        assert panel.checks.forecast.samples == 480
        assert "of 480 samples 480 were looked at" in panel.forecast.toolTip()
        assert "free" in panel.forecast.disk.text()
        assert "composites" in panel.forecast.disk_more.text()
        assert "process" in panel.forecast.time.text()
        assert panel.forecast.busy.isHidden()
        assert panel.act["generate.start"].isEnabled()
        assert panel.act["generate.start"].text() == "Generate"

    def test_limit_and_processes_scale_the_forecast_without_measuring_anew(
        self, panel: GeneratePanel, qtbot: QtBot
    ) -> None:
        looked(panel, qtbot)
        whole = panel.checks.forecast
        assert whole is not None
        pilots = []
        panel.checks.measuring.connect(lambda: pilots.append(1))
        panel.form.limit.setValue(48)
        panel.form.workers.setValue(1)
        looked(panel, qtbot)
        part = panel.checks.forecast
        assert part is not None
        assert pilots == []
        assert part.total_bytes == pytest.approx(whole.total_bytes / 10, rel=0.01)
        assert part.seconds == pytest.approx(whole.seconds * whole.workers / 10)
        assert "48 are made, spread evenly" in panel.forecast.equation.names[-1].text()
        assert recall(panel.session.settings, panel.session.folder) == panel.choices

    def test_a_number_that_is_being_typed_outlives_a_change_of_the_project(
        self, panel: GeneratePanel, qtbot: QtBot
    ) -> None:
        """As by *Mend all*, whose mended cutouts come one after the other."""
        looked(panel, qtbot)
        panel.activateWindow()
        qtbot.waitActive(panel)
        panel.form.limit.setFocus()
        QTest.keyClick(panel.form.limit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(panel.form.limit, "40")
        panel.session.change("mend", lambda project: project.model_copy(update={"name": "another"}))
        QTest.keyClicks(panel.form.limit, "0")
        assert panel.choices.limit is None
        panel.setFocus()
        assert panel.choices.limit == 400
        assert panel.form.limit.value() == 400

    def test_a_limit_says_of_how_much_it_has_samples(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        assert panel.forecast.equation.spread.isHidden()
        for limit, said in (
            (48, "They use all 2 backgrounds and all 2"),
            (1, "only 1 of 2 backgrounds and 1 of 2 fore"),
        ):
            panel.form.limit.setValue(limit)
            looked(panel, qtbot)
            assert said in panel.forecast.equation.spread.text()
            assert not panel.forecast.equation.spread.isHidden()

    def test_the_forecast_is_of_what_is_still_to_be_made(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        whole = panel.checks.remaining
        assert whole is not None
        make(panel.session.folder, panel.choices.out, limit=120)
        panel.act["generate.measure"].trigger()
        looked(panel, qtbot)
        left, all_ = panel.checks.remaining, panel.checks.forecast
        assert left is not None
        assert all_ is not None
        assert (all_.samples, left.samples) == (480, 360)
        assert left.total_bytes == pytest.approx(0.75 * all_.total_bytes, rel=0.01)
        assert left.seconds == pytest.approx(0.75 * all_.seconds)
        assert " more, " in panel.forecast.disk.text()
        assert " more with " in panel.forecast.time.text()
        make(panel.session.folder, panel.choices.out)
        panel.act["generate.measure"].trigger()
        looked(panel, qtbot)
        assert panel.forecast.disk.text().startswith("nothing more, ")
        assert panel.forecast.time.text() == "none"

    def test_another_depth_way_is_undoable_and_measured_anew(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        with qtbot.waitSignal(panel.checks.measuring):
            panel.form.depth.choice.setCurrentIndex(panel.form.depth.choice.findData("none"))
            panel.form.depth.choice.activated.emit(panel.form.depth.choice.currentIndex())
        assert panel.session.project.settings.depth.way.name == "none"
        looked(panel, qtbot)
        assert panel.checks.forecast is not None
        assert "depth" not in panel.checks.forecast.bytes
        panel.session.undo_stack.undo()
        assert panel.session.project.settings.depth.way.name == "geometry"
        assert panel.form.depth.choice.currentData() == "geometry"

    def test_sets_have_a_size_and_room_for_joining_is_forecast(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        assert panel.checks.forecast is not None
        assert panel.checks.forecast.joining == 0
        panel.form.writer.choice.activated.emit(panel.form.writer.choice.findData("sets"))
        panel.form.writer.rows["size"].changed.emit("size", 120)
        assert panel.session.project.settings.writer == Sets(120)
        looked(panel, qtbot)
        whole = panel.checks.forecast
        assert 0 < whole.joining < whole.total_bytes / 2
        assert "backgrounds" in panel.forecast.disk_more.text()
        assert "more for a while at the end" in panel.forecast.disk_more.text()
        panel.form.limit.setValue(60)
        looked(panel, qtbot)
        assert panel.checks.forecast.joining == pytest.approx(panel.checks.forecast.total_bytes, abs=4)

    def test_a_network_that_is_not_there_is_said_and_no_forecast_made(
        self, panel: GeneratePanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path / "networks"))
        looked(panel, qtbot)
        with qtbot.waitSignal(panel.checks.unmeasured):
            panel.form.depth.choice.activated.emit(panel.form.depth.choice.findData("inserted"))
            panel.form.network.chosen.emit("fastdepth")
        looked(panel, qtbot)
        assert not panel.act["generate.start"].isEnabled()
        assert panel.act["generate.start"].text() == "Generate"
        assert "the network fastdepth is not on this computer" in panel.act["generate.start"].toolTip()
        assert panel.form.network.combo.property("wrong") is True
        panel.start()
        assert panel.run.state is RunState.IDLE
        assert panel.forecast.disk.text() == "No forecast"
        assert "fastdepth" in panel.forecast.disk_more.text()
        assert not panel.form.network.isHidden()
        assert "not on this computer" in panel.form.network.note.text()
        assert panel.form.network.fetch.isHidden()  # it is published nowhere

    @pytest.mark.parametrize("seen", [QEvent.Type.Show, QEvent.Type.WindowActivate])
    def test_a_network_that_came_meanwhile_is_seen(
        self, panel: GeneratePanel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seen: QEvent.Type
    ) -> None:
        monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path / "networks"))
        choice, told = panel.form.network, list[int]()
        choice.fetched.connect(lambda: told.append(1))
        choice.show_model("midas-v2.1-small")
        assert "not on this computer" in choice.note.text()
        file = model_cache.path_of("midas-v2.1-small")
        file.parent.mkdir(parents=True)
        file.write_bytes(b"a network")
        for _ in range(2):
            QApplication.sendEvent(choice, QEvent(seen))
        assert "not on this computer" not in choice.note.text()
        assert choice.fetch.isHidden()
        assert told == [1]

    def test_a_download_that_fails_says_so_where_it_was_asked_for(
        self, panel: GeneratePanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path / "networks"))
        (tmp_path / "networks").write_text("a file where the folder should be")
        choice = panel.form.network
        choice.show_model("midas-v2.1-small")
        assert not choice.fetch.isHidden()
        assert "Its licence is MIT" in choice.note.text()
        choice.fetch.click()
        assert not choice.fetch.isEnabled()
        qtbot.waitUntil(choice.fetch.isEnabled)
        assert "not on this computer" not in choice.note.text()

    def test_no_pictures_leads_to_their_place(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        panel.session.change("reject all", lambda p: p.model_copy(update={"foregrounds": ()}))
        looked(panel, qtbot)
        assert "no foregrounds" in panel.forecast.folder.text()
        assert not panel.act["generate.start"].isEnabled()
        with qtbot.waitSignal(panel.session.picture_wanted) as wanted:
            panel.forecast.offer.click()
        assert wanted.args == ["foregrounds", ""]
        panel.session.undo_stack.undo()  # the button is still there until the folder has been looked at anew
        with qtbot.waitSignal(panel.session.picture_wanted) as wanted:
            panel.forecast.offer.click()
        assert wanted.args == ["foregrounds", ""]

    def test_an_issue_leads_to_its_picture(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        foreground = panel.session.project.foregrounds[0]
        (panel.session.folder / foreground.file).write_bytes(b"another file")
        looked(panel, qtbot)
        with qtbot.waitSignal(panel.checks.checked):
            panel.act["generate.measure"].trigger()
        wrong = [one for one in panel.checks.issues if one.severity == "error"]
        assert [one.file for one in wrong] == [foreground.file]
        assert panel.badge == 1
        assert "1 error" in panel.issues.title.text()
        with qtbot.waitSignal(panel.session.picture_wanted) as wanted:
            panel.issues.show_wanted.emit(wrong[0])
        assert wanted.args == ["foregrounds", foreground.sha256]

    def test_an_issue_of_a_setting_is_put_right_at_a_click(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        panel.session.change("masks", lambda project: storage.changed(project, {"codecs.mask.format": "jpeg"}))
        looked(panel, qtbot)
        button = next(b for b in panel.issues.findChildren(QPushButton) if b.text() == "Set mask format to png")
        button.click()
        assert panel.session.project.settings.codecs.mask.format == "png"
        looked(panel, qtbot)
        assert "mask-jpeg" not in {issue.code for issue in panel.checks.issues}

    def test_likelier_heights_are_set_at_a_click_and_shown_on_coming_back(self, panel: GeneratePanel) -> None:
        session = panel.session
        chair = session.project.foregrounds[0].model_copy(update={"category": "chair"})
        others = session.project.foregrounds[1:]
        session.change("class", lambda project: project.model_copy(update={"foregrounds": (chair, *others)}))
        panel.left()
        words = panel.form.limit.specialValueText()
        session.change("fewer", lambda project: storage.changed(project, {"placements": 30}))
        assert panel.form.limit.specialValueText() == words, "what nobody sees costs nothing"
        panel.entered()
        assert panel.form.limit.specialValueText() == "all 240"
        panel.issues.show_issues([Issue("warning", HEIGHT_ASSUMED, "1 of 2", chair.file)], finished=True)
        next(made for made in panel.findChildren(QPushButton) if made.text() == "Set these heights").click()
        assert [one.real_height for one in session.project.foregrounds] == [0.9, None]

    def test_what_only_the_pilot_sees_of_depth_is_an_issue(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        """Objects that the depth of a network hides; another way takes the issue away."""
        pytest.importorskip("onnxruntime")
        file = tiny_onnx.write(panel.session.folder / "one.onnx", np.zeros(3, np.float32), (1, 3, 32, 32))
        described = {"meaning": "metres", "width": 32, "height": 32, "layout": "nchw"}
        changes = {"depth.way": "inserted", "depth.model": str(file), "depth.network": described}
        panel.session.change("network", lambda project: storage.changed(project, changes))
        looked(panel, qtbot)
        seen = [one for one in panel.checks.issues if one.code == "depth-unseen"]
        assert [one.severity for one in seen] == ["warning"]
        assert seen[0].message.startswith("in 480 (100%)")
        assert "depth-unmeasured" not in {one.code for one in panel.checks.issues}  # the forecast has measured it
        shown = [line.text() for line in panel.issues.findChildren(QLabel)]
        assert any("of 480 samples looked at, the object cannot be seen" in text for text in shown)
        panel.session.change("way", lambda project: storage.changed(project, {"depth.way": "geometry"}))
        looked(panel, qtbot)
        left = [one.message for one in panel.checks.issues if one.code == "depth-unseen"]
        assert not any("100%" in message for message in left)  # a few before the wall are the geometry's own


class TestRecord:
    def test_after_a_restart_the_plots_are_filled_from_what_was_made(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        make(panel.session.folder, panel.choices.out)
        panel.act["generate.measure"].trigger()
        looked(panel, qtbot)
        dashboard = panel._complete_dashboard()
        qtbot.waitUntil(lambda: dashboard.coverage.counts.sum() == 480)
        assert dashboard.moments.trace.x[-1] == 480
        assert dashboard.moments.values["mask", "0"][0] == recorded_mean(panel.choices.out, "mask")
        assert dashboard.places.feet.sum() == 480
        assert dashboard.depths.counts.any()
        panel.act["generate.plots"].setChecked(True)
        qtbot.waitUntil(lambda: len(dashboard.newest.grid.shown) == 12)

    def test_another_project_s_plots_are_its_own(
        self, panel: GeneratePanel, qtbot: QtBot, tmp_path: Path, make_project: Callable[..., Path]
    ) -> None:
        make(panel.session.folder, panel.choices.out)
        panel.act["generate.measure"].trigger()
        looked(panel, qtbot)
        dashboard = panel._complete_dashboard()
        qtbot.waitUntil(lambda: dashboard.coverage.counts.sum() == 480)
        panel.set_counter("480 of 480 samples")
        (tmp_path / "other").mkdir()
        panel.session.open(make_project(tmp_path / "other", n_bg=0, n_fg=0))
        qtbot.waitUntil(lambda: panel.session.project.name != "" and not panel.session.project.backgrounds)
        assert panel.counter == ""
        assert dashboard.moments.values == {}
        assert not dashboard.coverage.counts.any()
        assert not dashboard.places.feet.any()
        assert dashboard.newest.grid.shown == []

    def test_something_is_seen_before_the_first_shard(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        dashboard = panel._complete_dashboard()
        assert dashboard.moments.values
        assert dashboard.coverage.counts.any()
        assert dashboard.rate.shares.shares or dashboard.rate.step
        panel.start()
        assert dashboard.moments.values
        until(panel, qtbot, RunState.FINISHED)
        assert not any(card.trial for card in dashboard.cards)


class TestErrors:
    @pytest.fixture
    def project_folder(self, tmp_path: Path, make_project: Callable[..., Path]) -> Path:
        made = make_project(tmp_path, changes=small("studio-256"))
        haze(made)
        return made

    def test_in_haste_nothing_is_begun_before_the_check_has_ended(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        panel.start()
        assert panel.act["generate.start"].text() == "Checking…"
        assert not panel.act["generate.start"].isEnabled()
        looked(panel, qtbot)
        assert panel.run.state is RunState.IDLE
        assert not panel.choices.out.exists()
        assert panel.notices.texts() == ["Nothing was begun: the check found what would make the dataset wrong."]
        assert panel.act["generate.start"].text() == "Generate anyway"

    def test_anyway_is_said_and_done(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        assert panel.act["generate.start"].text() == "Generate anyway"
        panel.act["generate.start"].trigger()
        until(panel, qtbot, RunState.FINISHED)
        assert open_dataset(panel.choices.out).complete
        assert "nothing in it is solid" in open_dataset(panel.choices.out).overridden[0]

    def test_what_the_run_counted_is_said_at_its_end(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        coarse = {"depth.encoding": "uint8-linear", "depth.encoding.far": 2}
        panel.session.change("near", lambda project: storage.changed(project, coarse))
        looked(panel, qtbot)
        panel.act["generate.start"].trigger()
        until(panel, qtbot, RunState.FINISHED)
        assert panel.run.newest
        said = panel.notices.texts()
        assert len(said) == len(panel.run.newest.issues) > 1  # one long text would lose its end
        assert any("of the depth pixels are farther than uint8-linear can hold (2 m)" in one for one in said)
        assert "farther than uint8-linear can hold" in panel.log.text()

    def test_mended_it_is_begun_plainly(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        panel.session.change("reject", lambda p: p.model_copy(update={"foregrounds": p.foregrounds[1:]}))
        assert panel.act["generate.start"].text() != "Generate"
        looked(panel, qtbot)
        assert panel.act["generate.start"].text() == "Generate"


class TestFolder:
    def test_beside_the_project_by_default(self, panel: GeneratePanel) -> None:
        assert panel.choices.out == default_folder(panel.session.folder)
        assert panel.choices.out.name == "project-dataset"
        assert panel.choices.out.parent == panel.session.folder.parent

    def test_another_dataset_s_folder_offers_a_new_name(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        out = panel.choices.out
        out.mkdir()
        (out / "letters.txt").write_text("mine")
        panel.set_folder(out.with_name("elsewhere"))
        panel.set_folder(out)
        looked(panel, qtbot)
        assert panel.checks.target is not None
        assert panel.checks.target.found is Found.TAKEN
        assert "other files" in panel.forecast.folder.text()
        assert not panel.act["generate.start"].isEnabled()
        panel.forecast.offer.click()
        assert panel.choices.out == out.with_name("project-dataset-2")
        looked(panel, qtbot)
        assert "will be created" in panel.forecast.folder.text()
        assert panel.act["generate.start"].isEnabled()


class TestRun:
    def test_made_paused_stopped_continued_and_finished(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        panel.form.workers.setValue(1)
        panel.session.change("rename", lambda p: p.model_copy(update={"name": "Set"}))
        assert panel.session.dirty
        panel.act["generate.start"].trigger()
        assert storage.load(panel.session.folder).name == "Set"
        assert not panel.session.dirty
        assert not panel.act["generate.start"].isEnabled()
        until(panel, qtbot, RunState.RUNNING)  # once the check of the changed project has ended
        assert not panel.act["generate.start"].isEnabled()
        assert not panel.form.depth.isEnabled()
        assert "generating" in panel.unfinished()

        qtbot.waitUntil(lambda: made(panel) > 0)
        panel.act["generate.pause"].trigger()
        assert panel.run.state is RunState.PAUSED
        assert panel.act["generate.start"].text() == "Continue"
        still = 0
        while made(panel) != still:  # the batch that was begun
            still = made(panel)
            qtbot.wait(400)
        assert still < 480
        assert "left" not in panel.strip.figures.text()
        panel.act["generate.start"].trigger()
        assert panel.run.state is RunState.RUNNING

        qtbot.waitUntil(lambda: made(panel) > still)
        panel.act["generate.stop"].trigger()
        assert job_text(panel.session.jobs.visible[0]).endswith("% · stopping")
        until(panel, qtbot, RunState.STOPPED)
        looked(panel, qtbot)
        assert panel.checks.target is not None
        done = panel.checks.target.done
        assert panel.checks.target.found is Found.UNFINISHED
        assert 0 <= done < 480
        assert panel.run.newest is not None
        assert panel.run.newest.kept == done
        assert panel.strip.figures.text() == f"{done} of 480 kept"
        assert panel.strip.bar.value() == done
        shown = list(panel.dashboard.rate.trace.x) if panel.dashboard else []
        assert panel.act["generate.start"].text() == (f"Continue from {done}" if done else "Generate")
        assert panel.act["generate.start"].isEnabled()
        assert panel.unfinished() == ""

        panel.act["generate.start"].trigger()
        until(panel, qtbot, RunState.FINISHED)
        looked(panel, qtbot)
        assert open_dataset(panel.choices.out).complete
        assert panel.checks.target.found is Found.FINISHED
        in_words = f"480 samples, {480 - done} of them in" if done else "480 samples in"
        assert in_words in panel.strip.figures.text()
        assert in_words in texts(panel)
        assert panel.act["generate.start"].text() == "Open dataset"
        if done and panel.dashboard:
            assert panel.dashboard.rate.trace.x[: len(shown)] == shown  # the line goes on
        assert panel.forecast.offer.isHidden()
        assert [one.text() for one in panel.strip.buttons.values() if not one.isHidden()] == ["Generate another"]
        with qtbot.waitSignal(panel.session.dataset_wanted) as wanted:
            panel.act["generate.open"].trigger()
        assert wanted.args == [panel.choices.out]

        self.as_survey_says(panel)
        finished = panel.choices.out
        panel.act["generate.another"].trigger()
        looked(panel, qtbot)
        assert panel.choices.out == finished.with_name(f"{finished.name}-2")
        assert panel.act["generate.start"].text() == "Generate"
        assert panel.strip.isHidden()
        panel.set_folder(finished)

        said = texts(panel)
        for word in ("Paused", "Continued", "Stopped", "Finished: 480"):
            assert word in said, word
        if done:
            assert f"{done} of 480 samples already exist" in said

    @staticmethod
    def as_survey_says(panel: GeneratePanel) -> None:
        """The plots' last numbers are those of `fgbg-studio stats` on the folder."""
        dashboard, step = panel.dashboard, panel.run.newest
        assert dashboard is not None
        assert step is not None
        *_, found = survey(panel.choices.out)
        assert isinstance(found, Survey)
        for kind, part in found.kinds.items():
            assert step.statistics[kind].moments() == part.moments(), kind
            assert step.statistics[kind].report() == part.report()
        for (kind, channel), pair in dashboard.moments.values.items():
            means, deviations = found.kinds[kind].moments()
            assert pair == (means[int(channel)], deviations[int(channel)])
        assert int(dashboard.coverage.counts.sum()) == 480
        assert np.array_equal(dashboard.depths.counts, found.kinds["depth"].histogram)
        assert int(dashboard.places.feet.sum()) == 480

    def test_a_run_that_fails_says_why_and_goes_on_later(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        out = panel.choices.out
        (out / "dataset.json").mkdir(parents=True)  # the record cannot be written over a folder
        panel.act["generate.start"].trigger()
        until(panel, qtbot, RunState.FAILED)
        assert panel.strip.heading.text() == "Failed"
        assert panel.run.error is not None
        assert panel.run.error.problem[1:] in panel.strip.more.text()
        assert panel.run.error.way_out in panel.strip.more.text()
        assert str(panel.run.error) in texts(panel)
        (out / "dataset.json").rmdir()
        panel.act["generate.measure"].trigger()
        looked(panel, qtbot)
        assert panel.act["generate.start"].isEnabled()

    def test_closing_the_project_ends_the_run_quietly(self, panel: GeneratePanel, qtbot: QtBot) -> None:
        looked(panel, qtbot)
        panel.act["generate.start"].trigger()
        qtbot.waitUntil(lambda: panel.run.newest is not None)
        panel.session.close()
        assert panel.run.state is RunState.IDLE
        qtbot.waitUntil(lambda: not panel.session.jobs.busy)
        assert panel.strip.isHidden()

    def test_the_log_is_saved_as_text(self, panel: GeneratePanel, qtbot: QtBot, tmp_path: Path) -> None:
        panel.log.note("made", ["of two parts", "and more"])
        panel.save_log(tmp_path / "log.txt")
        qtbot.waitUntil((tmp_path / "log.txt").exists)
        lines = (tmp_path / "log.txt").read_text().splitlines()
        assert lines[0].endswith("  made")
        assert [line.strip() for line in lines[1:]] == ["of two parts", "and more"]
        assert panel.log_view.edit.toPlainText().splitlines() == lines
        panel.save_log(tmp_path / "no" / "such" / "log.txt")
        panel.save_log(Path("/proc/log.txt"))
        qtbot.waitUntil(lambda: any("/proc/log.txt" in text for text in panel.notices.texts()))
