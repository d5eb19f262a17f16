"""The widgets at the left of the place Backgrounds: the list in its forms, one picture large, the empty place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.gui.backgrounds.background_list import BackgroundList
from fgbg_studio.gui.backgrounds.duplicates_view import DuplicatesView
from fgbg_studio.gui.backgrounds.filter_bar import FilterBar
from fgbg_studio.gui.backgrounds.histogram_slider import HistogramSlider
from fgbg_studio.gui.backgrounds.large_view import LargeView
from fgbg_studio.gui.backgrounds.list_filter import ListFilter, Range, SortKey, Tab
from fgbg_studio.gui.lib.basics import button, vbox
from fgbg_studio.gui.lib.empty_state import EmptyState
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.image_grid import ImageGrid
from fgbg_studio.gui.lib.refused_files import RefusedFiles
from fgbg_studio.gui.lib.thumbnails import Thumbnails


class BackgroundsContent(QWidget):
    """See the module.

    Signals:
        ranges_changed: (measure, range) of the sliders that leave something out.
        all_wanted: show everything again, whatever was searched and filtered.
    """

    ranges_changed = Signal(tuple)
    all_wanted = Signal()

    def __init__(
        self,
        act: dict[str, QAction],
        background_list: BackgroundList,
        thumbnails: Thumbnails,
        because: Callable[[QWidget], QMenu],
        follow: Callable[[Remedy], object],
    ) -> None:
        super().__init__()
        self._act = act
        self.grid = ImageGrid(background_list.cell, thumbnails.pixmap)
        self.grid.setAccessibleName(self.tr("Backgrounds"))
        self.duplicates = DuplicatesView(thumbnails.pixmap)
        self.large = LargeView(
            act["backgrounds.back"],
            (act["backgrounds.previous"], act["backgrounds.next"]),
            [act[f"backgrounds.{name}"] for name in ("pick", "reject", "real_size")],
            because,
            [act[f"backgrounds.{name}"] for name in ("farther", "fit", "nearer")],
            act["backgrounds.real_size"],
        )
        self._make_bar()
        self._make_empty()
        self._lay_out()
        self.refusals = RefusedFiles(self, follow)
        for slider in self.sliders.values():
            slider.range_changed.connect(self._tell_ranges)

    def _make_bar(self) -> None:
        tr, act = self.tr, self._act
        self.sliders = {
            SortKey.SIZE: HistogramSlider(tr("Shorter side"), lambda v: f"{v:,.0f} px", logarithmic=True),
            SortKey.BRIGHTNESS: HistogramSlider(tr("Brightness"), lambda v: f"{v:.0%}"),
            SortKey.SHARPNESS: HistogramSlider(tr("Sharpness"), lambda v: f"{v:,.0f}", logarithmic=True),
        }
        orders = (
            (SortKey.ADDED, tr("As added")),
            (SortKey.NAME, tr("By name")),
            (SortKey.SIZE, tr("Smallest first")),
            (SortKey.BRIGHTNESS, tr("Darkest first")),
            (SortKey.SHARPNESS, tr("Least sharp first")),
            (SortKey.REMARKS, tr("Most remarks first")),
        )
        self.bar = FilterBar(
            [act["backgrounds.add"], act["backgrounds.add_folder"]],
            [act[f"backgrounds.{tab}"] for tab in Tab],
            (act["backgrounds.rejected"], act["backgrounds.delete_rejected"]),
            act["backgrounds.filter"],
            orders,
            list(self.sliders.values()),
        )

    def _make_empty(self) -> None:
        tr = self.tr
        self.empty = EmptyState(
            Icon.BACKGROUNDS,
            tr("Backgrounds"),
            tr("The pictures your foregrounds are placed on.\nYour own files are not changed."),
            self._act["backgrounds.add"],
            tr("or drop files, folders or a ZIP file here"),
            self._act["backgrounds.add_folder"],
        )
        self.none = {
            Tab.DUPLICATES: EmptyState(
                Icon.GOOD,
                tr("No near-duplicates"),
                tr("No two backgrounds look alike, or you have decided between all that do."),
            ),
            Tab.REVIEW: EmptyState(Icon.GOOD, tr("All reviewed"), tr("You have decided on every background.")),
            Tab.PICKED: EmptyState(
                Icon.ACCEPT,
                tr("Nothing picked yet"),
                tr("Press P on a background to pick it. What is still to look at goes into the dataset too."),
            ),
            Tab.REJECTED: EmptyState(
                Icon.REJECT,
                tr("Nothing rejected"),
                tr("What you reject with X waits here, left out of the dataset, until you remove it."),
            ),
        }
        self.none_found = EmptyState(
            Icon.FILTER, tr("Nothing to show"), tr("No background matches the search and the filter.")
        )
        again = button(tr("Show all"))
        again.clicked.connect(self.all_wanted)
        self.none_found.column.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)

    def _lay_out(self) -> None:
        self.lists, self.whole, self.list_page = QStackedWidget(), QStackedWidget(), QWidget()
        for page in self._lists():
            self.lists.addWidget(page)
        column = vbox(self.list_page)
        column.addWidget(self.bar)
        column.addWidget(self.lists, 1)
        for page in self._wholes():
            self.whole.addWidget(page)
        column = vbox(self)
        column.addWidget(self.whole, 1)

    def _lists(self) -> tuple[QWidget, ...]:
        return self.grid, self.duplicates, *self.none.values(), self.none_found

    def _wholes(self) -> tuple[QWidget, ...]:
        return self.empty, self.list_page, self.large

    def show_page(self, choice: ListFilter, *, empty: bool, any_shown: bool, large: bool) -> None:
        """Show what there is to be shown, or why there is nothing."""
        narrowed = bool(choice.text or choice.ranges or choice.remarked)
        nothing = self.none_found if narrowed else self.none.get(choice.tab, self.none_found)
        duplicates = choice.tab is Tab.DUPLICATES
        if duplicates and not any_shown:
            nothing = self.none[Tab.DUPLICATES]
        self.lists.setCurrentWidget((self.duplicates if duplicates else self.grid) if any_shown else nothing)
        if large:
            self.refusals.dismiss()  # over the list it is read; over one picture it would be in the way
        self.bar.show_grid_controls(not duplicates)
        self.whole.setCurrentWidget(self.empty if empty else self.large if large else self.list_page)

    def want_again(self) -> None:
        """Ask anew for the thumbnails that are seen."""
        self.grid.want_again()
        self.duplicates.want_again()

    def repaint_pictures(self, keys: list[str]) -> None:
        """These have thumbnails now."""
        self.grid.repaint_cells(keys)
        self.duplicates.repaint_pictures(keys)

    def ranges(self) -> tuple[tuple[SortKey, Range], ...]:
        """The sliders that leave something out."""
        found = ((measure, slider.chosen()) for measure, slider in self.sliders.items())
        return tuple((measure, chosen) for measure, chosen in found if chosen is not None)

    def _tell_ranges(self) -> None:
        self.ranges_changed.emit(self.ranges())
