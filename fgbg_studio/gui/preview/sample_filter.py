"""Which samples are shown, and which first: a button that opens the filters, and a menu of what is odd."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QMenu, QToolButton, QWidget, QWidgetAction

from fgbg_studio.core.plan.selection import SampleSelection
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import button, drop_down, hbox, label
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.list_controls import SortButton
from fgbg_studio.gui.lib.theme import PAD, UNIT, tabular

_FARTHEST = 1000.0


class SampleFilter(QWidget):
    """See the module; background and foreground are chosen beside it.

    Signals:
        changed: the `SampleSelection` that a person asked for.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._choice, self._offered = SampleSelection(), (0, False)
        self.order = SortButton(self._orders(), compact=True)
        self.open = QToolButton()
        self.open.setAccessibleName(self.tr("Filter the samples"))
        self.which, self.layer = QComboBox(), QComboBox()
        self.heights = _field("%", 0, 100), _field("%", 0, 100)
        self.depths = _field(" m", 0, _FARTHEST), _field(" m", 0, _FARTHEST)
        self.clear = button(self.tr("Show all"), Icon.CLOSE, "flat")
        self._depth_title = label(self.tr("Distance"), "quiet")
        self._layer_title = label(self.tr("Depth layer"), "quiet")
        self._menu = QMenu(self)
        self._holder = QWidgetAction(self._menu)
        self._holder.setDefaultWidget(self._fields())
        self._menu.addAction(self._holder)
        drop_down(self.open, self._menu)
        row = hbox(self, UNIT)
        row.addWidget(self.order)
        row.addWidget(self.open)
        self.order.changed.connect(lambda name, back: self._tell(order=name, backwards=back))
        self.which.activated.connect(lambda _: self._tell(excluded=self.which.currentData()))
        self.layer.activated.connect(lambda _: self._tell(layer=int(self.layer.currentData())))
        for low, high, take in ((*self.heights, self._take_heights), (*self.depths, self._take_depths)):
            low.valueChanged.connect(take)
            high.valueChanged.connect(take)
        self.clear.clicked.connect(self._clear)
        self.show_choice(self._choice)

    def _orders(self) -> list[tuple[str, str]]:
        return [
            ("", self.tr("Shuffled")),
            ("floating", self.tr("Floating first: feet over the ground")),
            ("cut", self.tr("Cut first: at the frame's edge")),
            ("tiny", self.tr("Tiny first")),
            ("merged", self.tr("Same depth as behind first")),
        ]

    def _fields(self) -> QWidget:
        made = QWidget()
        for text, value in ((self.tr("All"), None), (self.tr("In the dataset"), False), (self.tr("Excluded"), True)):
            self.which.addItem(text, value)
        grid = QGridLayout(made)
        grid.setContentsMargins(PAD, PAD, PAD, PAD)
        grid.setHorizontalSpacing(2 * UNIT)
        titles = (label(self.tr("Samples"), "quiet"), self._layer_title, label(self.tr("Height"), "quiet"))
        for line, (title, first) in enumerate(zip(titles, (self.which, self.layer, self.heights[0]), strict=True)):
            grid.addWidget(title, line, 0)
            grid.addWidget(first, line, 1, 1, 1 if first is self.heights[0] else 3)
            first.setAccessibleName(title.text())
        grid.addWidget(self._depth_title, 3, 0)
        for line, (low, high) in ((2, self.heights), (3, self.depths)):
            low.setAccessibleName(self.tr("Least"))
            high.setAccessibleName(self.tr("Greatest"))
            grid.addWidget(low, line, 1)
            grid.addWidget(label(self.tr("to"), "quiet"), line, 2)
            grid.addWidget(high, line, 3)
        grid.addWidget(self.clear, 4, 1, 1, 3, Qt.AlignmentFlag.AlignRight)
        return made

    def show_project(self, project: Project) -> None:
        """Offer what the project's samples can be told apart by."""
        settings = project.settings
        rows, camera = settings.placement.grid.rows, settings.depth.way.by_camera
        if (rows, camera) == self._offered:
            return
        self._offered = rows, camera
        layers = [(self.tr("All"), -1), *((self.tr("Layer {0}").format(row + 1), row) for row in range(rows))]
        if self.layer.count() != len(layers):
            self.layer.clear()
            for text, value in layers:
                self.layer.addItem(text, value)
        for part in (self.layer, self._layer_title):
            part.setVisible(rows > 1)
        self._menu.removeAction(self._holder)  # a menu that was open once keeps the height it had
        self._menu.addAction(self._holder)
        why = "" if camera else self.tr("Only of depth by geometry: what a network says is known when it was asked")
        for field in (*self.depths, self._depth_title):
            field.setEnabled(camera)
            field.setToolTip(why)
        self.order.offer("merged", camera, why)

    def show_choice(self, choice: SampleSelection) -> None:
        """Show what is chosen."""
        self._choice = choice
        self.order.show_order(choice.order, reverse=choice.backwards)
        self.which.setCurrentIndex(self.which.findData(choice.excluded))
        self.layer.setCurrentIndex(max(self.layer.findData(choice.layer), 0))
        low, high = choice.depths or (0.0, _FARTHEST)
        shown = ((self.heights, (100 * choice.heights[0], 100 * choice.heights[1])), (self.depths, (low, high)))
        for fields, values in shown:
            for field, value in zip(fields, values, strict=True):
                with QSignalBlocker(field):
                    field.setValue(value)
        narrow = replace(choice, order="").narrowed or choice.excluded is not None
        self.open.setIcon(Icon.FILTER.icon("accent" if narrow else "text"))
        self.open.setToolTip(self.tr("Only some samples are shown") if narrow else self.tr("Filter the samples"))
        self.clear.setEnabled(narrow)

    def _take_heights(self) -> None:
        low, high = (field.value() / 100 for field in self.heights)
        self._tell(heights=(low, high))

    def _take_depths(self) -> None:
        low, high = (field.value() for field in self.depths)
        self._tell(depths=None if (low, high) == (0.0, _FARTHEST) else (low, high))

    def _clear(self) -> None:
        none = SampleSelection()
        self._tell(excluded=None, layer=none.layer, heights=none.heights, depths=none.depths)

    def _tell(self, **changes: object) -> None:
        self.show_choice(replace(self._choice, **changes))  # type: ignore[arg-type]
        self.changed.emit(self._choice)


def _field(unit: str, least: float, most: float) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setRange(least, most)
    made.setDecimals(1)
    made.setSuffix(unit)
    made.setGroupSeparatorShown(True)
    made.setAlignment(Qt.AlignmentFlag.AlignRight)
    made.setFont(tabular(made.font()))
    made.setKeyboardTracking(False)
    return made
