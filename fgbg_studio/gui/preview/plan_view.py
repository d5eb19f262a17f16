"""What the whole plan will be, before a picture of it is made: where objects stand, how large, how many of which."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QToolTip, QWidget
from typing_extensions import override

from fgbg_studio.core.plan.statistics import HEIGHTS, PlanStatistics
from fgbg_studio.gui.lib.basics import hbox, label, vbox
from fgbg_studio.gui.lib.facts import Facts
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import UNIT, small, theme
from fgbg_studio.gui.preview.heat_map import HeatMap

_AXIS = 18


class BarPlot(QWidget):
    """Bars from the left to the right end of an axis.

    Args:
        title: what is counted, for those who cannot see it.
        words: what a hover says of a bar, by its number and count.
    """

    def __init__(self, title: str, words: Callable[[int, int], str]) -> None:
        super().__init__()
        self._words = words
        self._counts: list[int] = []
        self._marks: list[tuple[float, str]] = []
        self.setFixedHeight(72)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def show_counts(self, counts: Sequence[int], marks: Sequence[tuple[float, str]]) -> None:
        """Show bars, and words under places of the axis (0 its left end, 1 its right one)."""
        self._counts, self._marks = list(counts), list(marks)
        self.update()

    def tooltip_at(self, x: float) -> str:
        """What a hover at ``x`` pixels says."""
        number = int(x / max(self.width(), 1) * len(self._counts))
        return self._words(number, self._counts[number]) if 0 <= number < len(self._counts) else ""

    @override
    def event(self, event: QEvent) -> bool:
        """The bar under the mouse."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tooltip_at(event.pos().x()), self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars on a line, words under it."""
        painter, colours = QPainter(self), theme.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base, most = self.height() - _AXIS, max([*self._counts, 1])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent"))
        wide = self.width() / max(len(self._counts), 1)
        for bar, count in enumerate(self._counts):
            tall = max(count / most * (base - 2), 1.0 if count else 0.0)
            painter.drawRect(QRectF(bar * wide + 0.5, base - tall, max(wide - 1, 1), tall))
        painter.setPen(colours.colour("line"))
        painter.drawLine(0, base, self.width(), base)
        painter.setFont(small(self.font()))
        painter.setPen(colours.colour("quiet"))
        for place, text in self._marks:
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(place * self.width() - wide / 2, 0), self.width() - wide)
            painter.drawText(QRectF(left, base + 2, wide + 2, _AXIS - 2), Qt.AlignmentFlag.AlignVCenter, text)


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
        self.feet.setToolTip(self.tr("Where the middle of each object's lower edge is"))
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
            self.map.show_counts(made.feet, made.objects, self.tr("{0} objects stand here, {1} of all"))
        else:
            self.map.show_counts(made.covered, made.objects, self.tr("{0} objects cover this, {1} of all"))

    def _height_said(self, bar: int, count: int) -> str:
        low, high = bar / HEIGHTS, (bar + 1) / HEIGHTS
        words = self.tr("{0} objects are {1} to {2} of the frame high")
        return words.format(number(count), f"{low:.0%}", f"{high:.0%}")

    def facts_shown(self) -> list[tuple[str, str]]:
        """What is said under the plots."""
        made = self.statistics
        if made is None:
            return []
        covers = self.tr("An object covers") if made.coverage else self.tr("An object's box covers")
        facts = [
            (self.tr("Samples"), number(made.count)),
            (self.tr("Mirrored"), f"{made.mirrored / max(made.objects, 1):.0%}"),
            (covers, self.tr("{0} of the frame").format(f"{made.coverage or made.box_coverage:.1%}")),
            (self.tr("Ever covered"), self.tr("{0} of the frame").format(f"{made.reached:.0%}")),
        ]
        layers = sorted((layer, count) for layer, count in made.layers.items() if layer >= 0)
        if layers:
            counts = {count for _, count in layers}
            words = (
                self.tr("{0} of {1} samples").format(len(layers), number(counts.pop()))
                if len(counts) == 1
                else "\n".join(f"{layer + 1}: {number(count)}" for layer, count in layers)
            )
            facts.append((self.tr("Depth layers"), words))
        return facts
