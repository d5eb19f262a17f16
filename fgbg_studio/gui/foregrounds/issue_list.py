"""What the check finds in a cutout, one place after the other, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.gui.lib.basics import IconLabel, button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import UNIT

_LINES = 4  # of text that are always there, so that nothing moves whatever is said


class IssueStep(NamedTuple):
    """One thing to look at: an issue, and of several places one; None where it is all of the cutout."""

    issue: Issue
    place: Box | None

    @classmethod
    def all_of(cls, issues: Sequence[Issue]) -> list[IssueStep]:
        """Each place of each issue, in the check's order."""
        return [cls(issue, place) for issue in issues for place in issue.places or (issue.box,)]

    def is_at(self, other: IssueStep | None) -> bool:
        """Whether both say the same of the same place, if not in the same words."""
        return other is not None and (self.issue.code, self.place) == (other.issue.code, other.place)


class IssueList(QWidget):
    """One step at a time, always of the same size, under a heading of its own.

    Attributes:
        show_wanted: brings an issue and the place to be pointed at.
        mend_wanted: brings an issue and the place to be mended, or None for all of its places.
        stepped: another one is said.
    """

    show_wanted = Signal(object, object)
    mend_wanted = Signal(object, object)
    stepped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.issues: tuple[Issue, ...] = ()
        self.steps: list[IssueStep] = []
        self._at = 0
        column = vbox(self, UNIT)
        row = hbox(spacing=UNIT)
        self.back = _arrow(Icon.PREVIOUS, self.tr("Show the thing before"))
        self.on = _arrow(Icon.NEXT, self.tr("Show the next thing"))
        self.count = label("", "quiet")
        row.addWidget(label(self.tr("Check"), "heading"), 1)
        for part in (self.back, self.count, self.on):
            row.addWidget(part)
        column.addLayout(row)
        said = hbox(spacing=2 * UNIT)
        self._icon, self.text = IconLabel(Icon.INFO, 16, "quiet"), label("", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setFixedHeight(_LINES * self.text.fontMetrics().lineSpacing())
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        said.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.text, 1)
        column.addLayout(said)
        buttons = hbox(spacing=UNIT)
        self.show_it, self.mend_it = button(self.tr("Show")), button(self.tr("Mend"))
        self.mend_all = button(self.tr("Mend all"))
        for made in (self.show_it, self.mend_it, self.mend_all):
            buttons.addWidget(made)
            kept = made.sizePolicy()
            kept.setRetainSizeWhenHidden(True)
            made.setSizePolicy(kept)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.back.clicked.connect(lambda: self.go(-1))
        self.on.clicked.connect(lambda: self.go(1))
        self.show_it.clicked.connect(self.show_current)
        self.mend_it.clicked.connect(self.mend)
        self.mend_all.clicked.connect(lambda: self.mend(every=True))
        self.say(self.tr("Nothing is cut yet."))

    @property
    def current(self) -> IssueStep | None:
        """What is said now."""
        return self.steps[self._at] if self.steps else None

    def say(self, text: str, icon: Icon = Icon.INFO, colour: str = "quiet") -> None:
        """Show one sentence instead of issues."""
        self.issues, self.steps, self._at = (), [], 0
        self._tell(text, icon, colour)

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """Show these, at the same step as before if it is still there, else at what has taken its place."""
        if not issues:
            self.say(self.tr("Nothing to look at."), Icon.GOOD, "good")
            return
        if tuple(issues) == self.issues:
            return
        before = self.current
        self.issues, self.steps = tuple(issues), IssueStep.all_of(issues)
        same = [i for i, step in enumerate(self.steps) if step.is_at(before)]
        self._at = same[0] if same else min(self._at, len(self.steps) - 1)
        self._show_step()

    def go(self, steps: int) -> None:
        """Go on or back, round and round, and show the place in the picture."""
        if self.steps:
            self._at = (self._at + steps) % len(self.steps)
            self._show_step()
            self.stepped.emit()
            self.show_current()

    def show_next(self, *, pointed: bool) -> None:
        """Show the place that is said, or the next one if the picture is ``pointed`` at it already."""
        self.go(1 if pointed else 0)

    def show_current(self) -> None:
        """Point at what is said, if it has a place."""
        if self.current and self.current.place:
            self.show_wanted.emit(self.current.issue, self.current.place)

    def mend(self, *, every: bool = False) -> None:
        """Mend what is said, or all of its kind."""
        if self.current and self.current.issue.mendable:
            self.mend_wanted.emit(self.current.issue, None if every else self.current.place)

    def _show_step(self) -> None:
        issue, place = self.steps[self._at]
        error = issue.severity == "error"
        text = capital(issue.message)
        places = issue.places
        if len(places) > 1 and place:
            text += self.tr(" ({0} of {1})").format(places.index(place) + 1, len(places))
        self._tell(text, Icon.ERROR if error else Icon.WARNING, "bad" if error else "warn")

    def _tell(self, text: str, icon: Icon, colour: str) -> None:
        step = self.current
        self._icon.show_icon(icon, colour)
        self.text.setText(text)
        self.text.setToolTip(text)
        several = len(self.steps) > 1
        self.count.setText(self.tr("{0} of {1}").format(self._at + 1, len(self.steps)) if step else "")
        for part in (self.back, self.on):
            part.setEnabled(several)
        for made, wanted in (
            (self.show_it, step is not None and step.place is not None),
            (self.mend_it, step is not None and step.issue.mendable),
            (self.mend_all, step is not None and step.issue.mendable and len(step.issue.places) > 1),
        ):
            made.setVisible(wanted)
            made.setAccessibleName(f"{made.text()}: {text}")


def _arrow(icon: Icon, words: str) -> QToolButton:
    made = QToolButton()
    made.setIcon(icon.icon())
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.setAutoRaise(True)
    return made
