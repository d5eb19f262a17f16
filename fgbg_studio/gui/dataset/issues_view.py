"""What verifying found: that nothing is wrong, or each sort of fault with names that can be looked at."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.dataset.inspect.verify import IssueGroup, VerifyReport
from fgbg_studio.core.interfaces.layout import file_name
from fgbg_studio.gui.dataset.wording import sentence
from fgbg_studio.gui.lib.basics import action_button, button, label, vbox
from fgbg_studio.gui.lib.formatting import moment, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.lines import Lines
from fgbg_studio.gui.lib.remedies import words
from fgbg_studio.gui.lib.theme import UNIT

_WIDTH, _LINE = 220, 26


class FaultsView(Lines):
    """``show_wanted`` brings the name of a file that is to be looked at."""

    show_wanted = Signal(str)

    def __init__(self, repair: QAction) -> None:
        super().__init__(2 * UNIT)
        self.repair = action_button(repair)
        self.column.addWidget(self.repair)
        self.say(self.tr("Not verified yet."))

    def say(self, text: str, icon: Icon = Icon.INFO, colour: str = "quiet") -> None:
        """One sentence."""
        self.empty()
        self.sentence = text
        self.add_sentence(text, icon, colour)
        self.repair.hide()

    def show_report(self, report: VerifyReport, when: datetime, *, mendable: bool) -> None:
        """Show these; ``mendable`` where what is damaged can be made again in its place."""
        files = number(report.files)
        if report.clean:
            text = self.tr("{0} files, nothing wrong · {1}").format(files, moment(when))
            self.say(text, Icon.GOOD, "good")
            self._warn(report.warnings)
            return
        faults = number(sum(group.count for group in report.groups.values()))
        self.say(self.tr("{0} files, {1} faults · {2}").format(files, faults, moment(when)), Icon.ERROR, "bad")
        for group in sorted(report.groups.values(), key=lambda one: -one.count):
            self.add(self._fault(group))
        self._warn(report.warnings)
        self.repair.setVisible(mendable)

    def _warn(self, warnings: list[str]) -> None:
        for text in warnings:
            self.add_sentence(sentence(text), Icon.WARNING, "warn")

    def _fault(self, group: IssueGroup) -> QWidget:
        fault, count, examples = group.issue.clause(words), group.count, group.examples
        line = QWidget()
        column = vbox(line)
        if group.issue.code == "statistics":  # sentences of their own, which name no file
            for text in examples:
                column.addWidget(label(sentence(text), wrap=True))
        else:
            said = f"{number(count)} × {fault}" if count > 1 else sentence(fault)
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
