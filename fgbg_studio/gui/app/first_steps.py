"""The first steps: a card over the work that says what comes next, ticked off by what the open project has."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget
from typing_extensions import override

from fgbg_studio.core.dataset.record import FILE
from fgbg_studio.gui.lib.basics import IconLabel, button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT
from fgbg_studio.gui.session.run_options import recall
from fgbg_studio.gui.session.session import Session

_WIDTH, _LINE = 320, 48


@dataclass(frozen=True)
class Stage:
    """``place`` is where it is done, ``state`` how far the project is with it."""

    place: str
    title: str
    state: str
    done: bool


class StepLine(QPushButton):
    """One step; a click goes to its place."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.setProperty("look", "line")
        self.done = False
        self._count = count
        self._mark, self._title, self._state = IconLabel(Icon.STEP), label(), label("", "caption")
        row = hbox(self, 2 * UNIT, margins=(2 * UNIT, 0, 2 * UNIT, 0))
        row.addWidget(self._mark)
        words = vbox()
        words.addStretch(1)
        for part in (self._title, self._state):
            words.addWidget(part)
        words.addStretch(1)
        row.addLayout(words, 1)

    @override
    def sizeHint(self) -> QSize:
        """Two lines of words, with room for the eye; a button's own hint knows nothing of what is inside."""
        return QSize(_WIDTH, _LINE)

    def show_step(self, step: Stage) -> None:
        """Show it as it is now."""
        self.done = step.done
        self._mark.show_icon(Icon.GOOD if step.done else Icon.STEP, "good" if step.done else "quiet")
        self._title.setText(f"{self._count}. {step.title}")
        self._state.setText(step.state)
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(self.tr("done") if step.done else step.state)


class FirstSteps(QFrame):
    """A card that floats over ``parent`` and can be moved by its title; nothing makes room for it.

    It gives way as soon as the project changes or a job begins, whose pictures are to be seen, and comes back when
    it is asked for.

    Signals:
        folded: it gave way (True); it is there again, or closed (False).
        place_wanted: a step was chosen.
        guide_wanted: whoever wants to read more.
        closed: by the person.
    """

    place_wanted = Signal(str)
    guide_wanted = Signal()
    closed = Signal()
    folded = Signal(bool)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._over, self._grip = session, parent, QPoint()
        self._moved = False
        self.setProperty("look", "card")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(self.tr("First steps"))
        self.title: QLabel = label(self.tr("First steps"), "heading")
        self.lines = [StepLine(count) for count in range(1, 6)]
        self._lay_out()
        for place, line in zip(
            ("backgrounds", "foregrounds", "preview", "generate", "dataset"), self.lines, strict=True
        ):
            line.clicked.connect(lambda _=False, p=place: self.place_wanted.emit(p))
        for signal in (session.opened, session.changed, session.saved, session.jobs.changed):
            signal.connect(self.refresh)
        session.jobs.changed.connect(self._give_way)
        session.changed.connect(self._fold)
        parent.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        column = vbox(self, 0, margins=(UNIT, UNIT, UNIT, 2 * UNIT))
        head = hbox(spacing=UNIT, margins=(2 * UNIT, 0, 0, 0))
        head.addWidget(self.title, 1)
        closer = QToolButton()
        closer.setIcon(Icon.CLOSE.icon("quiet"))
        closer.setToolTip(self.tr("Close; Help → First steps opens it again"))
        closer.setAccessibleName(self.tr("Close the first steps"))
        closer.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        closer.clicked.connect(self._close)
        self.closer = closer
        head.addWidget(closer)
        column.addLayout(head)
        for line in self.lines:
            column.addWidget(line)
        self.more = button(self.tr("Read more in the guide"), None, "flat")
        self.more.clicked.connect(self.guide_wanted)
        column.addSpacing(UNIT)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def open(self) -> None:
        """Show the card, at the lower left where it was not moved."""
        self.refresh()
        self.adjustSize()
        self.show()
        self._stay_inside()
        self.raise_()
        self.folded.emit(False)

    @Slot()
    def _give_way(self) -> None:
        if self._session.jobs.visible:
            self._fold()

    @Slot()
    def _fold(self) -> None:
        if self.isVisible():
            self.hide()
            self.folded.emit(True)

    def enter(self, place: str) -> None:
        """Another place is shown: to look at samples, or at the dataset, is a step of its own."""
        if self._session.is_open:
            self._remember(place)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the project again."""
        if self._session.is_open:
            for line, step in zip(self.lines, self.steps(), strict=True):
                line.show_step(step)

    def steps(self) -> list[Stage]:
        """What there is to do and what is done."""
        project, seen = self._session.project, self._seen()
        backgrounds, foregrounds = len(project.good_backgrounds()), len(project.good_foregrounds())
        made = self._made
        return [
            Stage("backgrounds", self.tr("Add backgrounds"), self._counted(backgrounds, project.goal.backgrounds),
                  backgrounds > 0),
            Stage("foregrounds", self.tr("Cut foregrounds out of photos"),
                  self._counted(foregrounds, project.goal.foregrounds), foregrounds > 0),
            Stage("preview", self.tr("Look at samples"), self.tr("as the dataset will have them"), "preview" in seen),
            Stage("generate", self.tr("Generate the dataset"), self.tr("made") if made else self.tr("not made yet"),
                  made),
            Stage("dataset", self.tr("Look at the dataset and verify it"), self.tr("and use it in a training script"),
                  "dataset" in seen and made),
        ]  # fmt: skip

    def _counted(self, there: int, wanted: int) -> str:
        if not wanted:
            return self.tr("{0} in the project").format(number(there))
        return self.tr("{0} of {1} that you want").format(number(there), number(wanted))

    @property
    def _made(self) -> bool:
        return (recall(self._session.settings, self._session.folder).out / FILE).exists()

    @property
    def _key(self) -> str:
        # A path has separators, which settings would take for groups of their own.
        return f"first-steps/{hashlib.sha256(str(self._session.folder).encode()).hexdigest()[:16]}"

    def _seen(self) -> set[str]:
        return set(self._session.settings.value(self._key).split())

    def _remember(self, place: str) -> None:
        project, seen = self._session.project, self._seen()
        worth = bool(project.good_backgrounds() and project.good_foregrounds()) if place == "preview" else self._made
        if place in {"preview", "dataset"} and worth and place not in seen:
            self._session.settings.set_value(self._key, " ".join(sorted({*seen, place})))

    # Where it floats

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay inside the window when it becomes smaller."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._stay_inside()
        return super().eventFilter(watched, event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the card."""
        self._grip = event.position().toPoint()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it along."""
        self._moved = True
        self.move(self.mapToParent(event.position().toPoint() - self._grip))
        self._stay_inside()

    def _stay_inside(self) -> None:
        room = self._over.rect()
        right, low = room.width() - self.width() - GROUP, room.height() - self.height() - GROUP - 2 * PAD
        place = self.pos() if self._moved else QPoint(GROUP + 6 * PAD, low)
        self.move(max(min(place.x(), right), 0), max(min(place.y(), low), 0))

    def put_away(self) -> None:
        """Hide it, and what opens it again."""
        self.hide()
        self.folded.emit(False)

    @Slot()
    def _close(self) -> None:
        self.put_away()
        self.closed.emit()
