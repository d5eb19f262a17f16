"""Files that are dragged over the window and dropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel

from fgbg_studio.core.project.storage import FILE

if TYPE_CHECKING:
    from fgbg_studio.gui.app.main_window import MainWindow


class Dropping(QObject):
    """Says over the window what a drop would do, and does it: a project is opened, pictures go to the place."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.hint = QLabel(window)
        self.hint.setProperty("look", "drop")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hint.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def meaning(self, paths: list[Path]) -> str:
        """What dropping these would do here, or empty."""
        if project_among(paths):
            return self.tr("Open this project")
        if not paths or not self._window.session.is_open:
            return ""
        return self._window.workspace.current.accepts(paths)

    def drop(self, paths: list[Path]) -> None:
        """Do it."""
        folder = project_among(paths)
        if folder:
            self._window.open_project(folder)
        else:
            self._window.workspace.current.drop(paths)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The window's drags."""
        if isinstance(event, QDragEnterEvent):
            words = self.meaning(dropped_paths(event.mimeData()))
            if words:
                event.acceptProposedAction()
                self._show(words)
            return bool(words)
        if event.type() == QEvent.Type.DragLeave:
            self.hint.hide()
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.hint.hide()
            event.acceptProposedAction()
            self.drop(dropped_paths(event.mimeData()))
            return True
        return super().eventFilter(watched, event)

    def _show(self, words: str) -> None:
        window = self._window
        place = window.workspace.stack if window.session.is_open else window.pages
        corner = place.mapTo(window, QPoint(0, 0))
        self.hint.setText(words)
        self.hint.setGeometry(QRect(corner, place.size()).adjusted(8, 8, -8, -8))
        self.hint.raise_()
        self.hint.show()


def dropped_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this computer that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def project_among(paths: list[Path]) -> Path | None:
    """The project's folder where a single one, or its project file, is dragged."""
    if len(paths) != 1:
        return None
    folder = paths[0].parent if paths[0].name == FILE else paths[0]
    return folder if (folder / FILE).is_file() else None
