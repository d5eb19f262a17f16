"""What verifying found: that nothing is wrong, or each sort of fault with names that can be looked at."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.dataset.inspect.verify import IssueGroup, VerifyReport
from fgbg_studio.core.interfaces.layout import file_name
from fgbg_studio.gui.dataset.wording import in_words, sentence
from fgbg_studio.gui.lib.basics import action_button, button, label, vbox
from fgbg_studio.gui.lib.formatting import moment, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.label import Label
from fgbg_studio.gui.lib.lines import Lines
from fgbg_studio.gui.lib.remedies import words
from fgbg_studio.gui.lib.theme import UNIT

_WIDTH, _LINE = 220, 26


class FaultsView(Lines):
    """What verifying found, in short.

    Signals:
        show_wanted: the name of a file that is to be looked at.
        list_wanted: all of one sort of fault are to be listed, by its words.
    """

    show_wanted = Signal(str)
    list_wanted = Signal(str)

    def __init__(self, repair: QAction, every: QAction) -> None:
        super().__init__(2 * UNIT)
        self._listing, self._faults = every, every.text()
        self.every = action_button(every)
        self.column.addWidget(self.every)
        self.repair = action_button(repair)
        self.column.addWidget(self.repair)
        self._said: tuple[Label, Icon, str] | None = None
        self.say(self.tr("Not verified yet."))

    def say(self, text: str, icon: Icon = Icon.INFO, colour: str = "quiet") -> None:
        """One sentence; where it only goes on, as progress does, nothing below it moves."""
        self.sentence, before = text, self._said
        if before and before[1:] == (icon, colour) and len(self.lines) == 1:
            before[0].setText(text)
        else:
            self.empty()
            self._said = self.add_sentence(text, icon, colour), icon, colour
        self.repair.hide()
        self.every.hide()
        self._listing.setText(self._faults)

    def show_report(self, report: VerifyReport, when: datetime, *, mendable: bool) -> None:
        """Show these; ``mendable`` where what is damaged can be made again in its place."""
        files, beside = number(report.files), report.passed.total
        if report.clean:
            text = self.tr("{0} files, nothing wrong · {1}").format(files, moment(when))
            self.say(text, Icon.GOOD, "good")
            self._warn(report.warnings, report.passed.said())
            self._listing.setText(self.tr("List what was passed over"))
            self.every.setVisible(bool(beside))
            return
        text = self.tr("{0} files, 1 fault · {2}") if report.faults == 1 else self.tr("{0} files, {1} faults · {2}")
        self.say(text.format(files, number(report.faults), moment(when)), Icon.ERROR, "bad")
        for group in sorted(report.groups.values(), key=lambda one: -one.count):
            self.add(self._fault(group))
        self._warn(report.warnings, report.passed.said())
        self.repair.setVisible(mendable)
        self.every.show()

    def _warn(self, warnings: list[str], passed: str) -> None:
        for text in warnings:
            self.add_sentence(sentence(text), Icon.WARNING, "warn")
        if passed:
            self.add_sentence(f"{passed}.", Icon.INFO, "quiet")

    def _fault(self, group: IssueGroup) -> QWidget:
        fault, count, examples = in_words(group.issue.clause(words)), group.count, group.examples
        line = QWidget()
        column = vbox(line)
        said = f"{number(count)} × {fault}" if count > 1 else sentence(fault)
        column.addWidget(label(said, wrap=True))
        for name in examples:
            if name not in fault:
                column.addWidget(self._example(name))
        if count > len(examples) > 0:
            more = button(self.tr("All {0}…").format(number(count)), None, "line")
            more.clicked.connect(lambda: self.list_wanted.emit(sentence(fault)))
            column.addWidget(more)
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
