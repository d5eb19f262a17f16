"""Cutouts pasted on one of the project's backgrounds, each as large as the dataset will have it."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.imaging.matte import resize_rgba
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project.framing import square_crop
from fgbg_studio.core.project.model import Background, Foreground
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.qualities import pasted_size
from fgbg_studio.gui.lib.picture_loader import LoadedPicture, PictureLoader
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.session.session import Session

_MEMORY = 128 * 1024**2
_FEET = 0.9  # of the frame's height: where an object stands that its placement has not placed yet


class GalleryScenes(PictureLoader[str]):
    """The scenes of one background at a time; the keys are hashes of cutouts."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session.jobs, session.tr("pasting cutouts"), _MEMORY, parent, threads=2)
        self._session = session
        self._files: dict[str, Foreground] = {}
        self._number = 0
        self._served: tuple[Background, Settings] | None = None

    def show_background(self, step: int = 0) -> bool:
        """Paste on the background that is next by ``step``; whether there is any."""
        backgrounds = self._session.project.good_backgrounds()
        if not backgrounds:
            self._served = None
            self.close()
            return False
        self._number = (self._number + step) % len(backgrounds)
        served = backgrounds[self._number], self._session.project.settings
        if served != self._served:
            self._served = served
            self.open(partial(_scene, cache(partial(_square, self._session.folder, *served)), self._session.folder,
                              self._files, served[1]))  # fmt: skip
        return True

    def scene(self, item: PhotoItem) -> QPixmap | None:
        """The cutout on the background, as far as it is made."""
        return self.pixmap(item.cutout)

    def want_items(self, items: list[PhotoItem], side: int) -> None:
        """See `want`."""
        self._files.update({item.cutout: item.foreground for item in items if item.foreground})
        self.want([item.cutout for item in items if item.foreground], side)


def _square(folder: Path, background: Background, settings: Settings) -> Pixels:
    """The background's square at the dataset's size, (n, n, 3)."""
    rgba = read_rgba(folder / background.file)
    x, y, side = square_crop(rgba.shape[1], rgba.shape[0], background.crop)
    part, size = np.ascontiguousarray(rgba[y : y + side, x : x + side, :3]), settings.size
    method = cv2.INTER_AREA if size < side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, (size, size), interpolation=method), np.uint8)


def _scene(square: object, folder: Path, files: dict[str, Foreground], settings: Settings, sha256: str, _side: int
           ) -> LoadedPicture:  # fmt: skip
    foreground = files[sha256]
    try:
        pixels = pasted(square(), read_rgba(folder / foreground.file), foreground, settings)  # type: ignore[operator]
    except FgbgError as error:
        return LoadedPicture(error=said(error))
    return LoadedPicture(to_image(pixels))


def pasted(square: Pixels, rgba: Pixels, foreground: Foreground, settings: Settings) -> Pixels:
    """A copy of ``square`` (n, n, 3) with the object of ``rgba`` (h, w, 4) in it, as large as the rule makes it."""
    x, y, width, height = foreground.box
    wide, high = pasted_size(settings, (width, height))
    small = resize_rgba(np.ascontiguousarray(rgba[y : y + height, x : x + width]), wide, high)
    side = square.shape[0]
    left, top = (side - wide) // 2, max(round(_FEET * side), high) - high
    done = square.copy()
    rows, columns = slice(max(top, 0), min(top + high, side)), slice(max(left, 0), min(left + wide, side))
    cut = small[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left].astype(np.float32)
    share = cut[..., 3:] / np.float32(255)
    done[rows, columns] = np.rint(cut[..., :3] * share + done[rows, columns] * (1 - share)).astype(np.uint8)
    return done
