"""What was done to photos, written beside them on workers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.work import save_work
from fgbg_studio.core.project.photos import copy_photo
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.worker import Jobs


class Saver(QObject):
    """Writes what was done to photos beside them, one after the other, never two at a time."""

    def __init__(self, jobs: Jobs, failed: Callable[[FgbgError], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._failed = jobs, failed
        self._waiting: dict[Path, Callable[[], None]] = {}
        self._running: Callable[[], None] | None = None
        self._disk = threading.Lock()  # `flush` writes while a worker may still do

    def save(self, document: CutDocument, source: Path | None = None) -> None:
        """Write a document's files soon; ``source`` is copied to its path where that is not there yet."""
        path, work = document.path, document.work
        alpha, painted = document.alpha.copy(), document.painted.copy()

        def write() -> None:
            with self._disk:
                if source is not None and not path.exists():
                    copy_photo(source, path)
                save_work(path, work, alpha, painted)

        self._waiting[path] = write
        self._next()

    def flush(self) -> None:
        """Write what waits before going on."""
        running, self._running = self._running, None
        waiting = list(self._waiting.values())
        self._waiting.clear()
        for write in ([running] if running else []) + waiting:
            try:
                write()
            except FgbgError as error:
                self._failed(error)

    def _next(self) -> None:
        if self._running is None and self._waiting:
            path = next(iter(self._waiting))
            self._running = write = self._waiting.pop(path)
            self._jobs.run(self.tr("keeping the strokes"), write, failed=self._failed).finished.connect(self._ended)

    def _ended(self) -> None:
        self._running = None
        self._next()
