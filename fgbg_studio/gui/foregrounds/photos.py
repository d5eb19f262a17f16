"""Photos of a project and what was done to them: listed, opened, saved, kept; everything here runs on workers."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QObject

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError, PictureError, ProjectError
from fgbg_studio.core.base.files import natural_key, write_file
from fgbg_studio.core.cutting.refine import refined_cutout
from fgbg_studio.core.cutting.strokes import (
    ALPHA,
    MASK,
    OWN,
    STROKES,
    Work,
    beside,
    is_photo,
    load_alpha,
    load_work,
    save_work,
)
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.reading import SUFFIXES, find_pictures, read_rgba
from fgbg_studio.core.project.importing import Verdict, add_foregrounds
from fgbg_studio.core.project.model import Background, Foreground, Project
from fgbg_studio.core.project.recycle_bin import BIN
from fgbg_studio.core.project.storage import portable
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.worker import Jobs
from fgbg_studio.gui.session.importing import add_pictures

PHOTOS = "photos"
LARGEST = 50_000_000


@dataclass(frozen=True)
class Photo:
    """A photo of the project's folder: the foreground kept of it, if any, and whether cutting was begun."""

    path: Path
    foreground: str = ""
    begun: bool = False


def find_photos(folder: Path) -> list[Photo]:
    """The photos in the project's ``photos`` folder, in natural order."""
    place = folder / PHOTOS
    paths = [p for p in place.iterdir() if p.suffix.lower() in SUFFIXES and is_photo(p)] if place.is_dir() else []
    return [_photo(path) for path in sorted(paths, key=lambda p: natural_key(p.name))]


def _photo(path: Path) -> Photo:
    if not beside(path, STROKES).exists():
        return Photo(path)
    try:
        return Photo(path, load_work(path).foreground, beside(path, ALPHA).exists())
    except FgbgError:
        return Photo(path, begun=True)  # opening it says what is wrong


def files_of(photo: Path) -> list[Path]:
    """The photo's file and those that lie beside it."""
    return [path for path in (photo, *(beside(photo, ending) for ending in OWN)) if path.exists()]


@dataclass(frozen=True, eq=False)
class Opened:
    """What a `CutDocument` is made of."""

    path: Path
    pixels: Pixels
    pyramid: Pyramid
    work: Work
    planes: tuple[Pixels, Pixels] | None


def open_photo(path: Path, foreground: str = "") -> Opened:
    """Read a photo and what was done to it; ``foreground`` is the hash where it is a kept cutout itself.

    Raises:
        FgbgError: a file is damaged, or the photo is too large.
    """
    rgba = read_rgba(path)
    if rgba.shape[0] * rgba.shape[1] > LARGEST:
        raise PictureError(f"{path} has more than {LARGEST // 1_000_000} megapixels", "Make it smaller first")
    clear = int(rgba[..., 3].min()) < 255
    pixels = rgba if clear else np.ascontiguousarray(rgba[..., :3])
    pyramid = Pyramid(np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), np.uint8))
    pyramid.prepare_copy()
    work = load_work(path)
    planes = load_alpha(path, rgba.shape[:2])
    if planes is None and clear and not beside(path, STROKES).exists():
        alpha = np.ascontiguousarray(rgba[..., 3])
        planes = alpha, np.full_like(alpha, 255)
        work = work.model_copy(
            update={"foreground": foreground, "finish": work.finish.model_copy(update={"clean": False})}
        )
    return Opened(path, pixels, pyramid, work, planes)


def sort_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path], list[PictureError]]:
    """(photos to be cut, cutouts that have transparency, what is no picture) among files and folders."""
    photos, cutouts, failed = [], [], []
    for path in find_pictures(list(paths)):
        try:
            cutouts.append(path) if int(read_rgba(path)[..., 3].min()) < 255 else photos.append(path)
        except PictureError as error:
            failed.append(error)
    return photos, cutouts, failed


def take_in(folder: Path, paths: Sequence[Path]) -> list[Path]:
    """Copy photos into the project's ``photos`` folder under names of their own; where they are now.

    Raises:
        ProjectError: the folder cannot be written.
    """
    taken = []
    for path in paths:
        target = free_name(folder / PHOTOS / portable(path.name))
        copy_file(path, target)
        taken.append(target)
    return taken


def copy_file(path: Path, target: Path) -> None:
    """Copy a photo whole or not at all.

    Raises:
        ProjectError: the folder cannot be written, or the file not be read.
    """
    try:
        write_file(target, path.read_bytes())
    except OSError as error:
        raise ProjectError(
            f"{error.filename} cannot be copied ({error.strerror})", "Make room or change permissions"
        ) from error


def free_name(path: Path) -> Path:
    """``path``, or name-2, name-3 …: whose stem no other photo has, since strokes lie beside it by that."""
    places = (path.parent, path.parent.parent / BIN / path.parent.name)
    taken = {p.stem for place in places if place.is_dir() for p in place.iterdir()}
    taken = {stem.partition(".")[0] for stem in taken} | taken
    stem, number = path.stem.replace(".", "_"), 1
    free = stem
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return path.with_name(free + path.suffix)


def keep(folder: Path, project: Project, document: CutDocument) -> Callable[[], Verdict]:
    """A function for a worker that finishes the cutout and brings it into the project's foregrounds."""
    photo, alpha, work, path = document.photo, document.alpha.copy(), document.work, document.path

    def run() -> Verdict:
        rgba, (x, y, width, height) = refined_cutout(photo, alpha, work.finish)
        if not width:
            raise PictureError(f"{path.name} has no object yet", "Draw a rectangle around it first")
        mask = np.zeros(alpha.shape, np.uint8)
        mask[y : y + height, x : x + width] = np.where(rgba[..., 3] >= 128, np.uint8(255), np.uint8(0))
        aside = Path(tempfile.mkdtemp(prefix=".keeping-", dir=folder))
        try:
            cut = aside / f"{path.stem}.png"
            write_file(cut, encode(rgba, Codec()))
            steps = add_pictures(folder, project, lambda inner: add_foregrounds(inner, [cut]), 1)
            verdict = next(step for step in list(steps) if isinstance(step, Verdict))
            if folder / PHOTOS in path.parents:
                write_file(beside(path, MASK), encode(mask, Codec()))
        except OSError as error:
            raise ProjectError(
                f"{folder} cannot be written ({error.strerror})", "Make room or change permissions"
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return verdict

    return run


def with_foreground(project: Project, kept: Foreground, before: str) -> Project:
    """The project with a cutout that was kept: in the place of the one ``before`` (a hash), else at the end."""
    known = {f.sha256: f for f in project.foregrounds}
    if kept.sha256 in known:
        return project
    if before not in known:
        return project.model_copy(update={"foregrounds": (*project.foregrounds, kept)})
    old = known[before]
    kept = kept.model_copy(update={"licence": old.licence, "origin": old.origin, "real_height": old.real_height})
    every = tuple(kept if f is old else f for f in project.foregrounds)
    return project.model_copy(update={"foregrounds": every})


def scene_of(folder: Path, background: Background) -> Pyramid:
    """A background's square, BGRX.

    Raises:
        PictureError: its file cannot be read.
    """
    rgba = read_rgba(folder / background.file)
    height, width = rgba.shape[:2]
    side = min(height, width)
    x, y, side = background.crop or ((width - side) // 2, (height - side) // 2, side)
    x, y = max(x, 0), max(y, 0)
    square = np.ascontiguousarray(rgba[y : y + side, x : x + side])
    return Pyramid(np.asarray(cv2.cvtColor(square, cv2.COLOR_RGBA2BGRA), np.uint8))


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
                    copy_file(source, path)
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
