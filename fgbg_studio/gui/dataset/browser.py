"""Looking through a dataset: backgrounds × foregrounds, and beside it the pictures of what is chosen there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QSplitter, QToolButton, QWidget

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.layout import PER_SAMPLE, stem
from fgbg_studio.gui.dataset.matrix import SIDE, Matrix
from fgbg_studio.gui.dataset.stored_pictures import Key, StoredPictures
from fgbg_studio.gui.dataset.wording import kind_title
from fgbg_studio.gui.lib.basics import button, hbox, keep_room, label, tool_button, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.image_cell import Cell
from fgbg_studio.gui.lib.image_grid import ImageGrid, add_size_slider
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.lib.worker import Jobs

SPREAD, PAGE = 600, 1000
"""Pictures that are shown from everywhere in the dataset, and of one page of it."""
_BAR = 30  # pixels


class DatasetBrowser(QWidget):
    """See the module.

    Signals:
        current_changed: the number of the sample that the keyboard is at, -1 for none.
        opened: a sample that is to be shown large.
        pair_changed: (background, foreground) whose samples are shown, None for all.
    """

    current_changed = Signal(int)
    opened = Signal(int)
    pair_changed = Signal(object, object)

    def __init__(self, jobs: Jobs, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._contents: Contents | None = None
        self.kind = "fg_bg"
        self.pair: tuple[int | None, int | None] = (None, None)
        self._page = 0
        self._only: Ints | None = None
        self._kept_order = False
        self._said = ""
        self.caption: Callable[[int], str] = lambda _sample: ""
        """What else is said under a sample's picture."""
        self._explore, self._splits = actions["dataset.explore"], actions["dataset.splits"]
        self._in_order = actions["dataset.in_order"]
        self.pairs_loader, self.loader = StoredPictures(jobs, self), StoredPictures(jobs, self)
        self.matrix = Matrix(self.pairs_loader.pixmap)
        self.grid = ImageGrid(self._cell, self._pixmap)
        self.heading = label("", "quiet")
        self.everything = button(self.tr("Show all"), None, "flat")
        self.earlier, self.later = button("", Icon.PREVIOUS, "flat"), button("", Icon.NEXT, "flat")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.earlier.setAccessibleName(self.tr("Previous page"))
        self.later.setAccessibleName(self.tr("Next page"))
        for part in (self.earlier, self.later):
            part.setToolTip(part.accessibleName())
        bar = hbox(spacing=UNIT, margins=(PAD, UNIT, PAD, UNIT))
        bar.addWidget(self.heading)
        bar.addWidget(self.everything)
        bar.addStretch(1)
        bar.addStrut(_BAR)  # buttons come and go
        bar.addWidget(tool_button(self._splits))
        explore = QToolButton()
        explore.setDefaultAction(self._explore)
        explore.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        explore.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bar.addWidget(explore)
        bar.addWidget(self.earlier)
        bar.addWidget(self.later)
        order = tool_button(self._in_order)
        keep_room(order)  # what is beside it does not move
        bar.addWidget(order)
        bar.addSpacing(UNIT)
        self.side = add_size_slider(bar, self.tr("Size of the thumbnails"))
        self.side.setValue(128)
        right = QWidget()
        column = vbox(right)
        column.addLayout(bar)
        column.addWidget(self.grid, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(PAD)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.matrix)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([340, 560])
        vbox(self, margins=(PAD, 0, 0, 0)).addWidget(self.splitter)
        self.grid.set_side(self.side.value())

    def _connect(self) -> None:
        self.matrix.chosen.connect(self.choose)
        self.matrix.opened.connect(self._open_pair)
        self.matrix.wanted.connect(
            lambda keys: self.pairs_loader.want(keys, round((SIDE - 2) * self.devicePixelRatioF()))
        )
        self.grid.wanted.connect(self._want)
        self.grid.zoomed.connect(self.zoom)
        self.grid.current_changed.connect(lambda key: self.current_changed.emit(self.number_of(key)))
        self.grid.opened.connect(self._open_key)
        self.pairs_loader.arrived.connect(lambda _: self.matrix.repaint_all())
        self.loader.arrived.connect(lambda keys: self.grid.repaint_cells(str(key[1]) for key in keys))
        self.everything.clicked.connect(lambda: self.choose(None, None))
        self.earlier.clicked.connect(lambda: self._turn(-1))
        self.later.clicked.connect(lambda: self._turn(1))
        self._in_order.toggled.connect(lambda _: self._show_numbers())
        self.side.valueChanged.connect(self.grid.set_side)

    # What is shown

    def open(self, contents: Contents | None) -> None:
        """Show this dataset, or none."""
        self._contents, self.pair, self._page = contents, (None, None), 0
        self._only, self._said = None, ""
        self.pairs_loader.open_dataset(contents)
        self.loader.open_dataset(contents)
        self.grid.set_keys([])
        self.matrix.open(contents)
        if contents and self.kind not in contents.counts:
            self.kind = next(iter([*contents.sample_kinds, *contents.counts]))

    def show_kind(self, kind: str) -> None:
        """Show the pictures of this kind."""
        self.kind = kind
        if kind in PER_SAMPLE:
            self.matrix.show_kind(kind)
        self._show_numbers()
        self.grid.viewport().update()
        self.grid.want_again()

    def choose(self, background: int | None, foreground: int | None) -> None:
        """Show the samples of a background, a foreground, or both; of all for None and None."""
        self.pair, self._page = (background, foreground), 0
        self.pair_changed.emit(background, foreground)
        if background is None or foreground is None:
            self.matrix.forget_choice()
        self._show_numbers()

    def keep_to(self, numbers: Ints | None, said: str = "", *, in_order: bool = False) -> None:
        """Show only these samples, in their order; all for None. ``said`` says by what they were chosen."""
        self._only, self._said, self._kept_order, self._page = numbers, said, in_order, 0
        self._show_numbers()
        self.grid.scrollToTop()

    def show_sample(self, sample: int) -> None:
        """Show this sample among those of its pair, and put the keyboard at it."""
        if not self._contents:
            return
        if self.kind not in PER_SAMPLE:
            self.kind = self._contents.sample_kinds[0]
        if str(sample) not in self.grid.grid.rows:
            triple = self._contents.triple(sample)
            if triple.background >= 0:
                self.pair = (triple.background, triple.foreground)
                self.matrix.choose(*self.pair)
            else:
                self.pair, self._page = (None, None), sample // PAGE
                self._in_order.setChecked(True)
            self._show_numbers()
        self.grid.choose([str(sample)], str(sample))

    def step(self, by: int) -> None:
        """Go to the next or the previous picture."""
        self.grid.step(by)

    def zoom(self, by: int) -> None:
        """Larger or smaller thumbnails."""
        self.side.setValue(self.side.value() + 24 * by)

    def current(self) -> int:
        """The sample that the keyboard is at, -1 for none."""
        return self.number_of(self.grid.current())

    def number_of(self, key: str) -> int:
        """The sample of a cell; -1 for none, and for pictures that are no samples."""
        return int(key) if key and self.kind in PER_SAMPLE else -1

    def place(self) -> tuple[int, int]:
        """(row, of how many) the keyboard is at."""
        return self.grid.grid.rows.get(self.grid.current(), 0), len(self.grid.grid.keys)

    def files_changed(self, keys: Sequence[Key]) -> None:
        """Read these again."""
        for loader in (self.loader, self.pairs_loader):
            loader.forget(keys)
        self.matrix.want_again()
        self.grid.want_again()

    def _numbers(self) -> Sequence[int] | Ints:
        assert self._contents
        if self.kind not in PER_SAMPLE:
            return range(self._contents.length(self.kind))
        if self._only is None:
            return self._contents.numbers(*self.pair)
        if self.pair == (None, None):
            return self._only
        return self._only[np.isin(self._only, self._contents.numbers(*self.pair))]

    def _show_numbers(self) -> None:
        if not self._contents:
            return
        numbers = self._numbers()
        total, several = len(numbers), len(numbers) > PAGE
        if several and not (self._in_order.isChecked() or self._kept_order) and self.pair == (None, None):
            places = np.sort(np.random.default_rng(0).choice(total, SPREAD, replace=False))
            shown = [int(numbers[place]) for place in places.tolist()]
            said = self.tr("{0} of {1} at random").format(number(len(shown)), number(total))
        else:
            self._page = min(max(self._page, 0), (total - 1) // PAGE if total else 0)
            shown = list(map(int, numbers[self._page * PAGE : (self._page + 1) * PAGE]))
            first = self._page * PAGE
            part = self.tr("{0} to {1} of {2}").format(number(first + 1), number(first + len(shown)), number(total))
            said = part if several else number(total)
        paged = several and len(shown) == len(numbers[self._page * PAGE : (self._page + 1) * PAGE])
        self.earlier.setVisible(paged)
        self.later.setVisible(paged)
        self.earlier.setEnabled(self._page > 0)
        self.later.setEnabled((self._page + 1) * PAGE < total)
        samples = self.kind in PER_SAMPLE
        self._in_order.setVisible(several and samples and self.pair == (None, None) and not self._kept_order)
        self.matrix.setVisible(samples and bool(self._contents.backgrounds) and not self._explore.isChecked())
        self.everything.setVisible(samples and self.pair != (None, None))
        title = self.tr("{0}: {1}").format(kind_title(self.kind), said)
        more = [*self._pair_names(), *([self._said] if self._said else [])] if samples else []
        self.heading.setText(" · ".join([title, *more]))
        self.grid.set_keys([str(one) for one in shown])
        if shown and not self.grid.current():
            self.grid.choose([str(shown[0])], str(shown[0]))
        self.current_changed.emit(self.current())

    def _pair_names(self) -> list[str]:
        assert self._contents
        background, foreground = self.pair
        said = [self._contents.backgrounds[background]] if background is not None else []
        return said + ([self._contents.foregrounds[foreground]] if foreground is not None else [])

    def _turn(self, by: int) -> None:
        self._page += by
        self._show_numbers()
        self.grid.scrollToTop()

    # Cells

    def _pixmap(self, key: str) -> QPixmap | None:
        return self.loader.pixmap((self.kind, int(key)))

    def _cell(self, key: str) -> Cell:
        if not self._contents:
            return Cell("")
        picture = (self.kind, int(key))
        if self.kind in PER_SAMPLE:
            name = self._contents.triple(int(key)).name
            said = self.caption(int(key))
            if said and picture not in self.loader.errors:
                return Cell(name, said, tip=f"{name}: {said}", spoken=f"{name}, {said}")
        else:
            name = stem(self._contents.name(*picture))
        error = self.loader.errors.get(picture, "")
        return Cell(name, error=error, tip=error or name, spoken=f"{name}, {error}" if error else name)

    @Slot(list)
    def _want(self, keys: list[str]) -> None:
        self.loader.want([(self.kind, int(key)) for key in keys], self.grid.device_side)

    def _open_key(self, key: str) -> None:
        if self.number_of(key) >= 0:
            self.opened.emit(int(key))
        elif self._contents and self.kind in {"bg", "fg"} and self._contents.backgrounds:
            self._show_samples_of(int(key))

    def _show_samples_of(self, picture: int) -> None:
        """A background or foreground was opened: the samples that it is in."""
        assert self._contents
        names = self._contents.backgrounds if self.kind == "bg" else self._contents.foregrounds
        owners = [n for n in range(len(names)) if self._contents.picture_of(self.kind, n) == picture]
        if owners:
            axis, self.kind = self.kind, self._contents.sample_kinds[0]
            self.choose(*((owners[0], None) if axis == "bg" else (None, owners[0])))

    def _open_pair(self, background: int, foreground: int) -> None:
        first = self.matrix.pairs.first(background, foreground)
        if first is not None:
            self.opened.emit(first)
