"""What the check finds in a cutout, each issue with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.gui.lib.basics import IconLabel, button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.lines import Lines
from fgbg_studio.gui.lib.theme import UNIT


class IssueList(Lines):
    """``show_wanted`` brings an issue that has a place, ``mend_wanted`` one that can be mended."""

    show_wanted = Signal(object)
    mend_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(2 * UNIT)
        self.issues: tuple[Issue, ...] = ()
        self.say(self.tr("Nothing is cut yet."))

    def say(self, text: str, icon: Icon = Icon.INFO, colour: str = "quiet") -> None:
        """Show one sentence instead of issues."""
        self.issues = ()
        self.empty()
        self.add_sentence(text, icon, colour, "quiet")

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """Show these; none is good news."""
        if not issues:
            self.say(self.tr("Nothing to look at."), Icon.GOOD, "good")
        elif tuple(issues) != self.issues:
            self.issues = tuple(issues)
            self.empty()
            for issue in issues:
                self.add(self._line(issue))

    def _line(self, issue: Issue) -> QWidget:
        line = QWidget()
        error = issue.severity == "error"
        whole = hbox(line, 2 * UNIT)
        icon = IconLabel(Icon.ERROR if error else Icon.WARNING, 16, "bad" if error else "warn")
        whole.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        column = vbox(spacing=UNIT)
        text = capital(issue.message)
        column.addWidget(label(text, wrap=True))
        buttons = hbox(spacing=UNIT)
        for wanted, title, signal in (
            (issue.box is not None, self.tr("Show me"), self.show_wanted),
            (issue.mendable, self.tr("Mend"), self.mend_wanted),
        ):
            if wanted:
                made = button(title)
                made.setAccessibleName(f"{title}: {text}")
                made.clicked.connect(lambda _=False, s=signal: s.emit(issue))
                buttons.addWidget(made)
        buttons.addStretch(1)
        if buttons.count() > 1:
            column.addLayout(buttons)
        whole.addLayout(column, 1)
        return line
