"""What the whole plan will be, before a picture of it is made: where objects stand, how large, how many of which."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from fgbg_studio.core.plan_statistics import HEIGHTS, PlanStatistics
from fgbg_studio.gui.theme import UNIT
from fgbg_studio.gui.widgets.bar_plot import BarPlot
from fgbg_studio.gui.widgets.basics import hbox, label, vbox
from fgbg_studio.gui.widgets.facts import Facts
from fgbg_studio.gui.widgets.heat_map import HeatMap
from fgbg_studio.gui.words import number


class PlanView(QWidget):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.statistics: PlanStatistics | None = None
        self.facts, self.state = Facts(), label("", "caption", wrap=True)
        self.map = HeatMap("")
        self.map.setAccessibleName(self.tr("Where objects are in the frame"))
        self.heights = BarPlot(self.tr("Heights of objects"), self._height_said)
        self.feet, self.covered = self._switch(self.tr("Feet")), self._switch(self.tr("Whole objects"))
        self.feet.setToolTip(self.tr("Where the middle of each object's lower edge stands"))
        self.covered.setToolTip(self.tr("Which part of the frame objects cover"))
        self._lay_out()
        self.feet.setChecked(True)
        self.feet.toggled.connect(self._show_map)

    def show_statistics(self, statistics: PlanStatistics | None) -> None:
        """Show these, or that there are none."""
        self.statistics = statistics
        self.state.hide()
        self.setEnabled(statistics is not None)
        self._show_map()
        counts = statistics.heights.tolist() if statistics else []
        self.heights.show_counts(counts, [(0.0, "0"), (0.5, self.tr("50% of the frame's height")), (1.0, "100%")])
        self.facts.show_facts(self.facts_shown())

    def show_progress(self, text: str) -> None:
        """Say that the plan is being counted."""
        self.state.setText(text)
        self.state.show()

    def _switch(self, text: str) -> QToolButton:
        made = QToolButton()
        made.setText(text)
        made.setCheckable(True)
        made.setIconSize(QSize(1, 1))
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made

    def _lay_out(self) -> None:
        whole = vbox(self, 2 * UNIT)
        switches, group = hbox(spacing=UNIT), QButtonGroup(self)
        for one in (self.feet, self.covered):
            group.addButton(one)
            switches.addWidget(one)
        switches.addStretch(1)
        whole.addLayout(switches)
        whole.addWidget(self.map)
        whole.addWidget(label(self.tr("Heights of objects"), "quiet"))
        whole.addWidget(self.heights)
        whole.addWidget(self.facts)
        whole.addWidget(self.state)
        self.state.hide()

    def _show_map(self) -> None:
        made = self.statistics
        if made is None:
            self.map.show_counts(None)
        elif self.feet.isChecked():
            self.map.show_counts(made.feet, made.count, self.tr("{0} objects stand here, {1} of all"))
        else:
            self.map.show_counts(made.covered, made.count, self.tr("{0} objects cover this, {1} of all"))

    def _height_said(self, bar: int, count: int) -> str:
        low, high = bar / HEIGHTS, (bar + 1) / HEIGHTS
        words = self.tr("{0} objects are {1} to {2} of the frame high")
        return words.format(number(count), f"{low:.0%}", f"{high:.0%}")

    def facts_shown(self) -> list[tuple[str, str]]:
        """What is said under the plots."""
        made = self.statistics
        if made is None:
            return []
        facts = [
            (self.tr("Samples"), number(made.count)),
            (self.tr("Mirrored"), f"{made.mirrored / max(made.count, 1):.0%}"),
            (self.tr("An object covers"), self.tr("{0} of the frame").format(f"{made.coverage:.1%}")),
            (self.tr("Ever covered"), self.tr("{0} of the frame").format(f"{made.reached:.0%}")),
        ]
        layers = sorted((layer, count) for layer, count in made.layers.items() if layer >= 0)
        if layers:
            counts = {count for _, count in layers}
            words = (
                self.tr("{0} of {1} samples").format(len(layers), number(counts.pop()))
                if len(counts) == 1
                else "\n".join(f"{layer}: {number(count)}" for layer, count in layers)
            )
            facts.append((self.tr("Depth layers"), words))
        return facts
