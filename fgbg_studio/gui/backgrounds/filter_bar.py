"""The line over a grid of pictures: tabs with counts, sorting, filters, the thumbnails' size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QWidget
from typing_extensions import override

from fgbg_studio.gui.backgrounds.histogram_slider import HistogramSlider
from fgbg_studio.gui.backgrounds.menus import add_menu, menu_button
from fgbg_studio.gui.lib.basics import action_button, button, frame, hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.image_grid import add_size_slider
from fgbg_studio.gui.lib.list_controls import SortButton, Tabs
from fgbg_studio.gui.lib.theme import PAD, UNIT

_GAPS = 10 * UNIT  # between the parts of the line


class FilterBar(QFrame):
    """See the module; ``sliders`` stand in a second line that the filter's action shows.

    ``adding`` are the ways to add pictures. ``beside`` are a tab and what can be done with all that it has, which is
    shown with it.

    Signals:
        sorted_by: (order, reversed).
        side_changed: the thumbnails' side in pixels.
        remarked_changed: whether only pictures with remarks are shown.
    """

    sorted_by = Signal(str, bool)
    side_changed = Signal(int)
    remarked_changed = Signal(bool)

    def __init__(
        self,
        adding: Sequence[QAction],
        tabs: Sequence[QAction],
        beside: tuple[QAction, QAction],
        filter_action: QAction,
        orders: Sequence[tuple[str, str]],
        sliders: Sequence[HistogramSlider],
    ) -> None:
        super().__init__()
        self.tabs = Tabs(tabs, self.tr("Choose which backgrounds are shown"))
        self.sort = SortButton(orders)
        self.sliders, self._filter = sliders, filter_action
        self.waiting = label("", "quiet")
        self.reset = button(self.tr("Show all"), None, "flat")
        self.remarked = QCheckBox(self.tr("With remarks only"))
        self.remarked.setToolTip(self.tr("Show only what is flat, blurred, dark, bright, long, small or colourless"))
        self.drawer = frame("")
        self._grid_controls = self._make_grid_controls()
        whole = vbox(self, UNIT, margins=(PAD, 2 * UNIT, PAD, UNIT))
        whole.addLayout(self._first_line(adding, beside))
        whole.addWidget(self._fill_drawer())
        self._connect()

    def _first_line(self, adding: Sequence[QAction], beside: tuple[QAction, QAction]) -> QHBoxLayout:
        row = hbox(spacing=UNIT)
        self._add, self._beside = menu_button(add_menu(self, adding), Icon.ADD), self._made_beside(beside)
        row.addWidget(self._add)
        row.addSpacing(UNIT)
        row.addWidget(self.tabs)
        row.addSpacing(UNIT)
        row.addWidget(self._beside)
        row.addStretch(1)
        row.addWidget(self._grid_controls)
        return row

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside all that comes and goes, so that it moves nothing; no ``beside`` is seen with the grid.s controls."""
        super().resizeEvent(event)
        grid = self._grid_controls.sizeHint().width() - self.waiting.sizeHint().width()
        rest = self._add.sizeHint().width() + max(self._beside.sizeHint().width(), grid)
        self.tabs.fit(event.size().width() - rest - 2 * PAD - _GAPS)

    @staticmethod
    def _made_beside(beside: tuple[QAction, QAction]) -> QWidget:
        tab, action = beside
        made = action_button(action, "flat")
        made.setVisible(tab.isChecked())
        tab.toggled.connect(made.setVisible)
        return made

    def _make_grid_controls(self) -> QWidget:
        made = QWidget()
        row = hbox(made, UNIT)
        row.addWidget(self.waiting)
        row.addSpacing(UNIT)
        row.addWidget(self.sort)
        row.addWidget(tool_button(self._filter))
        row.addSpacing(2 * UNIT)
        self.side = add_size_slider(row, self.tr("Size of the thumbnails"))
        return made

    def show_grid_controls(self, shown: bool) -> None:
        """Sorting, filters and size are of the grid, and of no other form of the list."""
        self._grid_controls.setVisible(shown)
        self.drawer.setVisible(shown and self._filter.isChecked())

    def _fill_drawer(self) -> QWidget:
        row = hbox(self.drawer, PAD)
        for slider in self.sliders:
            row.addWidget(slider, 1)
        row.addWidget(self.remarked, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignVCenter)
        self.drawer.setVisible(False)
        return self.drawer

    def _connect(self) -> None:
        self._filter.toggled.connect(self.drawer.setVisible)
        self.reset.clicked.connect(self.reset_ranges)
        self.sort.changed.connect(self.sorted_by)
        self.side.valueChanged.connect(self.side_changed)
        self.remarked.toggled.connect(self.remarked_changed)
        self.remarked.toggled.connect(self._enable_reset)
        for slider in self.sliders:
            slider.range_changed.connect(self._enable_reset)
        self._enable_reset()

    def show_waiting(self, count: int) -> None:
        """Say how many pictures are still to be measured."""
        self.waiting.setText(self.tr("{0} still to be measured").format(number(count)) if count else "")

    def reset_ranges(self) -> None:
        """Take all pictures again."""
        for slider in self.sliders:
            slider.reset()
        self.remarked.setChecked(False)

    def _enable_reset(self) -> None:
        self.reset.setEnabled(self.remarked.isChecked() or any(slider.chosen() for slider in self.sliders))
