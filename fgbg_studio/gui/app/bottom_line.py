"""The bottom line: what is saved, what the project would make, what runs."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QProgressBar

from fgbg_studio.gui.lib import formatting
from fgbg_studio.gui.lib.basics import button, hbox, label
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.session.session import Session

DELAY = 200
"""Milliseconds from a job's beginning until it is shown."""
_FULL = 1000  # of the bar: jobs may say how far they are as a whole


class BottomLine(QFrame):
    """See the module.

    Signals:
        clicked: the job is, to show where it is watched.
        steps_wanted: the first steps, which gave way to the work.
        back_wanted: to the place from which this one was shown.
    """

    back_wanted = Signal()
    clicked = Signal()
    steps_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("look", "bottom")
        self.setFixedHeight(32)
        self.saved, self.preset, self.product = label(), label("", "quiet"), label("", "quiet")
        self.job = button("", Icon.REFRESH, "flat")
        self.stop = button(self.tr("Stop"), None, "flat")
        self.steps = button(self.tr("First steps"), Icon.STEPS, "flat")
        self.steps.hide()
        self.steps.clicked.connect(self.steps_wanted)
        self.back = button("", Icon.PREVIOUS, "flat")
        self.back.hide()
        self.back.clicked.connect(self.back_wanted)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedSize(96, 6)
        self.bar.setAccessibleName(self.tr("Progress of the job"))
        row = hbox(self, 2 * UNIT, margins=(PAD, 0, UNIT, 0))
        for text in (self.saved, label("·", "quiet"), self.preset, label("·", "quiet")):
            row.addWidget(text)
        row.addWidget(self.product, 1)
        for part in (self.back, self.bar, self.job, self.stop, self.steps):
            row.addWidget(part)
        self.job.clicked.connect(self.clicked)
        self.stop.clicked.connect(self._stop)
        self.stop.setToolTip(self.tr("Stop the job; what is finished is kept"))
        for signal in (session.opened, session.changed, session.saved, session.dirty_changed):
            signal.connect(self.refresh)
        self._delay = QTimer(self, singleShot=True, interval=DELAY)
        self._delay.timeout.connect(self._write_job)
        session.jobs.changed.connect(self._show_job)
        self._write_job()

    @Slot()
    def refresh(self) -> None:
        """Read the session again."""
        session = self.session
        if not session.is_open:
            return
        if session.dirty:
            self.saved.setText(self.tr("not saved"))
        elif session.saved_at:
            self.saved.setText(self.tr("saved {0}").format(formatting.moment(session.saved_at)))
        else:
            self.saved.setText(self.tr("saved"))
        self.preset.setText(session.project.preset)
        self.product.setText(formatting.product(session.project))
        self.product.setToolTip(formatting.product_explained(session.project))

    @Slot()
    def _show_job(self) -> None:
        """What ends within a blink is not worth one."""
        if self.bar.isVisible() or not self.session.jobs.visible:
            self._write_job()
        elif not self._delay.isActive():
            self._delay.start()

    @Slot()
    def _write_job(self) -> None:
        running = self.session.jobs.visible
        for part in (self.bar, self.job, self.stop):
            part.setVisible(bool(running))
        if running:
            worker = running[0]
            self.job.setText(formatting.job_text(worker))
            step = worker.newest
            self.bar.setRange(0, _FULL if step and step.total else 0)
            self.bar.setValue(round(_FULL * step.share) if step else 0)

    @Slot()
    def _stop(self) -> None:
        for worker in self.session.jobs.visible[:1]:
            worker.cancel()
