"""Composite, mask and depth of one sample beside the mouse, enlarged; it is looked at and takes nothing."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from fgbg_studio.gui.lib.basics import label
from fgbg_studio.gui.lib.theme import PAD, UNIT

_SIDE = 208


class HoverCard(QFrame):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("look", "hover")
        self.title, self.facts = label("", "heading"), label("", "quiet")
        self.pictures = [QLabel() for _ in range(3)]
        self.words = [label("", "caption") for _ in range(3)]
        grid = QGridLayout(self)
        grid.setContentsMargins(PAD, PAD, PAD, PAD)
        grid.setSpacing(UNIT)
        grid.addWidget(self.title, 0, 0, 1, -1)
        grid.addWidget(self.facts, 1, 0, 1, -1)
        for column, (picture, word) in enumerate(zip(self.pictures, self.words, strict=True)):
            grid.addWidget(picture, 2, column)
            grid.addWidget(word, 3, column)

    def show_sample(self, title: str, facts: str, images: list[QImage | None], words: list[str]) -> None:
        """Fill the card; what is still to come says so."""
        self.title.setText(title)
        self.facts.setText(facts)
        ratio = self.devicePixelRatioF()
        side = round(_SIDE * ratio)
        for number, (picture, word) in enumerate(zip(self.pictures, self.words, strict=True)):
            shown = number < len(images)
            picture.setVisible(shown)
            word.setVisible(shown)
            if not shown:
                continue
            image = images[number]
            word.setText(words[number])
            pixmap = QPixmap()
            if image is not None:
                smooth = Qt.TransformationMode.SmoothTransformation
                pixmap = QPixmap.fromImage(image).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
                pixmap.setDevicePixelRatio(ratio)
            picture.setPixmap(pixmap)
            picture.setFixedSize(_SIDE, _SIDE)
        self.adjustSize()

    def show_beside(self, cell: QRect, screen: QRect) -> None:
        """Under the cell, or over it where there is no room; both in pixels of the desktop."""
        x = min(max(cell.center().x() - self.width() // 2, screen.left()), screen.right() - self.width())
        y = cell.bottom() + UNIT
        if y + self.height() > screen.bottom():
            y = max(cell.top() - UNIT - self.height(), screen.top())
        self.move(QPoint(x, y))
        self.show()
