"""What the check objects to, the worst first, each with the way to the picture concerned."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from fgbg_studio.core.dataset.check import Objection
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.lines import Lines
from fgbg_studio.gui.lib.saying import in_words
from fgbg_studio.gui.lib.theme import PAD, UNIT

MOST = 60
"""Objections that are shown; a person mends some of so many first."""


class ObjectionsView(QWidget):
    """A heading and a list that scrolls. ``show_wanted`` brings an objection with a picture."""

    show_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.title = label(self.tr("Check"), "heading")
        self._shown: list[Objection] | None = None
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

    def show_objections(self, found: Sequence[Objection], *, finished: bool) -> None:
        """Show these; ``finished`` once there are no more."""
        errors = sum(one.severity == "error" for one in found)
        if found:
            self.title.setText(self._count(errors, len(found) - errors))
        elif finished:
            self.title.setText(self.tr("Check: nothing to object to"))
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

    def _line(self, objection: Objection) -> QWidget:
        line = QWidget()
        row = hbox(line, 2 * UNIT)
        error = objection.severity == "error"
        row.addWidget(IconLabel(Icon.ERROR if error else Icon.WARNING, 16, "bad" if error else "warn"))
        text = in_words(objection.message)
        if not objection.file or not text.startswith(objection.file):  # a file keeps its name as it is
            text = capital(text)
        row.addWidget(label(text, wrap=True), 1)
        if objection.file:
            show = button(self.tr("Show"), None, "flat")
            show.setAccessibleName(self.tr("Show {0}").format(objection.file))
            show.clicked.connect(lambda: self.show_wanted.emit(objection))
            row.addWidget(show)
        return line


def place_of(project: Project, file: str) -> tuple[str, str]:
    """(place, sha256) of the project's picture with that file; empty where there is none."""
    for place, pictures in (("backgrounds", project.backgrounds), ("foregrounds", project.foregrounds)):
        for picture in pictures:
            if picture.file == file:
                return place, picture.sha256
    return "", ""
