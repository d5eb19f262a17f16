"""The explorer: histograms of the whole dataset, ranges dragged in them, and what fits all of them handed on."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.measures import Measures, Quantity
from fgbg_studio.gui.dataset.crossfilter import Crossfilter, Range
from fgbg_studio.gui.dataset.histogram import Histogram, Shown
from fgbg_studio.gui.dataset.jobs import measuring, reading_measures
from fgbg_studio.gui.lib.basics import action_button, button, clear, fix_width, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import number, time_left
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.lib.worker import Jobs, Worker

_NARROWEST = 196  # pixels of a histogram
_GRID_AFTER, _AGAIN_AFTER = 90, 700  # milliseconds: the grid follows a drag, bars follow what is being measured


class Explorer(QWidget):
    """See the module.

    Signals:
        selected: the numbers of what is selected, in order, and whether that order is a person's.
    """

    selected = Signal(object, bool)

    def __init__(self, jobs: Jobs, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._jobs = jobs
        self._contents: Contents | None = None
        self.filter: Crossfilter | None = None
        self.histograms: dict[Quantity, Histogram] = {}
        self._worker: Worker | None = None
        self._found: Ints | None = None
        self._current, self._columns = -1, 0
        self._measured, self._unmeasured = "", False
        self.count = label("", "quiet")
        self.reset = button(self.tr("Reset"), Icon.CLOSE, "flat")
        self.order = QComboBox()
        self.order.setAccessibleName(self.tr("Order of the samples"))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, UNIT)
        self._grid.setSpacing(0)
        bar = hbox(spacing=2 * UNIT, margins=(PAD, UNIT, PAD, UNIT))
        bar.addWidget(self.count)
        bar.addWidget(self.reset)
        bar.addStretch(1)
        bar.addWidget(self.order)
        for name in ("save_list", "exclude"):
            made = action_button(actions[f"dataset.{name}"])
            bar.addWidget(made)
        whole = vbox(self)
        whole.addLayout(bar)
        whole.addLayout(self._grid)
        self._follow = QTimer(self, singleShot=True, interval=_GRID_AFTER)
        self._follow.timeout.connect(self._tell)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_AFTER)
        self._again.timeout.connect(self._measure_again)
        self.reset.clicked.connect(self.clear)
        self.order.activated.connect(self._tell)

    # What is shown

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset, or none; it is read when it is wanted."""
        if self._worker:
            self._worker.cancel()
        self._contents = contents
        self._worker = self.filter = self._found = None
        self._current = -1
        self._build()

    def begin(self) -> None:
        """Read what every sample measures, unless that was done."""
        contents = self._contents
        if contents is None or self.filter or self._worker:
            self._show()
            self._tell()
            return
        self.count.setText(self.tr("Reading …"))
        self._worker = self._jobs.run(self.tr("reading rows"), reading_measures(contents), done=self._take)
        self._worker.finished.connect(self._ended)

    def _ended(self, worker: Worker) -> None:
        if worker is self._worker:
            self._worker = None
            self._measure_again()
            if self.filter and self.filter.measures.left and not worker.cancelled and self._unmeasured:
                self._measure()

    def _take(self, measures: Measures) -> None:
        self.filter = Crossfilter(measures)
        every = len(measures.numbers)
        fix_width(self.count, self._count_words(every, every))
        self.filter.keep_to(self._found)
        self._unmeasured = bool(measures.left)
        self._build()
        self._show()
        self._tell()

    def _measure(self) -> None:
        contents, measures = self._contents, self.filter.measures if self.filter else None
        self._unmeasured = False
        if contents and measures:
            self._worker = self._jobs.run(
                self.tr("measuring {0}").format(contents.title),
                measuring(contents, measures),
                progress=self._tell_measuring,
                visible=True,
            )
            self._worker.finished.connect(self._ended)

    def _tell_measuring(self, step: Progress) -> None:
        if self.filter and self._worker and not self._worker.cancelled:
            left = f" · {time_left(step.seconds_left)}" if step.seconds_left else ""
            self._measured = f"{step.done / max(step.total, 1):.0%}{left}" if step.done < step.total else ""
            if not self._again.isActive():
                self._again.start()

    @Slot()
    def _measure_again(self) -> None:
        """More values are there."""
        if self.filter:
            if self._worker is None:
                self._measured = ""
            for quantity in self.filter.measures.left:
                self.filter.measure_again(quantity)
            self._show()
            self._follow.start()

    def _build(self) -> None:
        clear(self._grid)
        self.histograms, chosen = {}, self.order.currentIndex()
        self.order.clear()
        self.order.addItem(self.tr("Unsorted"), (None, False))
        for quantity in self.filter.measures.values if self.filter else ():
            title, unit = self._words(quantity)
            made = self.histograms[quantity] = Histogram(title, unit)
            made.range_changed.connect(partial(self.set_range, quantity))
            self.order.addItem(self.tr("{0}, least first").format(title), (quantity, False))
            self.order.addItem(self.tr("{0}, most first").format(title), (quantity, True))
        self.order.setCurrentIndex(chosen if 0 <= chosen < self.order.count() else 0)
        self._columns = 0
        self._arrange()

    def _words(self, quantity: Quantity) -> tuple[str, str]:
        titles = {
            "coverage": self.tr("Coverage"),
            "depth": self.tr("Depth"),
            "stored depth": self.tr("Stored depth"),
            "height": self.tr("Height"),
            "across": self.tr("Position across"),
            "feet": self.tr("Position down"),
            "brightness": self.tr("Brightness"),
            "layer": self.tr("Depth layer"),
        }
        return titles[quantity.name], quantity.unit

    def _arrange(self) -> None:
        columns = max(min(self.width() // _NARROWEST, len(self.histograms)), 1)
        if columns > 2 and len(self.histograms) % columns:  # rows of equal length, where there are several
            rows = math.ceil(len(self.histograms) / columns)
            columns = math.ceil(len(self.histograms) / rows)
        if columns != self._columns:
            self._columns = columns
            for place, made in enumerate(self.histograms.values()):
                self._grid.addWidget(made, *divmod(place, columns))
            for column in range(self._grid.columnCount()):
                self._grid.setColumnStretch(column, 1 if column < columns else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many beside each other as are readable."""
        super().resizeEvent(event)
        self._arrange()

    @override
    def minimumSizeHint(self) -> QSize:
        """Narrow: the histograms go on in another row."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def _show(self) -> None:
        found = self.filter
        if found is None or self.isHidden():
            return
        for quantity, made in self.histograms.items():
            chosen = found.bins_of(quantity) if quantity in found.ranges else None
            note = self._measured if quantity in found.measures.left else ""
            shown = Shown(found.binned[quantity], found.totals(quantity), found.counts(quantity), chosen)
            made.show_counts(shown, note)
            made.mark(found.value(quantity, self._current) if self._current >= 0 else math.nan)
        every = len(found.measures.numbers)
        words = self._count_words(found.count, every)
        self.count.setText(words if found.narrowed else self.tr("{0} samples").format(number(every)))
        self.reset.setEnabled(bool(found.ranges))

    def _count_words(self, fit: int, every: int) -> str:
        return self.tr("{0} of {1} · {2}").format(number(fit), number(every), f"{fit / max(every, 1):.1%}")

    # Choosing

    def set_range(self, quantity: Quantity, values: Range | None) -> None:
        """Keep to a range of one quantity, or to none."""
        if self.filter:
            self.filter.set_range(quantity, values)
            self._show()
            if not self._follow.isActive():
                self._follow.start()

    @Slot()
    def clear(self) -> None:
        """No range any more."""
        if self.filter:
            self.filter.clear()
            self._show()
            self._tell()

    def keep_to(self, numbers: Ints | None) -> None:
        """Keep to what a search found; to nothing for None."""
        self._found = numbers
        if self.filter:
            self.filter.keep_to(numbers)
            self._show()
            self._tell()

    def point_at(self, sample: int) -> None:
        """Say where this sample is in every histogram; -1 for none."""
        self._current = sample
        if self.filter:
            for quantity, made in self.histograms.items():
                made.mark(self.filter.value(quantity, sample) if sample >= 0 else math.nan)

    def said_of(self, sample: int) -> str:
        """The value that the samples are ordered by, in words; empty where they are in no order."""
        quantity = self._ordered_by[0]
        if quantity is None or self.filter is None:
            return ""
        value = self.filter.value(quantity, sample)
        places = max(0, -math.floor(math.log10(self.filter.binned[quantity].step) + 1e-9))
        return "" if math.isnan(value) else f"{value:,.{places}f} {quantity.unit}".strip()

    @property
    def numbers(self) -> Ints | None:
        """What is selected, in order; None where nothing is known yet."""
        quantity, down = self._ordered_by
        return self.filter.selected(quantity, down=down) if self.filter else None

    @property
    def _ordered_by(self) -> tuple[Quantity | None, bool]:
        quantity, down = self.order.currentData() or (None, False)
        return (Quantity(*quantity), bool(down)) if quantity else (None, False)

    @Slot()
    def _tell(self) -> None:
        numbers = None if self.isHidden() else self.numbers
        if numbers is not None:
            self.selected.emit(numbers, self._ordered_by[0] is not None)

    @property
    def narrowed(self) -> bool:
        """Whether less than the whole is selected."""
        return bool(self.filter and self.filter.narrowed)
