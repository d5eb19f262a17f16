"""Thumbnails of a project's pictures, by content, and what is measured of each on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.imaging.thumbnails import Metrics, ThumbnailStore
from fgbg_studio.gui.lib.picture_loader import LoadedPicture, PictureLoader, fitted
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.worker import Jobs

MEMORY = 192 * 1024**2
"""Bytes of pixmaps that are kept."""

THREADS = 2

Wanted = tuple[str, str]
"""(sha256, file relative to the project) of a picture."""


@dataclass(frozen=True)
class MeasuredPicture(LoadedPicture):
    """A thumbnail with its picture's measures."""

    metrics: Metrics | None = None


class Thumbnails(PictureLoader[str]):
    """The thumbnails of one project's pictures; the keys are hashes.

    Attributes:
        metrics: what was measured so far, by hash.

    Signals:
        measured: ``metrics`` grew.
    """

    measured = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(
            jobs, QCoreApplication.translate("Thumbnails", "making thumbnails"), MEMORY, parent, threads=THREADS
        )
        self._files: dict[str, str] = {}
        self.metrics: dict[str, Metrics] = {}

    def open_project(self, folder: Path) -> None:
        """Serve the project in ``folder`` from now on."""
        self._files = {}
        self.open(partial(_make, ThumbnailStore(folder), self._files))

    @override
    def close(self) -> None:
        """Forget the project's pictures and stop making thumbnails."""
        super().close()
        self.metrics = {}

    def want_files(self, wanted: Sequence[Wanted], side: int) -> None:
        """See `want`; of these files."""
        self._files.update(wanted)
        self.want([sha256 for sha256, _ in wanted], side)

    def measure(self, wanted: Sequence[Wanted]) -> None:
        """Measure all of these while nothing else is to be done; those that are known are skipped."""
        self._files.update(wanted)
        self.visit([sha256 for sha256, _ in wanted if sha256 not in self.metrics])

    @override
    def _keep(self, key: str, side: int, picture: LoadedPicture) -> None:
        super()._keep(key, side, picture)
        if isinstance(picture, MeasuredPicture) and picture.metrics is not None and key not in self.metrics:
            self.metrics[key] = picture.metrics
            self.measured.emit()


def _make(store: ThumbnailStore, files: Mapping[str, str], sha256: str, side: int) -> LoadedPicture:
    known = store.known(sha256) if side == 0 else None
    if known:
        return MeasuredPicture(metrics=known)
    try:
        pixels, metrics = store.get(files[sha256], sha256)
    except FgbgError as error:
        return LoadedPicture(error=said(error))
    return MeasuredPicture(to_image(fitted(pixels, side)) if side else None, metrics=metrics)
