"""Photos that come in: files, folders and ZIP files; what of them is too large is asked about, and nothing waits."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.project.importing import pictures_to_add
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.photo_files import Arrival, add_photos
from fgbg_studio.core.project.unpacking import is_archive
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.incoming import refusal, unpack, wanted
from fgbg_studio.gui.session.session import Session


@dataclass
class Batch:
    """What became of all that was given at once.

    Attributes:
        photos: those that are in the project now; ``cutouts``: the files of the foregrounds that are.
        refused: why the others are not.
        large: those over the limit, which may come in reduced; ``reduced``: (width, height) that others had.
        passed: what of the folders and archives was passed over.
        temporary: where ZIP files were unpacked, None where there was none.
    """

    photos: list[Path] = field(default_factory=list)
    cutouts: list[Path] = field(default_factory=list)
    refused: list[FgbgError] = field(default_factory=list)
    large: list[Arrival] = field(default_factory=list)
    reduced: list[tuple[int, int]] = field(default_factory=list)
    passed: PassedOver = field(default_factory=PassedOver)
    temporary: Path | None = None


class PhotoImporter(QObject):
    """Adds what is dropped, one batch after the other.

    Signals:
        arrived: photos that are in the folder now, while a batch is added; ``first_arrived``: the first of a batch.
        ended: a `Batch` is added; that of an answer too.
        failed: an `FgbgError`.
    """

    arrived = Signal(list)
    first_arrived = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: list[Callable[[], Worker]] = []
        self._running = False
        self._kept: set[Path] = set()  # unpacked files that a question is about
        session.closed.connect(self._forget)

    def add(self, paths: Sequence[Path]) -> None:
        """Add files, folders and the pictures of ZIP files; other files are passed over, but where they are all."""
        batch = Batch()
        self._begin(batch, wanted(paths, batch.passed), reduce=False)

    def reduce(self, batch: Batch) -> None:
        """Add those of a batch that are too large, reduced to the limit."""
        self._begin(Batch(temporary=batch.temporary), [arrival.path for arrival in batch.large], reduce=True)

    def leave_out(self, batch: Batch) -> None:
        """Do without those of a batch that are too large."""
        self._tidy(batch.temporary)

    def _begin(self, batch: Batch, paths: list[Path], *, reduce: bool) -> None:
        folder = self._session.folder

        def start() -> Worker:
            worker = self._session.jobs.run(
                self.tr("adding photos"), partial(_work, folder, paths, batch, reduce=reduce), failed=self.failed.emit,
                produced=partial(self._take, folder, batch), visible=True,
            )  # fmt: skip
            worker.finished.connect(partial(self._end, folder, batch))
            return worker

        self._waiting.append(start)
        self._next()

    def _next(self) -> None:
        if self._waiting and not self._running:
            self._running = True
            self._waiting.pop(0)()

    def _take(self, folder: Path, batch: Batch, arrivals: list[Arrival]) -> None:
        photos = [arrival.photo for arrival in arrivals if arrival.photo]
        first, batch.photos = not batch.photos, batch.photos + photos
        batch.cutouts += [arrival.path for arrival in arrivals if arrival.cutout]
        batch.reduced += [arrival.size for arrival in arrivals if arrival.size and arrival.photo]
        batch.large += [arrival for arrival in arrivals if arrival.too_large]
        batch.refused += [refusal(arrival.path, "", arrival.error) for arrival in arrivals if arrival.error]
        if photos and self._is_open(folder):
            self.arrived.emit(photos)
            if first:
                self.first_arrived.emit(photos[0])

    def _end(self, folder: Path, batch: Batch, _worker: Worker) -> None:
        self._running = False
        if not self._is_open(folder):
            self._tidy(batch.temporary)
        elif batch.cutouts:
            self._add_cutouts(folder, batch)
        else:
            self._tell(batch)
        self._next()

    def _add_cutouts(self, folder: Path, batch: Batch) -> None:
        files, batch.cutouts = batch.cutouts, []

        def take(verdicts: list[Verdict]) -> None:
            batch.cutouts += [folder / verdict.picture.file for verdict in verdicts if verdict.picture]
            batch.refused += [refusal(v.path, v.reason, v.error) for v in verdicts if v.picture is None]

        def end(_: Worker) -> None:
            if self._is_open(folder):
                self._tell(batch)
            else:
                self._tidy(batch.temporary)

        worker = self._session.add_foregrounds(files)
        worker.produced.connect(take)
        worker.finished.connect(end)

    def _tell(self, batch: Batch) -> None:
        if batch.temporary and batch.large:
            self._kept.add(batch.temporary)
        else:
            self._tidy(batch.temporary)
        self.ended.emit(batch)

    def _is_open(self, folder: Path) -> bool:
        return self._session.is_open and self._session.folder == folder

    def _forget(self) -> None:
        self._waiting, self._running = [], False
        for folder in list(self._kept):
            self._tidy(folder)

    def _tidy(self, folder: Path | None) -> None:
        if folder:
            self._kept.discard(folder)
            self._session.jobs.run(
                self.tr("tidying up"), partial(shutil.rmtree, folder, ignore_errors=True), tidies=True
            )


def _work(folder: Path, paths: list[Path], batch: Batch, *, reduce: bool) -> Generator[Progress | Arrival, None, None]:
    archives = [path for path in paths if is_archive(path)]
    others = [path for path in paths if path not in archives]
    if archives:
        batch.temporary = yield from unpack(archives, folder, batch.passed)
        others.append(batch.temporary)
    files = pictures_to_add(others, batch.passed)
    for done, arrival in enumerate(add_photos(folder, files, reduce=reduce), 1):
        yield arrival
        yield Progress("adding photos", done, len(files))
