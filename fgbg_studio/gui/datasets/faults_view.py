"""What verifying found: that nothing is wrong, or each sort of fault with names that can be looked at."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fgbg_studio.core.layouts import file_name
from fgbg_studio.core.verify import Findings
from fgbg_studio.gui.datasets.said import capital
from fgbg_studio.gui.icons import Icon
from fgbg_studio.gui.theme import UNIT
from fgbg_studio.gui.widgets.basics import IconLabel, action_button, button, label
from fgbg_studio.gui.words import moment, number

_WIDTH, _LINE = 220, 26


class FaultsView(QWidget):
    """``show_wanted`` brings the name of a file that is to be looked at."""

    show_wanted = Signal(str)

    def __init__(self, repair: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * UNIT)
        self._lines: list[QWidget] = []
        self.repair = action_button(repair)
        self._column.addWidget(self.repair)
        self.say(self.tr("Not verified yet."))

    def say(self, text: str, icon: Icon = Icon.INFO, colour: str = "quiet") -> None:
        """One sentence."""
        self._empty()
        self.sentence = text
        self._add(_sentence(text, icon, colour))
        self.repair.hide()

    def show_findings(self, findings: Findings, when: datetime, *, mendable: bool) -> None:
        """Show these; ``mendable`` where what is damaged can be made again in its place."""
        files = number(findings.files)
        if not findings.faults:
            text = self.tr("{0} files, nothing wrong · {1}").format(files, moment(when))
            self.say(text, Icon.GOOD, "good")
            return
        faults = number(sum(findings.faults.values()))
        self.say(self.tr("{0} files, {1} faults · {2}").format(files, faults, moment(when)), Icon.ERROR, "bad")
        for fault, count in sorted(findings.faults.items(), key=lambda one: -one[1]):
            self._add(self._fault(fault, count, findings.examples[fault]))
        self.repair.setVisible(mendable)

    def _fault(self, fault: str, count: int, examples: list[str]) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if fault == "statistics":  # sentences of their own, which name no file
            for text in examples:
                column.addWidget(label(capital(text), wrap=True))
        else:
            said = f"{number(count)} × {fault}" if count > 1 else capital(fault)
            column.addWidget(label(said, wrap=True))
            for name in examples:
                if name not in fault:
                    column.addWidget(self._example(name))
            if count > len(examples):
                more = self.tr("and {0} more").format(number(count - len(examples)))
                column.addWidget(label(more, "caption"))
        return line

    def _example(self, name: str) -> QWidget:
        short = file_name(name)
        made = button("", None, "line")
        if ":" in name or short.endswith((".csv", ".json", ".txt")):  # there is no sample to be shown
            made.setEnabled(False)
        made.setText(made.fontMetrics().elidedText(short, Qt.TextElideMode.ElideMiddle, _WIDTH))
        made.setFixedHeight(_LINE)
        made.setToolTip(self.tr("Show {0}").format(name) if made.isEnabled() else name)
        made.setAccessibleName(made.toolTip())
        made.clicked.connect(lambda: self.show_wanted.emit(name))
        return made

    def _add(self, line: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, line)
        self._lines.append(line)

    def _empty(self) -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []


def _sentence(text: str, icon: Icon, colour: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2 * UNIT)
    row.addWidget(IconLabel(icon, 16, colour), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(text, wrap=True), 1)
    return line
