"""How one tile of the gallery looks: a cutout on its ground, its name and state, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap
from typing_extensions import override

from fgbg_studio.gui.foregrounds.item_cells import ItemCells, fitted
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.qualities import Qualities
from fgbg_studio.gui.lib.image_cell import checkers
from fgbg_studio.gui.lib.theme import UNIT, small, theme

_MARGIN = 0.03  # of a tile's side, clear around its cutout


class Ground(StrEnum):
    """What cutouts are shown on."""

    CHECKER = "checker"
    WHITE = "white"
    BLACK = "black"
    SCENE = "scene"


class GalleryCells(ItemCells):
    """See the module."""

    caption_room = 40
    ground = Ground.CHECKER
    qualities: Qualities
    scene: Callable[[PhotoItem], QPixmap | None]

    @override
    def paint_item(self, painter: QPainter, room: QRect, item: PhotoItem, *, selected: bool) -> None:
        tile = QRect(room.x() + (room.width() - self.side) // 2, room.y() + UNIT, self.side, self.side)
        self.fade(painter, item)
        self._paint_tile(painter, tile, item)
        painter.setOpacity(1.0)
        self.outline(painter, QRectF(tile), selected=selected, current=selected)
        line = QRect(tile.x(), tile.bottom() + 4, tile.width(), 16)
        self.write_name(painter, line, item, selected=selected)
        self._write_flaws(painter, line.translated(0, 16), item)

    def _paint_tile(self, painter: QPainter, tile: QRect, item: PhotoItem) -> None:
        scene = self.scene(item) if self.ground is Ground.SCENE and item.foreground else None
        if scene:
            painter.drawPixmap(QRectF(tile), scene, QRectF(scene.rect()))
            return
        cutout = self.pictures.cutout(item)
        picture = cutout or (None if item.foreground else self.pictures.photo(item))
        self._paint_ground(painter, tile, clear=cutout is not None)
        if picture:
            margin = round(self.side * _MARGIN) if cutout else 0
            place = fitted(picture.size(), tile.adjusted(margin, margin, -margin, -margin))
            painter.drawPixmap(place, picture, QRectF(picture.rect()))

    def _paint_ground(self, painter: QPainter, tile: QRect, *, clear: bool) -> None:
        if not clear:
            painter.fillRect(tile, theme.colours.colour("raised"))
        elif self.ground in {Ground.WHITE, Ground.BLACK}:
            painter.fillRect(tile, QColor(self.ground.value))
        else:
            checkers(painter, tile)

    def _write_flaws(self, painter: QPainter, line: QRect, item: PhotoItem) -> None:
        flaws = self.qualities.flaws(item.foreground) if item.foreground else None
        if flaws:
            painter.setFont(small(painter.font()))
            words = QFontMetrics(painter.font()).elidedText(
                " · ".join(flaws), Qt.TextElideMode.ElideRight, line.width()
            )
            painter.setPen(theme.colours.colour("warn"))
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)
