"""Thumbnails of photos and of their cutouts, kept or only begun, for the strip and the gallery."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.work import ALPHA, beside
from fgbg_studio.core.imaging.thumbnails import ENOUGH
from fgbg_studio.core.project.photos import small_draft
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.lib.picture_loader import LoadedPicture, fitted
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.thumbnails import Thumbnails, Wanted
from fgbg_studio.gui.session.session import Session


class ItemPictures(Thumbnails):
    """Thumbnails by content: a cutout's by its hash, so that keeping and undoing show the right one at once.

    A photo has no hash in the project: name, size and time of its file stand for it, and those of its alpha for what
    is cut out of it but not kept yet.

    Args:
        session: the open project.
        parent: of the object.
        drafts: whether those that are only begun are wanted too.
    """

    def __init__(self, session: Session, parent: QObject | None = None, *, drafts: bool = False) -> None:
        super().__init__(session.jobs, parent)
        self._session, self._with_drafts = session, drafts
        self._drafts: dict[str, Path] = {}
        self._marks: dict[Path, str] = {}
        session.opened.connect(self._open)
        session.closed.connect(self.close)

    def _open(self) -> None:
        self._marks = {}
        self.open_project(self._session.folder)

    @override
    def open(self, make: Callable[[str, int], LoadedPicture]) -> None:
        self._drafts = {}
        super().open(partial(_draft_or, make, self._drafts))

    def photo(self, item: PhotoItem) -> QPixmap | None:
        """The photo, as far as it is loaded; None too where the entry is a cutout without a photo."""
        mark = self._marks.get(item.path)
        return self.pixmap(mark) if mark else None

    def cutout(self, item: PhotoItem) -> QPixmap | None:
        """The cutout likewise, also one that is not kept yet where drafts are wanted.

        What was just kept looks as its draft did until it is loaded.
        """
        draft = self._marks.get(beside(item.path, ALPHA), "") if item.is_draft or item.foreground else ""
        return next((found for mark in (item.cutout, draft) if mark and (found := self.pixmap(mark))), None)

    def want_items(self, items: Iterable[PhotoItem], side: int) -> None:
        """See `want`; of photos and cutouts."""
        wanted: list[Wanted] = []
        for item in items:
            if item.foreground:
                wanted.append((item.cutout, item.foreground.file))
            elif self._with_drafts and item.is_draft and (mark := self._mark(beside(item.path, ALPHA))):
                self._drafts[mark] = item.path
                wanted.append((mark, ""))
            if not self._is_cutout(item) and (mark := self._mark(item.path)) and (mark, "") not in wanted:
                wanted.append((mark, item.path.relative_to(self._session.folder).as_posix()))
        self.want_files(wanted, side)

    def keys(self, item: PhotoItem) -> set[str]:
        """What the entry's pictures are kept under."""
        return {item.cutout, self._marks.get(item.path, "")} - {""}

    def _is_cutout(self, item: PhotoItem) -> bool:
        """Whether the entry is a cutout without a photo."""
        return item.foreground is not None and item.path == self._session.folder / item.foreground.file

    def _mark(self, path: Path) -> str:
        """What stands for a file's contents; empty where it was never there."""
        with contextlib.suppress(OSError):
            stat = path.stat()
            text = f"{path.name} {stat.st_size} {stat.st_mtime_ns}"
            self._marks[path] = hashlib.sha256(text.encode()).hexdigest()
        return self._marks.get(path, "")


def _draft_or(
    make: Callable[[str, int], LoadedPicture], drafts: Mapping[str, Path], key: str, side: int
) -> LoadedPicture:
    """What is begun of a photo, where the key means that, or what else the key means."""
    if key not in drafts:
        return make(key, side)
    try:
        pixels = small_draft(drafts[key], ENOUGH)
    except FgbgError as error:
        return LoadedPicture(error=said(error))
    return LoadedPicture(to_image(fitted(pixels, side)) if side and pixels is not None else None)
