"""The window is closed in the middle of each kind of work: it asks, ends at once, and the work can be done again.

``FGBG_SOAK=1`` (`make soak`) closes it ``FGBG_TRIALS`` times (10) in each kind at moments by chance, of the seed
``FGBG_SEED``.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.mirrors import CACHE_VARIABLE
from fgbg_studio.core.dataset.inspect import counted
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.lib.question import Question
from fgbg_studio.gui.session.session import Session
from tests.conftest import SOAK, MakeProject, longer
from tests.helpers.network_jobs import NETWORK_JOBS
from tests.helpers.window_jobs import JOBS as OWN_JOBS
from tests.helpers.window_jobs import WindowJob, children, copied, half_written

SEED = int(os.environ.get("FGBG_SEED", "1"))
JOBS = OWN_JOBS | NETWORK_JOBS
TRIALS = longer(1, int(os.environ.get("FGBG_TRIALS", "10")))


@contextmanager
def answering(*words: str) -> Iterator[list[str]]:
    """Press the first of these buttons that a question has, as soon as one is asked; the titles of those asked."""
    asked: list[str] = []

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, Question):
            asked.append(dialog.title)
            dialog.buttons[next(word for word in words if word in dialog.buttons)].click()

    timer = QTimer(interval=5)
    timer.timeout.connect(press)
    timer.start()
    yield asked
    timer.stop()


def shown(home: Path, qtbot: QtBot) -> MainWindow:
    window = MainWindow(Session())
    window.resize(1200, 800)
    window.show()
    window.open_project(home / "project")
    qtbot.waitUntil(lambda: window.session.is_open and not window.session.jobs.busy)
    return window


def close(window: MainWindow) -> None:
    """Go on with closing, saving where that is offered; at most a few seconds, with nothing left running."""
    begun = time.monotonic()
    with answering("save", "close"):
        window.close()
    assert not window.isVisible()
    assert time.monotonic() - begun < 30
    assert not window.session.is_open
    assert not any(thread.isRunning() for thread in window.session.jobs._threads)
    window.session.deleteLater()
    window.deleteLater()


def whole(job: WindowJob, home: Path, qtbot: QtBot) -> float:
    """Do all of it; how many seconds it took."""
    job.at(home)
    window = shown(home, qtbot)
    job.begin(window, home)
    begun = time.monotonic()
    qtbot.waitUntil(lambda: job.ended(window))
    seconds = time.monotonic() - begun
    close(window)
    return seconds


def undisturbed(job: WindowJob, folder: Path, qtbot: QtBot, make_project: MakeProject) -> tuple[float, dict[str, str]]:
    """Lay out what the job needs in ``before``; the seconds and the outcome of all of it in a copy."""
    job.lay_out(folder / "before", make_project)
    reference = copied(folder / "before", folder / "whole" / "home")
    return whole(job, reference, qtbot), job.outcome(reference)


@pytest.fixture(autouse=True)
def cache_of_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each home has its own (`WindowJob.at`); afterwards it is as it was."""
    monkeypatch.setenv(CACHE_VARIABLE, os.environ.get(CACHE_VARIABLE, ""))


@pytest.fixture
def job(kind: str, tmp_path: Path) -> Iterator[WindowJob]:
    """The job of that kind, with what it needs beside the project."""
    with JOBS[kind].around(tmp_path / "around"):
        yield JOBS[kind]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted by /proc")
@pytest.mark.parametrize("kind", longer(["adding backgrounds", "finishing all"], list(JOBS)))
def test_closed_in_the_middle(
    kind: str, job: WindowJob, tmp_path: Path, qtbot: QtBot, make_project: MakeProject
) -> None:
    dice, asked = random.Random(f"{SEED} {kind}"), 0
    seconds, wanted = undisturbed(job, tmp_path, qtbot, make_project)
    for trial in range(TRIALS):
        home = copied(tmp_path / "before", tmp_path / str(trial) / "home")
        job.at(home)
        window = shown(home, qtbot)
        job.begin(window, home)
        moment = dice.uniform(0, 1.1 * seconds) if SOAK else 0.4 * seconds
        said = f"seed {SEED}, {kind}, closing {trial}, after {moment:.2f} of {seconds:.2f} s"
        until = time.monotonic() + moment
        qtbot.waitUntil(lambda until=until: time.monotonic() >= until)
        with answering("stay") as first:
            window.close()
        assert window.isVisible() == bool(first), said
        asked += bool(first)
        if first:
            close(window)
        qtbot.waitUntil(lambda: not children())
        assert half_written(home) == [], said
        storage.load(home / "project")
        whole(job, home, qtbot)
        assert job.outcome(home) == wanted, said
        qtbot.waitUntil(lambda: not children())
    sys.stdout.write(
        f"\n{kind}: {TRIALS} closings, seed {SEED}, {asked} of them asked; the whole takes {seconds:.2f} s\n"
    )


def said_of(window: MainWindow) -> str:
    """What the window says of a job that failed."""
    panel = window.workspace.current
    texts = panel.notices.texts()
    if isinstance(panel, GeneratePanel):
        texts.append(panel.strip.more.text())
    elif isinstance(panel, DatasetPanel):
        texts.append(panel.checking._shown.error)
    return "\n".join(filter(None, texts))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted by /proc")
@pytest.mark.skipif(not SOAK, reason="half a minute: for make soak")
@pytest.mark.parametrize("victims", ["one", "all"])
@pytest.mark.parametrize("kind", ["generating", "verifying"])
def test_its_processes_are_killed_and_it_goes_on(
    kind: str,
    job: WindowJob,
    victims: str,
    tmp_path: Path,
    qtbot: QtBot,
    make_project: MakeProject,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One sentence, what is made is kept, and the same again ends in the same bytes."""
    dice, told, killed = random.Random(f"{SEED} {kind} {victims}"), 0, 0
    monkeypatch.setattr(counted, "_FEW_PICTURES", 1)  # else a small dataset is verified in this process
    seconds, wanted = undisturbed(job, tmp_path, qtbot, make_project)
    for trial in range(TRIALS):
        home = copied(tmp_path / "before", tmp_path / str(trial) / "home")
        job.at(home)
        window = shown(home, qtbot)
        job.begin(window, home)
        said = f"seed {SEED}, {kind}, {victims}, trial {trial}"
        qtbot.waitUntil(lambda w=window: bool(children()) or job.ended(w))
        until = time.monotonic() + dice.uniform(0, 0.6 * seconds)
        qtbot.waitUntil(lambda until=until, w=window: time.monotonic() >= until or job.ended(w))
        living = children()
        for process in living if victims == "all" else living[:1]:
            os.kill(process, signal.SIGKILL)
        killed += bool(living)
        qtbot.waitUntil(lambda w=window: job.ended(w))
        if "a worker process ended unexpectedly" in said_of(window).lower():
            told += 1
            assert len(said_of(window).splitlines()) == 1, said
            job.begin(window, home)
            qtbot.waitUntil(lambda w=window: job.ended(w))
        close(window)
        assert job.outcome(home) == wanted, said
        assert half_written(home) == [], said
        qtbot.waitUntil(lambda: not children())
    sys.stdout.write(f"\n{kind}, {victims}: {TRIALS} trials, seed {SEED}, {killed} killed, {told} told of\n")
