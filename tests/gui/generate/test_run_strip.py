"""The strip over a run: where one failed, it offers what the window can do about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.remedies import ChooseWriter, GenerateAgain, Remedy
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.run import Options
from fgbg_studio.gui.generate.run import Run, RunState, steps
from fgbg_studio.gui.generate.run_strip import RunStrip
from fgbg_studio.gui.session.session import Session


def offered(strip: RunStrip) -> list[str]:
    own = set(strip.buttons.values())
    return [made.text() for made in strip.findChildren(QPushButton) if made not in own and not made.isHidden()]


def test_a_failed_run_offers_its_remedies(open_session: Session, qtbot: QtBot) -> None:
    followed: list[Remedy] = []
    run = Run(open_session)
    strip = RunStrip(run, QAction(), QAction(), QAction(), followed.append)
    qtbot.addWidget(strip)
    run.error = DatasetError("a is too long a name for a tar", [ChooseWriter("zip"), GenerateAgain()])
    run.state = RunState.FAILED
    run.changed.emit()
    assert strip.more.text().startswith("A is too long a name for a tar. Choose the writer zip")
    qtbot.waitUntil(lambda: offered(strip) == ["Set writer to zip", "Go to Generate"])
    next(made for made in strip.findChildren(QPushButton) if made.text() == "Set writer to zip").click()
    assert followed == [ChooseWriter("zip")]
    run.dismiss()
    qtbot.waitUntil(lambda: offered(strip) == [])


def test_no_spike_follows_a_pause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The batches that come at once were nearly done before it: the rate stays until there is one to measure."""
    control, clock = EventControl(), [0.0]

    def script(*_: object) -> Iterator[RunProgress]:
        yield RunProgress("making samples", 1000, 9000, 100.0)
        control.pause()
        yield RunProgress("making samples", 1064, 9000, 100.0)
        control.resume()
        for done, clock[0] in ((1128, 0.01), (1192, 0.02), (1300, 1.5), (1400, 2.5), (1500, 3.5)):
            yield RunProgress("making samples", done, 9000, 5000.0)

    monkeypatch.setattr("fgbg_studio.gui.generate.run.generate", script)
    monkeypatch.setattr("time.monotonic", lambda: 100.0 + clock[0])
    rates = [step.rate for step in steps(tmp_path, tmp_path, Options(), control)]
    assert rates[:5] == [100.0, 0.0, 100.0, 100.0, 100.0]
    assert all(50 < rate < 200 for rate in rates[5:])
