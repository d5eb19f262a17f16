"""Choices that say what they are before they are chosen: in a combo box's list, a name and a few words under it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from fgbg_studio.gui.lib.theme import UNIT, small, theme

DETAIL = Qt.ItemDataRole.UserRole + 1
"""The role of the words under a name."""

_SIDE = 2 * UNIT
_WIDEST = 560


class DescribedItems(QStyledItemDelegate):
    """Paints both lines."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        name, detail = option.fontMetrics, QFontMetrics(small(option.font))
        wide = max(name.horizontalAdvance(index.data() or ""), detail.horizontalAdvance(index.data(DETAIL) or ""))
        return QSize(wide + 2 * _SIDE, name.height() + detail.height() + 2 * UNIT)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colours.colour("line"))
        room = option.rect.adjusted(_SIDE, UNIT, -_SIDE, -UNIT)
        high = option.fontMetrics.height()
        painter.setPen(theme.colours.colour("text"))
        painter.drawText(QRect(room.topLeft(), QSize(room.width(), high)), index.data() or "")
        painter.setFont(small(option.font))
        painter.setPen(theme.colours.colour("quiet"))
        below = room.adjusted(0, high, 0, 0)
        text = painter.fontMetrics().elidedText(index.data(DETAIL) or "", Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, text)
        painter.restore()


def describe(combo: QComboBox, row: int, detail: str) -> None:
    """Put ``detail`` under the name of a combo box's row; its list is made wide enough for the longest."""
    combo.setItemData(row, detail, DETAIL)
    combo.setItemData(row, f"{combo.itemText(row)}: {detail}", Qt.ItemDataRole.AccessibleTextRole)
    view = combo.view()
    if not isinstance(view.itemDelegate(), DescribedItems):
        view.setItemDelegate(DescribedItems(combo))
    wide = QFontMetrics(small(combo.font())).horizontalAdvance(detail) + 2 * _SIDE + UNIT
    view.setMinimumWidth(min(max(view.minimumWidth(), wide), _WIDEST))
