"""Every icon of the window: one family, tinted with the colours in use at the moment it is painted."""

from __future__ import annotations

from enum import StrEnum

import qtawesome
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from typing_extensions import override

from fgbg_studio.core.base.resources import resource
from fgbg_studio.gui.lib.theme import theme

_FILLED = 0.92  # of the icon's square: what is left keeps glyphs from the words beside them


class Icon(StrEnum):
    """Glyphs of Material Design Icons by what they mean here."""

    # places
    BACKGROUNDS = "mdi6.image-multiple-outline"
    FOREGROUNDS = "mdi6.content-cut"
    PREVIEW = "mdi6.layers-outline"
    GENERATE = "mdi6.play-circle-outline"
    DATASET = "mdi6.view-grid-outline"
    # project
    NEW = "mdi6.folder-plus-outline"
    OPEN = "mdi6.folder-open-outline"
    FOLDER = "mdi6.folder-outline"
    DEMO = "mdi6.flask-outline"
    SAVE = "mdi6.content-save-outline"
    RECENT = "mdi6.history"
    CLOSE = "mdi6.close"
    QUIT = "mdi6.exit-to-app"
    RENAME = "mdi6.form-textbox"
    ADD = "mdi6.plus"
    REMOVE = "mdi6.minus"
    # editing
    UNDO = "mdi6.undo"
    REDO = "mdi6.redo"
    DELETE = "mdi6.trash-can-outline"
    EDIT = "mdi6.pencil-outline"
    COPY = "mdi6.content-copy"
    SEARCH = "mdi6.magnify"
    RESTORE = "mdi6.backup-restore"
    # judging pictures
    ACCEPT = "mdi6.check"
    REJECT = "mdi6.close-circle-outline"
    UNDECIDED = "mdi6.help-circle-outline"
    TO_CUT = "mdi6.circle-outline"
    DUPLICATE = "mdi6.approximately-equal"
    CROP = "mdi6.crop"
    REAL_SIZE = "mdi6.image-size-select-actual"
    GHOST = "mdi6.ghost-outline"
    HORIZON = "mdi6.weather-sunset"
    FLOOR = "mdi6.floor-plan"
    SORT = "mdi6.sort"
    FILTER = "mdi6.filter-variant"
    GRID_SMALL = "mdi6.view-comfy-outline"
    GRID_LARGE = "mdi6.view-module-outline"
    GALLERY = "mdi6.view-grid-plus-outline"
    PREVIOUS = "mdi6.chevron-left"
    NEXT = "mdi6.chevron-right"
    DOWN = "mdi6.chevron-down"
    # cutting
    RECTANGLE = "mdi6.select"
    LASSO = "mdi6.lasso"
    CLICK = "mdi6.cursor-default-click-outline"
    BRUSH = "mdi6.brush-outline"
    ERASER = "mdi6.eraser"
    THINNER = "mdi6.circle-small"
    THICKER = "mdi6.circle-medium"
    EVERYWHERE = "mdi6.select-all"
    MEND = "mdi6.bandage"
    SWAP = "mdi6.swap-horizontal"
    WAND = "mdi6.auto-fix"
    ZOOM_IN = "mdi6.magnify-plus-outline"
    ZOOM_OUT = "mdi6.magnify-minus-outline"
    FIT = "mdi6.fit-to-page-outline"
    OUTLINE = "mdi6.account-outline"
    CHECKER = "mdi6.checkerboard"
    TINT = "mdi6.invert-colors"
    PAINT_ADD = "mdi6.plus-circle-outline"
    PAINT_REMOVE = "mdi6.minus-circle-outline"
    SOFTEN = "mdi6.blur"
    HAIR = "mdi6.grass"
    WHITE = "mdi6.square-rounded"
    BLACK = "mdi6.square-rounded-outline"
    COMPARE = "mdi6.compare"
    # looking at samples
    COMPOSITE = "mdi6.image-outline"
    MASK = "mdi6.circle-half-full"
    DEPTH = "mdi6.gradient-vertical"
    DEPTH_GREY = "mdi6.gradient-horizontal"
    SIDE_BY_SIDE = "mdi6.view-column-outline"
    # running
    START = "mdi6.play"
    PAUSE = "mdi6.pause"
    STOP = "mdi6.stop"
    FORECAST = "mdi6.clipboard-text-clock-outline"
    PLOTS = "mdi6.chart-line"
    LOG = "mdi6.text-box-outline"
    DOWNLOAD = "mdi6.download-outline"
    REFRESH = "mdi6.refresh"
    SHUFFLE = "mdi6.shuffle-variant"
    SPLIT = "mdi6.call-split"
    # saying
    INFO = "mdi6.information-outline"
    GOOD = "mdi6.check-circle-outline"
    WARNING = "mdi6.alert-outline"
    ERROR = "mdi6.alert-circle-outline"
    SHOW = "mdi6.eye-outline"
    # window
    INSPECTOR = "mdi6.dock-right"
    FULL_SCREEN = "mdi6.fullscreen"
    THEME = "mdi6.theme-light-dark"
    LIGHT = "mdi6.white-balance-sunny"
    DARK = "mdi6.weather-night"
    GUIDE = "mdi6.book-open-page-variant-outline"
    STEPS = "mdi6.format-list-checks"
    STEP = "mdi6.circle-outline"
    KEYBOARD = "mdi6.keyboard-outline"

    @property
    def glyph(self) -> str:
        """Its character in the icon font."""
        return str(qtawesome.charmap(self.value))

    def icon(self, colour: str = "") -> QIcon:
        """A Qt icon that follows the colours; ``colour`` is a name of `theme.Colours`, by default by state."""
        return QIcon(_Engine(self, colour))

    def paint(self, painter: QPainter, rect: QRect, colour: str) -> None:
        """Paint it at once in the colour of that name, as grids do for each of their cells."""
        self.draw(painter, rect, theme.colours.colour(colour))

    def draw(self, painter: QPainter, rect: QRect, pen: QColor) -> None:
        """Paint it."""
        painter.save()
        font = qtawesome.font("mdi6", 16)
        font.setPixelSize(max(round(min(rect.width(), rect.height()) * _FILLED), 1))
        painter.setFont(font)
        painter.setPen(pen)
        # Beside words an icon is asked for wider than high: the rest is the distance to them.
        side = Qt.AlignmentFlag.AlignLeft if rect.width() > rect.height() else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(QRectF(rect), side | Qt.AlignmentFlag.AlignVCenter, self.glyph)
        painter.restore()


class _Engine(QIconEngine):
    """Paints a glyph in the colour of its state: quiet when disabled, accent when on, else text."""

    def __init__(self, icon: Icon, colour: str) -> None:
        super().__init__()
        self._icon, self._colour = icon, colour

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        self._icon.draw(painter, rect, self._pen(mode, state))

    def _pen(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode == QIcon.Mode.Disabled:
            colour = theme.colours.colour("quiet")
            colour.setAlpha(120)
            return colour
        on = "accent" if state == QIcon.State.On else "text"
        return theme.colours.colour(self._colour or on)

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    @override
    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # The size is in the window's pixels (since Qt 6.8), the scale how many of the screen's each has.
        pixmap = QPixmap(size * scale)
        if pixmap.isNull():
            return pixmap  # a button without any room
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    @override
    def clone(self) -> QIconEngine:
        return _Engine(self._icon, self._colour)


def app_icon() -> QIcon:
    """The program's icon."""
    return QIcon(str(resource("icons/icon.svg")))
