"""Thumbnails of photos and of their cutouts for the strip and the gallery."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap

from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.lib.thumbnails import Thumbnails, Wanted
from fgbg_studio.gui.session.session import Session


class ItemPictures(Thumbnails):
    """Thumbnails by content: a cutout's by its hash, so that keeping and undoing show the right one at once.

    A photo has no hash in the project: name, size and time of its file stand for it.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session.jobs, parent)
        self._session = session
        self._marks: dict[Path, str] = {}
        session.opened.connect(self._open)
        session.closed.connect(self.close)

    def _open(self) -> None:
        self._marks = {}
        self.open_project(self._session.folder)

    def photo(self, item: PhotoItem) -> QPixmap | None:
        """The photo, as far as it is loaded; None too where the entry is a cutout without a photo."""
        mark = self._marks.get(item.path)
        return self.pixmap(mark) if mark else None

    def cutout(self, item: PhotoItem) -> QPixmap | None:
        """The cutout likewise."""
        return self.pixmap(item.cutout) if item.cutout else None

    def want_items(self, items: Iterable[PhotoItem], side: int) -> None:
        """See `want`; of photos and cutouts."""
        wanted: list[Wanted] = []
        for item in items:
            if item.foreground:
                wanted.append((item.cutout, item.foreground.file))
            if (mark := self._mark(item)) and (mark, "") not in wanted:
                wanted.append((mark, item.path.relative_to(self._session.folder).as_posix()))
        self.want_files(wanted, side)

    def keys(self, item: PhotoItem) -> set[str]:
        """What the entry's pictures are kept under."""
        return {item.cutout, self._marks.get(item.path, "")} - {""}

    def _mark(self, item: PhotoItem) -> str:
        if item.foreground and item.path == self._session.folder / item.foreground.file:
            return ""
        with contextlib.suppress(OSError):
            stat = item.path.stat()
            text = f"{item.path.name} {stat.st_size} {stat.st_mtime_ns}"
            self._marks[item.path] = hashlib.sha256(text.encode()).hexdigest()
        return self._marks.get(item.path, "")
