"""A run sent to a cluster from the window: chosen, sent, watched, closed and seen again, stopped, refused, opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.run import finish
from fgbg_studio.core.project import storage
from fgbg_studio.gui.generate import cluster_run
from fgbg_studio.gui.generate.cluster_run import ClusterRun, SentState
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.session.clusters import Cluster, known, recall_sent
from fgbg_studio.gui.session.session import Session
from tests.core.dataset.test_slurm import commands
from tests.gui.generate.test_panel import looked
from tests.helpers.datasets import last, small

__all__ = ["commands"]  # a fixture
pytestmark = pytest.mark.skipif(os.name == "nt", reason="shell scripts")


@pytest.fixture
def panel(
    open_session: Session, commands: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GeneratePanel]:
    """The place with a project of 24 samples, looked through; the queue of the cluster is never empty."""
    monkeypatch.setattr(cluster_run, "EVERY", 0.01)
    (commands / "squeue").write_text("#!/bin/sh\necho PENDING\n")
    changes = dict(change.split("=") for change in small("studio-256", "placements=2", "shard=4"))
    open_session.change("smaller", lambda project: storage.changed(project, changes))
    assert open_session.save_now()
    made = GeneratePanel(open_session)
    qtbot.addWidget(made)
    open_session.opened.emit()
    made.resize(1000, 700)
    made.show()
    made.entered()
    looked(made, qtbot)
    yield made
    open_session.jobs.stop()


def add_cluster(panel: GeneratePanel, address: Path | str, qtbot: QtBot) -> None:
    """As a person does."""
    form = panel.form.cluster
    form.combo.activated.emit(form.combo.count() - 1)
    panel.activateWindow()
    qtbot.waitActive(panel)
    form.address.setFocus()
    QTest.keyClicks(form.address, str(address))
    QTest.keyClick(form.address, Qt.Key.Key_Return)
    looked(panel, qtbot)


def until(run: ClusterRun, state: SentState, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: run.state is state)


def test_sent_watched_closed_seen_again_and_opened(panel: GeneratePanel, tmp_path: Path, qtbot: QtBot) -> None:
    session, run, strip, start = panel.session, panel.sending.run, panel.sending.strip, panel.act["generate.start"]
    form = panel.form.cluster
    form.combo.activated.emit(form.combo.count() - 1)
    assert start.text() == "Send to Cluster 1"
    assert "no folder or address" in start.toolTip()
    assert not start.isEnabled()
    form.remove.click()
    assert start.text() == "Generate"
    shared = tmp_path / "shared"
    add_cluster(panel, shared, qtbot)
    assert [one.address for one in known(session.settings)] == [str(shared)]
    assert str(shared) in panel.forecast.folder.text()
    assert panel.forecast.time.text().endswith("if made here")
    assert not panel.form.workers.isEnabled()
    assert start.isEnabled()
    start.trigger()
    assert strip.isVisible()
    until(run, SentState.AT_WORK, qtbot)
    assert (start.text(), start.isEnabled()) == ("Sent", False)
    out = shared / panel.choices.out.name
    assert recall_sent(session.settings, session.folder) == ("Cluster 1", run.sent)
    assert (run.sent.folder, run.sent.jobs) == (out, ("7", "8"))
    qtbot.waitUntil(lambda: run.status is not None and run.status.dataset.phase == "finishing")
    assert strip.figures.text() == "24 of 24"
    assert "6 of 6 shards" in strip.more.text()
    session.closed.emit()
    assert run.state is SentState.IDLE
    session.opened.emit()  # as when the window was closed and opened again
    assert (run.state, run.to, strip.isVisible()) == (SentState.AT_WORK, "Cluster 1", True)
    last(finish(out))
    until(run, SentState.FINISHED, qtbot)
    assert strip.heading.text() == "Finished on Cluster 1"
    looked(panel, qtbot)
    qtbot.waitUntil(lambda: panel.newest._reader is not None)  # once the plots are there
    assert panel.newest._reader
    assert panel.newest._reader._root == out
    with qtbot.waitSignal(session.dataset_wanted) as wanted:
        strip.open.click()
    assert wanted.args == [out]
    strip.dismiss.click()
    assert recall_sent(session.settings, session.folder) is None
    assert not strip.isVisible()


def test_missing_shards_are_named_and_sent_again(
    panel: GeneratePanel, commands: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_LOSES", "2")
    add_cluster(panel, tmp_path / "shared", qtbot)
    panel.start()
    until(panel.sending.run, SentState.AT_WORK, qtbot)
    (commands / "squeue").write_text("#!/bin/sh\n")
    until(panel.sending.run, SentState.ENDED, qtbot)
    strip = panel.sending.strip
    assert "4 of 6 shards are made; not made: 1, 4. The files of jobs 7, 8 say why." in strip.more.text()
    assert strip.figures.text() == "16 of 24"
    monkeypatch.delenv("FAKE_LOSES")
    strip.again.click()
    qtbot.waitUntil(lambda: panel.sending.run.state is SentState.ENDED and panel.sending.run.status is not None)
    assert "All samples are made" in strip.more.text()


def test_stop_takes_it_out_of_the_cluster(panel: GeneratePanel, commands: Path, tmp_path: Path, qtbot: QtBot) -> None:
    (commands / "scancel").write_text(f"#!/bin/sh\necho $* > {tmp_path}/cancelled\n")
    add_cluster(panel, tmp_path / "shared", qtbot)
    panel.start()
    until(panel.sending.run, SentState.AT_WORK, qtbot)
    panel.sending.strip.stop.click()
    until(panel.sending.run, SentState.ENDED, qtbot)
    assert (tmp_path / "cancelled").read_text() == "7 8\n"
    strip = panel.sending.strip
    panel.session.closed.emit()
    panel.session.opened.emit()
    until(panel.sending.run, SentState.ENDED, qtbot)
    assert strip.heading.text() == "Stopped on Cluster 1"
    assert "say why" not in strip.more.text()
    assert len(open_dataset(tmp_path / "shared" / panel.choices.out.name).shards) == 6


def test_what_refuses_is_said_where_it_was_asked_for(
    panel: GeneratePanel, commands: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    add_cluster(panel, tmp_path / "shared", qtbot)
    (commands / "scontrol").write_text("#!/bin/sh\necho 'Slurmctld(primary) at here is DOWN'; exit 1\n")
    panel.start()
    until(panel.sending.run, SentState.REFUSED, qtbot)
    assert panel.sending.strip.heading.text() == "Not sent to Cluster 1"
    assert "is DOWN" in panel.sending.strip.more.text()
    assert not (tmp_path / "shared").exists()
    form = panel.form.cluster
    form.address.setText("s3://me:secret@bucket/sets")
    form.address.setModified(True)
    form.address.editingFinished.emit()
    assert "has a password in it" in form.trouble.text()
    assert "has a password in it" in panel.act["generate.start"].toolTip()
    assert not panel.act["generate.start"].isEnabled()


def test_what_is_kept_holds_no_secret_and_stands_damage(open_session: Session) -> None:
    settings = open_session.settings
    for text in ("{", "[1]", '[{"name": "a", "address": "b", "engine": {"name": "none of ours"}}]'):
        settings.set_value("clusters/known", text)
        assert known(settings) == []
    assert Cluster("a", "s3://b/c/").place("rooms") == "s3://b/c/rooms"
