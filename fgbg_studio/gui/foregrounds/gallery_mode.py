"""Going from the canvas to the gallery and back: the page, the actions there are, what the inspector shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fgbg_studio.gui.foregrounds.actions import STATES, VIEWS
from fgbg_studio.gui.foregrounds.canvas_render import CutoutView
from fgbg_studio.gui.foregrounds.gallery import Gallery
from fgbg_studio.gui.foregrounds.gallery_cells import Ground
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.refine_form import RefineForm
from fgbg_studio.gui.foregrounds.tool_box import ViewBox
from fgbg_studio.gui.lib.basics import action_button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.inspector import Inspector
from fgbg_studio.gui.lib.theme import GROUP, UNIT

GROUNDS = {
    CutoutView.CHECKER: Ground.CHECKER, CutoutView.WHITE: Ground.WHITE, CutoutView.BLACK: Ground.BLACK,
    CutoutView.SCENE: Ground.SCENE,
}  # fmt: skip
"""The views of the canvas that the gallery has too."""

_BOTH = (
    "add", "add-folder", "another", "pick", "reject", "undecided", "rename", "remove", "delete-rejected", "gallery",
    "large", "previous", "next", "first", "last", "next-scene", "cancel", "mend-all",
    "finish-all", "keep-all",
)  # fmt: skip
_ALSO = {f"foregrounds.{name}" for name in _BOTH} | set(STATES) | {n for n, view in VIEWS.items() if view in GROUNDS}


class GalleryMode(QObject):
    """See the module.

    Args:
        gallery: the page.
        pages: the pages of the place, to which it is added.
        act: the actions of the place.
        inspector: of the place.
        view: the canvas's, which its actions say again on the way back.
        parent: the place.

    Attributes:
        shown: whether the gallery is seen.
        busy: whether a batch runs; see `tell_targets`.

    Signals:
        changed: the gallery is seen now, or no longer.
    """

    changed = Signal()

    def __init__(
        self, gallery: Gallery, pages: QStackedWidget, act: Mapping[str, QAction], inspector: Inspector,
        view: Callable[[], CutoutView], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.gallery, self.shown, self.busy = gallery, False, False
        self._pages, self._act, self._inspector, self._view = pages, act, inspector, view
        self._hidden: list[QAction] = []
        pages.addWidget(gallery)
        self.part = self._make_part()
        inspector.body.addWidget(self.part)
        self.part.hide()
        gallery.selection_changed.connect(self._tell_selected)

    def _make_part(self) -> QWidget:
        act = self._act
        part = QWidget()
        self.column = vbox(part, GROUP)
        self._selected = label("", "heading")
        self._what = label("", "quiet", wrap=True)
        self._what.setFixedHeight(3 * self._what.fontMetrics().lineSpacing())  # whatever is said, nothing moves
        verdicts = hbox(spacing=2 * UNIT)
        for name in ("pick", "reject"):
            verdicts.addWidget(action_button(act[f"foregrounds.{name}"]), 1)
        column = vbox(spacing=2 * UNIT)
        for widget in (self._selected, self._what):
            column.addWidget(widget)
        column.addLayout(verdicts)
        column.addWidget(action_button(act["foregrounds.undecided"]))
        self.column.addLayout(column)
        ground = vbox(spacing=2 * UNIT)
        ground.addWidget(label(self.tr("View"), "heading"))
        ground.addWidget(ViewBox([act[name] for name, view in VIEWS.items() if view in GROUNDS]))
        self.column.addLayout(ground)
        self.column.addLayout(self._make_batch())
        return part

    def _make_batch(self) -> QVBoxLayout:
        column = vbox(spacing=2 * UNIT)
        self._whose = label("", "heading")
        self.form = RefineForm()
        column.addWidget(self._whose)
        for name in ("mend-all", "keep-all"):
            column.addWidget(action_button(self._act[f"foregrounds.{name}"]))
        column.addSpacing(2 * UNIT)
        column.addWidget(label(self.tr("Finish"), "heading"))
        column.addWidget(self.form)
        column.addWidget(action_button(self._act["foregrounds.finish-all"]))
        return column

    def targets(self) -> list[PhotoItem]:
        """What is done to many is done to those selected, where these are several, else to all that are shown."""
        chosen = self.gallery.selected()
        return chosen if len(chosen) > 1 else self.gallery.all_shown()

    def tell_targets(self) -> None:
        """Say how many these are, and offer what can be done with them."""
        items = self.targets()
        words = self.tr("The {0} selected") if len(self.gallery.selected()) > 1 else self.tr("All {0} shown")
        self._whose.setText(words.format(number(len(items))))
        cutouts = any(item.foreground for item in items)
        begun = any(item.begun and not item.foreground for item in items)
        for name, possible in (("mend-all", cutouts), ("finish-all", cutouts), ("keep-all", begun)):
            self._act[f"foregrounds.{name}"].setEnabled(self.shown and possible and not self.busy)

    def _tell_selected(self) -> None:
        items = self.gallery.selected()
        if len(items) == 1:
            self._selected.setText(items[0].path.stem)
            self._what.setText(self.gallery.said(items[0]))
        else:
            self._selected.setText(self.tr("{0} selected").format(number(len(items))))
            self._what.setText("")
        self.tell_targets()

    def show(self, shown: bool) -> None:
        """See the gallery, or the canvas again."""
        if shown == self.shown:
            return
        self.shown = shown
        self._act["foregrounds.gallery"].setChecked(shown)
        self._pages.setCurrentIndex(2 if shown else 1)
        self._inspector.show_alone(self.part if shown else None)
        if shown:
            self._hidden = [action for name, action in self._act.items() if name not in _ALSO and action.isVisible()]
        for action in self._hidden:
            action.setVisible(not shown)
        self._check_view()
        self.changed.emit()
        self.tell_targets()

    def _check_view(self) -> None:
        wanted = {ground: view for view, ground in GROUNDS.items()}[self.gallery.ground] if self.shown else self._view()
        for name, view in VIEWS.items():
            if view is wanted:
                self._act[name].setChecked(True)

    def set_view(self, view: CutoutView) -> bool:
        """Show the cutouts in this way; whether that is possible."""
        possible = self.gallery.set_ground(GROUNDS[view])
        self._check_view()
        return possible
