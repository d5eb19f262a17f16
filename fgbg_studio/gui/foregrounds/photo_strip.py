"""The strip of photos beside the canvas: thumbnails, names, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)  # fmt: skip
from PySide6.QtGui import QAction, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)  # fmt: skip
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem, State
from fgbg_studio.gui.lib.basics import frame, label, tool_button, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import CAPTION, UNIT, theme
from fgbg_studio.gui.lib.worker import Jobs

WIDTH, THUMB_WIDTH, THUMB_HEIGHT = 144, 112, 84
_RATIO = 2  # thumbnails are sharp on screens of up to two device pixels a pixel
_ROW = THUMB_HEIGHT + 28
AnyIndex = QModelIndex | QPersistentModelIndex


class Photos(QAbstractListModel):
    """The entries; thumbnails are made when they are first looked at, on workers."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.entries: list[PhotoItem] = []
        self._thumbs: dict[Path, QImage | None] = {}

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's name, Qt's default
        return 0 if parent.isValid() else len(self.entries)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tooltip, thumbnail; the entry itself as user data."""
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.path.stem
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{entry.path.name} · {self._said(entry)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.path.stem}, {self._said(entry)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumb(entry.path)
        return entry if role == Qt.ItemDataRole.UserRole else None

    def show(self, entries: Sequence[PhotoItem]) -> None:
        """Show these; rows that stay keep their selection."""
        if [entry.path for entry in entries] == [entry.path for entry in self.entries]:
            changed = [row for row, entry in enumerate(entries) if entry != self.entries[row]]
            self.entries = list(entries)
            for row in changed:
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def row_of(self, path: Path | None) -> int:
        """The row of a photo; -1 where it is not there."""
        return next((row for row, entry in enumerate(self.entries) if entry.path == path), -1)

    def _said(self, entry: PhotoItem) -> str:
        words = {
            State.TO_CUT: self.tr("to cut"), State.BEGUN: self.tr("begun"), State.TO_LOOK_AT: self.tr("to look at"),
            State.KEPT: self.tr("kept"), State.REJECTED: self.tr("rejected"),
        }  # fmt: skip
        return words[entry.state]

    def _thumb(self, path: Path) -> QImage | None:
        if path not in self._thumbs:
            self._thumbs[path] = None
            self._jobs.run(
                self.tr("making thumbnails"), partial(_thumbnail, path), done=partial(self._put, path),
                failed=_pass_over,
            )  # fmt: skip
        return self._thumbs[path]

    def _put(self, path: Path, image: QImage) -> None:
        self._thumbs[path] = image
        row = self.row_of(path)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))


def _thumbnail(path: Path) -> QImage:
    rgba = read_rgba(path, max(THUMB_WIDTH, THUMB_HEIGHT) * _RATIO * 2)
    height, width = rgba.shape[:2]
    scale = min(THUMB_WIDTH * _RATIO / width, THUMB_HEIGHT * _RATIO / height, 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return to_image(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA))  # type: ignore[arg-type]


def _pass_over(_error: FgbgError) -> None:
    """A file that is no picture says so when it is opened."""


class _Drawn(QStyledItemDelegate):
    """Paints an entry: the picture in its own shape, below it the name and what is done."""

    @override
    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(THUMB_WIDTH, _ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry: PhotoItem = index.data(Qt.ItemDataRole.UserRole)
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colours = theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRect(area.x() + (area.width() - THUMB_WIDTH) // 2, area.y() + 4, THUMB_WIDTH, THUMB_HEIGHT)
        image: QImage | None = index.data(Qt.ItemDataRole.DecorationRole)
        shown = QRectF(room)
        if image is not None:
            size = QSize(image.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            shown = QRectF(
                room.x() + (room.width() - size.width()) / 2, room.y() + (room.height() - size.height()) / 2,
                size.width(), size.height(),
            )  # fmt: skip
            painter.fillRect(shown, colours.colour("checker_two"))
            painter.setOpacity(0.35 if entry.state is State.REJECTED else 1.0)
            painter.drawImage(shown, image)
            painter.setOpacity(1.0)
        else:
            painter.fillRect(shown, colours.colour("raised"))
        painter.setPen(QPen(colours.colour("accent" if selected else "line"), 2 if selected else 1))
        edge = 1.0 if selected else 0.5
        painter.drawRect(shown.adjusted(-edge, -edge, edge, edge))
        self._write(painter, QRect(area.x() + UNIT, room.bottom() + 4, area.width() - 2 * UNIT, 20), entry, selected)
        painter.restore()

    def _write(self, painter: QPainter, line: QRect, entry: PhotoItem, selected: bool) -> None:
        font = painter.font()
        font.setPixelSize(CAPTION)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        mark = MARKS.get(entry.state)
        room = line.width() - (18 if mark else 0)
        name = metrics.elidedText(entry.path.stem, Qt.TextElideMode.ElideMiddle, room)
        wide = metrics.horizontalAdvance(name) + (18 if mark else 0)
        x = line.x() + (line.width() - wide) // 2
        if mark:
            mark[0].icon(mark[1]).paint(painter, QRect(x, line.y() + 3, 14, 14))
            x += 18
        painter.setPen(theme.colours.colour("text" if selected else "quiet"))
        painter.drawText(QRect(x, line.y(), room + 4, line.height()), Qt.AlignmentFlag.AlignVCenter, name)


MARKS = {
    State.BEGUN: (Icon.EDIT, "quiet"), State.TO_LOOK_AT: (Icon.SHOW, "warn"), State.KEPT: (Icon.GOOD, "good"),
    State.REJECTED: (Icon.REJECT, "quiet"),
}  # fmt: skip
"""The icon of a state and its colour; an entry that is still to be cut has none."""


class PhotoStrip(QFrame):
    """``chosen`` brings the photo that is to be opened."""

    chosen = Signal(object)

    def __init__(self, jobs: Jobs, add: QAction, previous: QAction, following: QAction) -> None:
        super().__init__()
        self.setProperty("look", "rail")
        self.setFixedWidth(WIDTH)
        self.model = Photos(jobs, self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Drawn(self.view))
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("Photos"))
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.model.modelReset.connect(lambda: self._mark(self._shown))
        self._shown: Path | None = None
        self.count = label("", "caption")
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        foot = QHBoxLayout()
        foot.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        foot.addWidget(tool_button(previous))
        foot.addWidget(self.count, 1)
        foot.addWidget(tool_button(following))
        head = QHBoxLayout()
        head.setContentsMargins(2 * UNIT, UNIT, UNIT, UNIT)
        head.addWidget(label(self.tr("Photos"), "heading"), 1)
        head.addWidget(tool_button(add))
        column = vbox(self)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(frame("rule"))
        column.addLayout(foot)

    def show_entries(self, entries: Sequence[PhotoItem]) -> None:
        """Show these photos."""
        self.model.show(entries)
        self._say()

    def select(self, path: Path | None) -> None:
        """Mark the photo that is open, without opening it again."""
        self._shown = path
        self._mark(path)
        self._say()

    def neighbour(self, step: int) -> Path | None:
        """The photo so many rows away from the open one."""
        row = self.model.row_of(self._shown) + step
        return self.model.entries[row].path if 0 <= row < len(self.model.entries) else None

    def _mark(self, path: Path | None) -> None:
        row = self.model.row_of(path)
        if row >= 0:
            with QSignalBlocker(self.view.selectionModel()):
                self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.model.index(row))
            self.view.viewport().update()

    def _say(self) -> None:
        row, total = self.model.row_of(self._shown), len(self.model.entries)
        self.count.setText(f"{row + 1} / {total}" if row >= 0 else f"{total}")

    @Slot(QItemSelection)
    def _selected(self, selection: QItemSelection) -> None:
        for index in selection.indexes():
            path = self.model.entries[index.row()].path
            if path != self._shown:
                self.chosen.emit(path)
