"""Where the window stands when it is opened: whole on a screen, with its frame, whatever was remembered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

WANTED, LEAST = QSize(1280, 800), QSize(960, 600)
"""Pixels without the frame: of the first start, and the least that the places are laid out for."""

FRAME = QMargins(8, 40, 8, 8)
"""Room for what the desktop draws around a window; its true size is not known before the window is shown."""


def place_on_screen(window: QWidget, remembered: QByteArray, screens: Sequence[QRect]) -> None:
    """Give the window its place and size before it is shown.

    Args:
        window: the main window.
        remembered: what `QWidget.saveGeometry` gave at its last end, empty at the first start.
        screens: what of each screen windows may use (without the desktop's own panels), that of the first start first.
    """
    middle = screens[0].marginsRemoved(FRAME).center()
    wanted = QRect(middle.x() - WANTED.width() // 2, middle.y() - WANTED.height() // 2, WANTED.width(), WANTED.height())
    restored = not remembered.isEmpty() and window.restoreGeometry(remembered)
    maximized = restored and bool(window.windowState() & Qt.WindowState.WindowMaximized)
    if restored:
        wanted = window.normalGeometry() if maximized else window.geometry()
    room, geometry = placed(wanted, screens)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.setMinimumSize(LEAST.boundedTo(room.size()))
    window.setGeometry(geometry)
    if maximized or geometry.size() != wanted.size():  # a screen this small is best used whole
        window.setWindowState(Qt.WindowState.WindowMaximized)


def placed(wanted: QRect, screens: Sequence[QRect]) -> tuple[QRect, QRect]:
    """The room of the screen that ``wanted`` is most of, and ``wanted`` made smaller and moved until it is inside.

    Both are without the frame. What is on no screen any more comes to the first.
    """

    def shared(screen: QRect) -> int:
        common = screen.intersected(wanted)
        return max(common.width(), 0) * max(common.height(), 0)

    room = max(screens, key=shared).marginsRemoved(FRAME)
    made = QRect(wanted.topLeft(), wanted.size().boundedTo(room.size()))
    made.moveLeft(min(max(made.left(), room.left()), room.right() + 1 - made.width()))
    made.moveTop(min(max(made.top(), room.top()), room.bottom() + 1 - made.height()))
    return room, made
