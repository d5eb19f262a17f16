"""Reads the background that is looked at, and prepares it as the dataset will have it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.compose.pictures import prepare_background
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.imaging.thumbnails import reduced
from fgbg_studio.core.plan.recipe import BackgroundSource
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.session import Session

SCREEN = 2048
"""Longer side of what is shown large, in pixels: a 12-megapixel photo need not be kept as a pixmap."""


@dataclass(frozen=True)
class LoadedBackground:
    """A background by its hash.

    Attributes:
        sha256: which one.
        picture: for the screen, None where it is as before.
        whole: with all its pixels, None where the picture for the screen has them, or it is as before.
        real: as the dataset will have it.
    """

    sha256: str
    picture: QImage | None
    whole: QImage | None
    real: QImage


class _LastRead:
    """The picture that was read last; used by one worker after the other."""

    def __init__(self) -> None:
        self._sha256 = ""
        self._rgb: Pixels | None = None

    def get(self, path: Path, sha256: str) -> Pixels:
        """The pixels, read where another picture was read last."""
        if self._rgb is None or self._sha256 != sha256:
            self._rgb = None  # two large photos at a time are not needed
            self._rgb, self._sha256 = read_rgb(path), sha256
        return self._rgb


class BackgroundLoader(QObject):
    """Looks at one background at a time, the newest asked for.

    Signals:
        seen: `LoadedBackground`.
        failed: (hash, `FgbgError`).
    """

    seen = Signal(object)
    failed = Signal(str, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._last = _LastRead()
        self._asked, self._shown = "", ""
        self._latest = Latest(session.jobs, self.tr("reading a picture"), self)
        self._latest.returned.connect(self._tell)
        self._latest.failed.connect(self._fail)

    def look(self, background: Background) -> None:
        """Read and prepare this one; the picture for the screen comes only where another was looked at before."""
        self._asked = background.sha256
        path = self._session.folder / background.file
        with_picture = self._shown != background.sha256
        settings = self._session.project.settings
        self._latest.submit(partial(_see, self._last, path, background, settings, with_picture=with_picture))

    def forget(self) -> None:
        """Nothing is looked at."""
        self._latest.cancel()
        self._asked = self._shown = ""
        self._last = _LastRead()

    def _tell(self, seen: LoadedBackground) -> None:
        if seen.picture is not None:
            self._shown = seen.sha256
        self.seen.emit(seen)

    def _fail(self, error: FgbgError) -> None:
        self.failed.emit(self._asked, error)


def _see(
    last: _LastRead, path: Path, background: Background, settings: Settings, *, with_picture: bool
) -> LoadedBackground:
    rgb = last.get(path, background.sha256)
    source = BackgroundSource(
        file=background.file, sha256=background.sha256, crop=background.crop, horizon=0.5, camera_height=1.0
    )
    real = to_image(prepare_background(rgb, source, settings))
    picture = to_image(reduced(rgb, SCREEN)) if with_picture else None
    whole = to_image(rgb) if with_picture and max(rgb.shape) > SCREEN else None
    return LoadedBackground(background.sha256, picture, whole, real)
