"""How entries look and read, in the strip and in the gallery alike."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from typing_extensions import override

from fgbg_studio.gui.foregrounds.item_pictures import ItemPictures
from fgbg_studio.gui.foregrounds.photo_item import ItemOrder, PhotoItem, State
from fgbg_studio.gui.foregrounds.qualities import Qualities
from fgbg_studio.gui.foregrounds.shown_items import ShownItems
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.image_cell import Cell, CellPainter
from fgbg_studio.gui.lib.theme import small, theme

translate = QCoreApplication.translate

LOOKS = {
    State.TO_CUT: (Icon.TO_CUT, "quiet"), State.BEGUN: (Icon.EDIT, "quiet"), State.TO_LOOK_AT: (Icon.SHOW, "warn"),
    State.KEPT: (Icon.GOOD, "good"), State.REJECTED: (Icon.REJECT, "bad"),
}  # fmt: skip
"""The icon of a state, and its colour."""


def state_words(state: State) -> str:
    """A state as a person calls it."""
    return {
        State.TO_CUT: translate("items", "to cut"), State.BEGUN: translate("items", "begun"),
        State.TO_LOOK_AT: translate("items", "to look at"), State.KEPT: translate("items", "kept"),
        State.REJECTED: translate("items", "rejected"),
    }[state]  # fmt: skip


def orders() -> list[tuple[str, str]]:
    """(name, text) of each order."""
    return [
        (ItemOrder.ADDED, translate("items", "Order added")), (ItemOrder.NAME, translate("items", "Name")),
        (ItemOrder.STATE, translate("items", "State")), (ItemOrder.WORST, translate("items", "Worst first")),
    ]  # fmt: skip


class ItemCells(CellPainter):
    """What cells of entries have in common: their items, their pictures, the line of icon and name."""

    items: ShownItems
    pictures: ItemPictures

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item = self.items.items.get(Path(index.model().keys[index.row()]))  # type: ignore[attr-defined]
        if item is None:
            return  # between a change of the entries and the view's own
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.paint_item(painter, option.rect, item, selected=bool(option.state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def paint_item(self, painter: QPainter, room: QRect, item: PhotoItem, *, selected: bool) -> None:
        """An entry in the room of its cell."""
        raise NotImplementedError

    def fade(self, painter: QPainter, item: PhotoItem) -> None:
        """Let the pictures of what was rejected be pale, until the painter's opacity is set again."""
        painter.setOpacity(0.35 if item.state is State.REJECTED else 1.0)

    def write_name(self, painter: QPainter, line: QRect, item: PhotoItem, *, selected: bool) -> None:
        """Icon and name in the middle of a line."""
        painter.setFont(small(painter.font()))
        metrics = QFontMetrics(painter.font())
        name = metrics.elidedText(item.path.stem, Qt.TextElideMode.ElideMiddle, line.width() - 18)
        x = line.x() + (line.width() - metrics.horizontalAdvance(name) - 18) // 2
        icon, colour = LOOKS[item.state]
        icon.paint(painter, QRect(x, line.y() + (line.height() - 14) // 2, 14, 14), colour)
        painter.setPen(theme.colours.colour("text" if selected else "quiet"))
        painter.drawText(QRect(x + 18, line.y(), line.width(), line.height()), Qt.AlignmentFlag.AlignVCenter, name)

    def outline(self, painter: QPainter, place: QRectF, *, selected: bool, current: bool = False) -> None:
        """The border: the accent's where it is selected, wider where it is the current one too, else a quiet one."""
        wide = 2 if current else 1
        painter.setPen(QPen(theme.colours.colour("accent" if current or selected else "line"), wide))
        edge = wide / 2
        painter.drawRect(place.adjusted(-edge, -edge, edge, edge))


def fitted(size: QSize, room: QRect) -> QRectF:
    """The place of a picture of this size in the middle of a room."""
    scaled = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(
        room.x() + (room.width() - scaled.width()) / 2, room.y() + (room.height() - scaled.height()) / 2,
        scaled.width(), scaled.height(),
    )  # fmt: skip


def cell_of(items: ShownItems, qualities: Qualities, key: str) -> Cell:
    """What is said of the entry whose path is ``key``, at a hover and to those who cannot see it."""
    item = items.items.get(Path(key))
    if item is None:
        return Cell("")
    said = described(item, qualities)
    return Cell(item.path.stem, tip=f"{item.path.name}\n{said}", spoken=f"{item.path.stem}, {said}")


def described(item: PhotoItem, qualities: Qualities) -> str:
    """State and flaws of an entry in words."""
    flaws = qualities.flaws(item.foreground) if item.foreground else None
    return ", ".join([state_words(item.state), *(flaws or [])])
