"""A choice of one picture of the project, or of all, with thumbnails that are made as the list is seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from fgbg_studio.core.project.model import Picture
from fgbg_studio.gui.lib.thumbnails import Thumbnails

CLOSED, LISTED = 20, 40
"""Pixels of the chosen picture's side, and of those in the list."""

_LINES = 10

Index = QModelIndex | QPersistentModelIndex


class _PictureList(QAbstractListModel):
    """Row 0 is all of them."""

    def __init__(self, everything: str, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._everything, self._thumbnails = everything, thumbnails
        self.pictures: list[Picture] = []
        self._wanted: dict[str, str] = {}
        self._ask = QTimer(self, singleShot=True, interval=15)
        self._ask.timeout.connect(self._want)
        thumbnails.arrived.connect(self._come)

    def show_pictures(self, pictures: list[Picture]) -> None:
        self.beginResetModel()
        self.pictures = pictures
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else 1 + len(self.pictures)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row() - 1
        if not index.isValid() or row >= len(self.pictures):
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole}:
            return self._everything if row < 0 else PurePosixPath(self.pictures[row].file).name
        if role == Qt.ItemDataRole.UserRole:
            return "" if row < 0 else self.pictures[row].sha256
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, LISTED + 8 if row >= 0 else LISTED - 8)
        if role == Qt.ItemDataRole.DecorationRole and row >= 0:
            return self._icon(self.pictures[row])
        return None

    def _icon(self, picture: Picture) -> QIcon | None:
        pixmap = self._thumbnails.pixmap(picture.sha256)
        if pixmap is not None:
            return QIcon(_squared(pixmap))
        self._wanted[picture.sha256] = picture.file
        self._ask.start()
        return None

    def _want(self) -> None:
        newest = list(self._wanted.items())[-4 * _LINES :]
        self._wanted.clear()
        self._thumbnails.want_files(newest, 2 * LISTED)

    def _come(self, _hashes: list[str]) -> None:
        self.dataChanged.emit(self.index(0), self.index(len(self.pictures)), [Qt.ItemDataRole.DecorationRole])


def _squared(pixmap: QPixmap) -> QPixmap:
    """In the middle of a square, so that names stand under each other."""
    side = max(pixmap.width(), pixmap.height())
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.drawPixmap((side - pixmap.width()) // 2, (side - pixmap.height()) // 2, pixmap)
    painter.end()
    return square


class PicturePicker(QComboBox):
    """See the module. ``picked`` brings the hash that a person chose, empty for all."""

    picked = Signal(str)

    def __init__(self, name: str, everything: str, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = _PictureList(everything, thumbnails, self)
        self.setModel(self._pictures)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setIconSize(QSize(CLOSED, CLOSED))
        self.view().setIconSize(QSize(LISTED, LISTED))  # after the line before, which sets both
        self.setMaxVisibleItems(_LINES)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(11)
        self.activated.connect(lambda row: self.picked.emit(str(self.itemData(row) or "")))

    def show_pictures(self, pictures: Sequence[Picture], chosen: str) -> str:
        """Offer these, in the order of their numbers, with the hash ``chosen`` chosen.

        Returns:
            The hash of the chosen one; empty for all, also where ``chosen`` is not there any more.
        """
        known = self._pictures.pictures
        if len(pictures) != len(known) or any(a is not b for a, b in zip(pictures, known, strict=True)):
            self._pictures.show_pictures(list(pictures))
        row = next((i for i, picture in enumerate(pictures, 1) if picture.sha256 == chosen), 0)
        self.setCurrentIndex(row)
        return chosen if row else ""
