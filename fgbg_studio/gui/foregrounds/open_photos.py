"""The photos in memory: the one that is looked at, those beside it, and those on which something is at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.imaging.reading import upright_size
from fgbg_studio.core.project.photos import OpenedPhoto, open_photo
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.memory import Trimmer
from fgbg_studio.gui.lib.worker import Jobs, Latest

BUDGET = 400_000_000
"""Bytes for the photos that are not looked at."""
_BYTES_A_PIXEL = 13  # RGB, the pyramid's four channels and a third more, four planes


@dataclass(frozen=True, eq=False)
class OpenPhoto:
    """A photo that can be shown at once."""

    document: CutDocument
    photo: Pyramid

    @property
    def nbytes(self) -> int:
        """Memory that it takes, about."""
        return self.document.nbytes + self.photo.nbytes


class OpenPhotos(QObject):
    """See the module.

    Args:
        jobs: that open them.
        make: the document of what was read.
        needed: whether a document must stay: something is at work on it, or not on the disk yet.

    Signals:
        ready: the photo that was asked for last; brings its `OpenPhoto`.
        failed: (path, `FgbgError`): it cannot be opened.
    """

    ready = Signal(object)
    failed = Signal(object, object)

    def __init__(
        self, jobs: Jobs, make: Callable[[OpenedPhoto], CutDocument], needed: Callable[[CutDocument], bool],
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._jobs, self._make, self._needed = jobs, make, needed
        self._held: dict[Path, OpenPhoto] = {}  # what was looked at longest ago comes first
        self._asked: Path | None = None
        self._expected: list[tuple[Path, str]] = []
        self._ahead: Path | None = None
        self._trimmer = Trimmer(jobs, self)
        self._opening = Latest(jobs, self.tr("opening the photo"), self)
        self._opening.returned.connect(self._take)
        self._opening.failed.connect(self._fail)

    @property
    def documents(self) -> list[CutDocument]:
        """Of every photo in memory."""
        return [held.document for held in self._held.values()]

    @property
    def nbytes(self) -> int:
        """Memory of all but the one that is looked at, about."""
        return sum(held.nbytes for path, held in self._held.items() if path != self._asked)

    def holds(self, path: Path) -> bool:
        """Whether a photo can be shown at once."""
        return path in self._held

    def is_opening(self, path: Path) -> bool:
        """Whether its files are being read just now."""
        return path not in self._held and (path == self._ahead or (path == self._asked and self._opening.running))

    def ask(self, path: Path, foreground: str) -> OpenPhoto | None:
        """The photo, where it is in memory; else `ready` or `failed` says when it is. Only the newest is asked for.

        ``foreground`` is as of `photos.open_photo`.
        """
        self._asked = path
        if path in self._held:
            self._opening.cancel()
            held = self._held.pop(path)
            self._held[path] = held
            return held
        if path == self._ahead:
            self._opening.cancel()  # it is on its way already
        else:
            self._opening.submit(partial(_open, path, foreground))
        return None

    def expect(self, paths: Sequence[tuple[Path, str]]) -> None:
        """These, each with its ``foreground``, will be asked for next: they are opened while there is nothing to do."""
        self._expected = [(path, foreground) for path, foreground in paths if path != self._asked]
        self.make_room()
        self._open_ahead()

    def move(self, document: CutDocument, path: Path) -> None:
        """The document's photo lies at another path from now on."""
        old, document.path = document.path, path
        self._asked = path if self._asked == old else self._asked
        self._held = {path if at == old else at: held for at, held in self._held.items()}

    def drop(self, paths: Sequence[Path]) -> None:
        """Let go of these, whatever is at work on them."""
        self._expected = [entry for entry in self._expected if entry[0] not in paths]
        if self._asked in paths:
            self._asked = None
            self._opening.cancel()
        for path in [path for path in self._held if path in paths]:
            self._put_away(path)

    def clear(self) -> None:
        """Let go of all."""
        self._opening.cancel()
        self._asked, self._expected = None, []
        self.drop(list(self._held))

    def make_room(self) -> None:
        """Let go of what was looked at longest ago, until the others fit the budget."""
        expected = [path for path, _ in self._expected]
        first = sorted(self._held, key=lambda path: expected.index(path) - 99 if path in expected else -100)
        for path in first:
            if self.nbytes <= BUDGET:
                return
            if path != self._asked and not self._needed(self._held[path].document):
                self._put_away(path)

    def _put_away(self, path: Path) -> None:
        self._held.pop(path).document.close()
        self._trimmer.soon()

    def _open_ahead(self) -> None:
        missing = [entry for entry in self._expected if entry[0] not in self._held and entry[0] != self._asked]
        if self._ahead is not None or not missing:
            return
        path, foreground = missing[0]
        self._ahead = path
        worker = self._jobs.run(
            self.tr("opening the next photo"), partial(_open_if_it_fits, path, foreground), failed=self._fail_ahead,
            done=partial(self._take_ahead, path, foreground), priority=-10,
        )  # fmt: skip
        worker.finished.connect(self._end_ahead)

    def _take_ahead(self, path: Path, foreground: str, found: tuple[OpenedPhoto, Pyramid] | None) -> None:
        wanted = any(entry[0] == path for entry in self._expected)
        if found is None:
            self._expected = [entry for entry in self._expected if entry[0] != path]
            if path == self._asked:
                self._opening.submit(partial(_open, path, foreground))
        elif path == self._asked:
            self._take(found)
        elif wanted and path not in self._held:
            self._hold(found)
            self.make_room()

    def _fail_ahead(self, error: FgbgError) -> None:
        path, self._ahead = self._ahead, None
        self._expected = [entry for entry in self._expected if entry[0] != path]
        if path == self._asked:
            self._fail(error)  # else it says so when it is asked for

    def _end_ahead(self) -> None:
        self._ahead = None
        self._open_ahead()

    def _take(self, found: tuple[OpenedPhoto, Pyramid]) -> None:
        path = found[0].path
        if path == self._asked:
            self.ready.emit(self._held.get(path) or self._hold(found))
            self.make_room()

    def _fail(self, error: FgbgError) -> None:
        if self._asked is not None:
            self.failed.emit(self._asked, error)

    def _hold(self, found: tuple[OpenedPhoto, Pyramid]) -> OpenPhoto:
        opened, photo = found
        self._held[opened.path] = held = OpenPhoto(self._make(opened), photo)
        return held


def _open(path: Path, foreground: str) -> tuple[OpenedPhoto, Pyramid]:
    opened = open_photo(path, foreground)
    return opened, Pyramid.of(opened.pixels)


def _open_if_it_fits(path: Path, foreground: str) -> tuple[OpenedPhoto, Pyramid] | None:
    """A photo that is not asked for yet, unless it is so large that it could not be kept beside the others."""
    width, height = upright_size(path)
    return _open(path, foreground) if width * height * _BYTES_A_PIXEL <= BUDGET // 2 else None
