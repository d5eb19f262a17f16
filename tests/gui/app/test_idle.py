"""What is left alone does nothing: a window at rest paints no more, whatever it shows."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.exceptions import TimeoutError  # noqa: A004 - pytest-qt's own, of a wait
from pytestqt.qtbot import QtBot
from typing_extensions import override

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.label import Label

REST = 400  # milliseconds without a painted pixel
PLACES = ["backgrounds", "foregrounds", "preview", "generate", "dataset"]


class Painted(QObject):
    """Counts what is painted, but for a caret that blinks, and knows for how long nothing was."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()
        self._clock = QElapsedTimer()
        self._clock.start()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not isinstance(watched, QLineEdit):
            self.counted[type(watched).__name__] += 1
            self._clock.restart()
        return False

    def rests(self) -> bool:
        return self._clock.elapsed() > REST


@pytest.mark.parametrize("text", ["short", "some words that take more than one line " * 3], ids=["short", "long"])
def test_words_are_painted_once(qtbot: QtBot, text: str) -> None:
    label = Label(text, wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    qtbot.addWidget(label)
    label.resize(200, 40)
    painted = Painted()
    with qtbot.waitExposed(label):
        label.show()
    qtbot.waitUntil(painted.rests, timeout=10_000)
    assert painted.counted["Label"] < 5


def test_a_place_that_is_left_alone_paints_nothing(open_window: MainWindow, qtbot: QtBot) -> None:
    open_window.notices.error(PictureError("a.jpg cannot be read, as the file ends in the middle of the picture"))
    painted = Painted()
    for place in PLACES:
        open_window.workspace.show_place(place)
        painted.counted.clear()
        try:
            qtbot.waitUntil(painted.rests, timeout=20_000)
        except TimeoutError:
            pytest.fail(f"{place} paints for ever: {painted.counted.most_common(5)}")
