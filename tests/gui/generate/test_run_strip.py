"""The strip over a run: where one failed, it offers what the window can do about it."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.remedies import ChooseWriter, GenerateAgain, Remedy
from fgbg_studio.gui.generate.run import Run, RunState
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
