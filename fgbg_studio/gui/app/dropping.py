"""Files that are dragged over the window and dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from fgbg_studio.core.project.storage import FILE
from fgbg_studio.gui.session.panel import Panel


class Dropping(QObject):
    """Says over the window what a drop would do, and does it: a project is opened, pictures go to the place.

    Args:
        window: takes the drops.
        open_project: opens the project in a folder.
        place: the place that is shown; None on the start page.
        area: the widget over which the words are shown.
    """

    def __init__(
        self,
        window: QWidget,
        open_project: Callable[[Path], None],
        place: Callable[[], Panel | None],
        area: Callable[[], QWidget],
    ) -> None:
        super().__init__(window)
        self._window, self._open_project, self._place, self._area = window, open_project, place, area
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
        place = self._place()
        return place.accepts(paths) if paths and place else ""

    def drop(self, paths: list[Path]) -> None:
        """Do it."""
        folder, place = project_among(paths), self._place()
        if folder:
            self._open_project(folder)
        elif place:
            place.drop(paths)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's drags."""
        if isinstance(event, QDragEnterEvent):
            words = self.meaning(dropped_paths(event.mimeData()))
            if words:
                _accept_as_copy(event)
                self._show(words)
            return bool(words)
        if isinstance(event, QDragMoveEvent) and event.type() == QEvent.Type.DragMove and self.hint.isVisible():
            _accept_as_copy(event)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hint.hide()
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.hint.hide()
            _accept_as_copy(event)
            self.drop(dropped_paths(event.mimeData()))
            return True
        return super().eventFilter(watched, event)

    def _show(self, words: str) -> None:
        area = self._area()
        corner = area.mapTo(self._window, QPoint(0, 0))
        self.hint.setText(words)
        self.hint.setGeometry(QRect(corner, area.size()).adjusted(8, 8, -8, -8))
        self.hint.raise_()
        self.hint.show()


def _accept_as_copy(event: QDropEvent) -> None:
    """Whatever is offered: who moves files deletes them where they came from once a drop is accepted as a move."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def dropped_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this computer that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def project_among(paths: list[Path]) -> Path | None:
    """The project's folder where a single one, or its project file, is dragged."""
    if len(paths) != 1:
        return None
    folder = paths[0].parent if paths[0].name == FILE else paths[0]
    return folder if (folder / FILE).is_file() else None
