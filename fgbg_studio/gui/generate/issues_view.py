"""What the check objects to, the worst first, each with the way to the picture concerned."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.lines import Lines
from fgbg_studio.gui.lib.remedies import offers, words
from fgbg_studio.gui.lib.theme import PAD, UNIT

MOST = 60
"""Issues that are shown; a person mends some of so many first."""


class IssuesView(QWidget):
    """A heading and a list that scrolls.

    Signals:
        show_wanted: an issue with a picture, which is to be shown.
        remedy_wanted: a remedy that is to be followed.
    """

    show_wanted = Signal(object)
    remedy_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.title = label(self.tr("Check"), "heading")
        self._shown: list[Issue] | None = None
        card = frame("card")
        self.list = Lines(UNIT, (0, 0, UNIT, 0))
        self.list.setProperty("look", "panel")
        self.list.column.addStretch(1)
        scroll = QScrollArea()
        scroll.setProperty("look", "panel")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.list)
        column = vbox(card, 2 * UNIT, (4 * UNIT, PAD, PAD, PAD))
        column.addWidget(self.title)
        column.addWidget(scroll, 1)
        vbox(self).addWidget(card)

    def show_checking(self) -> None:
        """The check has begun."""
        self.title.setText(self.tr("Check: looking at every picture…"))

    def show_issues(self, found: Sequence[Issue], *, finished: bool) -> None:
        """Show these; ``finished`` once there are no more."""
        errors = sum(one.severity == "error" for one in found)
        if found:
            self.title.setText(self._count(errors, len(found) - errors))
        elif finished:
            self.title.setText(self.tr("Check: no issues found"))
        ordered = sorted(found, key=lambda one: one.severity != "error")
        if ordered == self._shown:
            return
        self._shown = ordered
        self.list.empty()
        for one in ordered[:MOST]:
            self.list.add(self._line(one))
        if len(ordered) > MOST:
            more = self.tr("and {0} more; the log has all of them").format(number(len(ordered) - MOST))
            self.list.add(label(more, "quiet"))

    def _count(self, errors: int, warnings: int) -> str:
        parts = []
        if errors:
            parts.append(self.tr("1 error") if errors == 1 else self.tr("{0} errors").format(number(errors)))
        if warnings:
            many = self.tr("{0} things to look at").format(number(warnings))
            parts.append(self.tr("1 thing to look at") if warnings == 1 else many)
        return self.tr("Check: {0}").format(", ".join(parts))

    def _line(self, issue: Issue) -> QWidget:
        line = QWidget()
        row = hbox(line, 2 * UNIT)
        error = issue.severity == "error"
        row.addWidget(IconLabel(Icon.ERROR if error else Icon.WARNING, 16, "bad" if error else "warn"))
        text = issue.said(words)
        if not issue.file or "/" not in text.split()[0]:  # a file keeps its name as it is
            text = capital(text)
        row.addWidget(label(text, wrap=True), 1)
        for offered, handler in offers(issue.remedies, self.remedy_wanted.emit):
            follow = button(offered, None, "flat")
            follow.clicked.connect(lambda _=False, h=handler: h())
            row.addWidget(follow)
        if issue.file:
            show = button(self.tr("Show"), None, "flat")
            show.setAccessibleName(self.tr("Show {0}").format(issue.file))
            show.clicked.connect(lambda: self.show_wanted.emit(issue))
            row.addWidget(show)
        return line


def place_of(project: Project, file: str) -> tuple[str, str]:
    """(place, sha256) of the project's picture with that file; empty where there is none."""
    for place, pictures in (("backgrounds", project.backgrounds), ("foregrounds", project.foregrounds)):
        for picture in pictures:
            if picture.file == file:
                return place, picture.sha256
    return "", ""
