"""The column at the right of a place: what is selected, and below it the one primary button."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.basics import action_button, frame, label, vbox
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT

NARROWEST, WIDEST = 240, 320


class Inspector(QFrame):
    """Groups of controls that scroll, and a footer that does not; its width is the person's, whatever is in it.

    ``body`` is the column to add to; `group` adds a headed part to it.

    Signals:
        wanted: something in it is to be seen, also where a person has hidden it.
    """

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "inspector")
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self.primary: QPushButton | None = None
        self._alone: QWidget | None = None
        self._put_aside: list[QWidget] = []
        self._inside = inside = _Inside()
        inside.setProperty("look", "panel")
        self.body = vbox(inside, GROUP, margins=(PAD, PAD, UNIT, PAD))
        self.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = scroll = QScrollArea()
        scroll.setProperty("look", "panel")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # its room is there always
        scroll.setWidget(inside)
        bar = scroll.verticalScrollBar()
        bar.setEnabled(False)
        bar.rangeChanged.connect(lambda _least, most: bar.setEnabled(most > 0))
        bar.valueChanged.connect(self._hold)
        self._footer = frame("footer")
        self._foot = vbox(self._footer, margins=(PAD, PAD, PAD, PAD))
        self._footer.hide()
        whole = vbox(self)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._footer)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is held is what is seen."""
        super().resizeEvent(event)
        self._hold(self._scroll.verticalScrollBar().value())

    def _hold(self, value: int) -> None:
        """Keep what is seen where it is: as much as is scrolled away now stays scrollable when the body shrinks."""
        self._inside.hold(value + self._scroll.viewport().height() if value else 0)

    def group(self, title: str) -> QVBoxLayout:
        """A part of the body under a heading; returns its column."""
        column = vbox(spacing=2 * UNIT)
        column.addWidget(label(title, "heading"))
        self.body.addLayout(column)
        return column

    def show_alone(self, part: QWidget | None) -> None:
        """Show one widget of the body and neither the rest nor the footer; None shows these again and hides it."""
        if part is not None:
            self._alone = part
            parts = [*_widgets(self.body), self._footer]
            self._put_aside = [widget for widget in parts if widget is not part and not widget.isHidden()]
        for widget in self._put_aside:
            widget.setHidden(part is not None)
        if self._alone:
            self._alone.setHidden(part is None)
        if part is None:
            self._put_aside, self._alone = [], None
        self.show_top()  # how far the other was scrolled says nothing about this one

    def reveal(self, part: QWidget) -> None:
        """Scroll so far that a part of the body is seen; the window shows the inspector first where it is hidden."""
        self.wanted.emit()
        self._inside.adjustSize()
        self._scroll.ensureWidgetVisible(part)

    def show_top(self) -> None:
        """Scroll to the body's beginning."""
        self._scroll.verticalScrollBar().setValue(0)

    def set_primary(self, action: QAction) -> None:
        """Make ``action`` the place's primary button."""
        self.primary = action_button(action, "primary")
        self._foot.addWidget(self.primary)
        self._footer.show()


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    """Every widget of a layout and of those in it."""
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item and (widget := item.widget()):
            yield widget
        elif item and (inner := item.layout()):
            yield from _widgets(inner)


class _Inside(QWidget):
    """What scrolls; at least as high as is held."""

    _held = 0

    def hold(self, height: int) -> None:
        """Be so high, in pixels, although less is in it."""
        if height != self._held:
            self._held = height
            self.updateGeometry()

    @override
    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(size.width(), max(size.height(), self._held))
