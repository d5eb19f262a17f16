"""Photos that come into a project: added, reduced where they are too large, doubled for another object."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fgbg_studio.core.base.errors import PictureError, cannot_write
from fgbg_studio.core.base.files import file_hash, move_all
from fgbg_studio.core.cutting.work import is_photo
from fgbg_studio.core.imaging.reading import MAX_REDUCED, read_rgba, upright_size
from fgbg_studio.core.imaging.reducing import LARGEST, is_large, megapixels, reduced_file, reduced_size, said_of_large
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.photo_order import note_added, note_another
from fgbg_studio.core.project.photos import PHOTOS, PhotoNames, copy_photo, photo_files
from fgbg_studio.core.project.properties import Properties, save_properties
from fgbg_studio.core.project.recycle_bin import BIN


@dataclass(frozen=True)
class Arrival:
    """What became of one file that was to be added.

    Attributes:
        path: the file.
        photo: where it lies in the project now; None where it was not added as a photo.
        cutout: it has transparency, and is none to be cut but a foreground.
        size: (width, height) where it is, or was, over the limit.
        error: why it was not added; None also where it is too large, which is to be asked about.
    """

    path: Path
    photo: Path | None = None
    cutout: bool = False
    size: tuple[int, int] | None = None
    error: PictureError | None = None

    @property
    def too_large(self) -> bool:
        """Whether it waits for somebody to say that it may be reduced."""
        return self.size is not None and self.photo is None and self.error is None


def add_photos(folder: Path, files: Sequence[Path], *, reduce: bool = False) -> Iterator[Arrival]:
    """Copy photos into the project's ``photos`` folder under names of their own, one as each verdict is asked for.

    Args:
        folder: the project's.
        files: photos, and cutouts among them, which are told apart but not stored.
        reduce: whether those over the limit come in reduced to it; else their size is read, and no more.

    Raises:
        ProjectError: the folder cannot be written.
    """
    names, sizes = PhotoNames(folder), _Sizes(folder)
    for path in files:
        try:
            arrival = _added(path, names, sizes, reduce=reduce)
        except PictureError as error:
            arrival = Arrival(path, error=error)
        if arrival.photo:
            note_added(arrival.photo, partial(photo_files, folder))
        yield arrival


def _added(path: Path, names: PhotoNames, sizes: _Sizes, *, reduce: bool) -> Arrival:
    size = upright_size(path, MAX_REDUCED)
    if is_large(size):
        if not reduce:
            return Arrival(path, size=size)
        name, data = reduced_file(path, LARGEST)
        photo = names.free(name)
        storage.put(photo, data)
        return Arrival(path, photo, size=size)
    if int(read_rgba(path)[..., 3].min()) < 255:
        return Arrival(path, cutout=True)
    known = sizes.same(path)
    if known:
        raise PictureError(
            f"{path.name} is among the photos already, as {known.name}",
            "to cut another object of it, make another cutout of that one",
        )
    photo = names.free(path.name)
    copy_photo(path, photo)
    sizes.add(photo)
    return Arrival(path, photo)


class _Sizes:
    """The photos that a project has, to be found again by what is in them."""

    def __init__(self, folder: Path) -> None:
        self._known: dict[int, list[Path]] = {}
        place = folder / PHOTOS
        for path in place.iterdir() if place.is_dir() else ():
            if is_photo(path) and path.is_file() and not path.is_symlink():
                self.add(path)

    def add(self, path: Path) -> None:
        """One more."""
        self._known.setdefault(path.stat().st_size, []).append(path)

    def same(self, path: Path) -> Path | None:
        """The photo with the very bytes of a file."""
        return next((known for known in self._known.get(path.stat().st_size, ()) if same_file(known, path)), None)


def same_file(one: Path, other: Path) -> bool:
    """Whether two files have the very same bytes."""
    return one.stat().st_size == other.stat().st_size and file_hash(one) == file_hash(other)


def too_large(path: Path, size: tuple[int, int]) -> str:
    """That a photo is over the limit, and what it would be reduced to."""
    less = megapixels(*reduced_size(*size, LARGEST))
    return f"{said_of_large(path, size)}: reduced, it has {less}"


class Reduction:
    """A photo of the project made one that can be cut, which can be taken back again and again.

    The one of the two that is not listed lies in the bin, under a name of its own. Its place in the list stays.

    Args:
        folder: the project's.
        photo: the one that is too large.

    Attributes:
        photo: the one that is too large; ``reduced``: where it is when it is made smaller.
        said: from what to what, in words.

    Raises:
        PictureError: it cannot be read.
        ProjectError: the folder cannot be written.
    """

    def __init__(self, folder: Path, photo: Path) -> None:
        size, time = upright_size(photo, MAX_REDUCED), photo.stat().st_mtime_ns
        name, data = reduced_file(photo, LARGEST)
        self.photo, self.reduced = photo, photo.with_name(name)
        place = folder / BIN / PHOTOS
        self._original = place / f"{photo.stem}.original{photo.suffix}"
        self._smaller = place / f"{photo.stem}.reduced{self.reduced.suffix}"
        storage.put(self._smaller, data)
        os.utime(self._smaller, ns=(time, time))
        less = reduced_size(*size, LARGEST)
        self.said = f"{size[0]:,} × {size[1]:,} to {less[0]:,} × {less[1]:,} pixels"

    def forth(self) -> None:
        """Let the smaller one take the photo's place.

        Raises:
            ProjectError: a file cannot be moved; both are where they were.
        """
        _exchange((self.photo, self._original), (self._smaller, self.reduced))

    def back(self) -> None:
        """Bring the photo back; see `forth`."""
        _exchange((self.reduced, self._smaller), (self._original, self.photo))


def _exchange(*pairs: tuple[Path, Path]) -> None:
    try:
        move_all(pairs)
    except OSError as error:
        raise cannot_write(error) from error


def another(folder: Path, photo: Path, said: Properties, names: PhotoNames | None = None) -> Path:
    """The same photo once more, for another object of it: NAME-2, NAME-3 …, listed directly after it.

    It shares the photo's room on the disk where the system can do that, and licence and origin of ``said``. Who asks
    for thousands gives the same ``names`` each time, so that the folder is listed once.

    Raises:
        ProjectError: the folder cannot be written.
    """
    counted = re.fullmatch(r"(.+)-\d+", photo.stem)
    first = photo.with_name(counted[1] + photo.suffix) if counted else photo
    if first != photo and not (first.exists() and same_file(first, photo)):
        first = photo
    target = (names or PhotoNames(folder)).free(first.name)
    try:
        target.hardlink_to(photo)
    except OSError:
        copy_photo(photo, target)
        time = photo.stat().st_mtime_ns
        os.utime(target, ns=(time, time))
    note_another(target, first, partial(photo_files, folder))
    save_properties(target, Properties(licence=said.licence, origin=said.origin))
    return target
