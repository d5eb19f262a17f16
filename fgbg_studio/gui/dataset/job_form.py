"""A form that begins a long job: beneath what is chosen how far the job is, stop and continue."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.gui.lib.basics import button, label
from fgbg_studio.gui.lib.formatting import capital, number, time_left
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import UNIT


class JobForm(QWidget):
    """Base of such forms: they name `begin` and `bar`, put `parts` last, and say in `_show` what may be chosen now.

    Signals:
        stopped: the job is to be stopped.
    """

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._running = False
        self.begin, self.stop = button(""), button(self.tr("Stop"), Icon.STOP)
        self.bar, self.said = QProgressBar(), label("", "caption", wrap=True)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(2 * UNIT)
        self.stop.clicked.connect(self.stopped)

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What stands beneath what is chosen."""
        return self.begin, self.stop, self.bar, self.said

    def show_progress(self, step: Progress) -> None:
        """How far it is."""
        self.bar.setRange(0, step.total)  # without an end where there is none
        self.bar.setValue(step.done)
        left = f" · {time_left(step.seconds_left)}" if step.seconds_left else ""
        of = self.tr("{0} of {1}").format(number(step.done), number(step.total)) if step.total else number(step.done)
        self.said.setText(f"{capital(step.phase)}: {of}{left}")

    def show_begun(self) -> None:
        """It runs."""
        at_it = self.begin.hasFocus()
        self._running = True
        self.bar.setRange(0, 0)
        self.said.setText("")
        for part in (self.bar, self.said):
            part.show()
        self._show()
        if at_it:  # the keyboard stays where it was
            self.stop.setFocus()

    def show_ended(self, text: str) -> None:
        """It runs no more, and this is to be said of it."""
        self._running = False
        self.bar.hide()
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self._show()

    def _show(self) -> None:
        self.begin.setHidden(self._running)
        self.stop.setVisible(self._running)
