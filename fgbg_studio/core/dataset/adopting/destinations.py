"""Where pictures go that are completed: beside those there are, in folders or ZIPs as these, by the shape's names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.files import append_to, created, make_folder, partial_of
from fgbg_studio.core.base.large_file import LocalFile, write_all
from fgbg_studio.core.base.paths import writable
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents
from fgbg_studio.core.dataset.inspect.adoption import COMPLETED, CompletedPicture, as_rows
from fgbg_studio.core.dataset.inspect.essence import essence
from fgbg_studio.core.dataset.inspect.files import file_kind, kind_of
from fgbg_studio.core.dataset.stored_zip import StoredZip
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.imaging.finding import ending
from fgbg_studio.core.interfaces.layout import Paths

PART = 1000
"""Pictures of a ZIP, of which one that is not whole is lost when the program is killed; and plain files between two
waits for the disk, of which those after the last may be damaged when the power fails: see `complete._mended`."""
_JPEG = {".jpg", ".jpeg"}


class Destination(NamedTuple):
    """A file to be written: its path, or that of a member and the name of its archive without number and suffix."""

    path: str
    archive: str = ""


def destination(contents: AdoptedContents, number: int, kind: str, codec: Codec) -> Destination:
    """Where the picture of ``kind`` (mask or depth) of a sample goes that has a composite and none of that kind.

    Raises:
        DatasetError: it would not be known again there.
    """
    layout, name = contents.adoption.names, contents.name("fg_bg", number)
    archive = contents.archive_of("fg_bg", number)
    bare, suffix = name.rpartition(".")[0], ending(name)
    written = f".{name.rpartition('.')[2]}" if codec.format == "jpeg" and suffix in _JPEG else layout.suffix(codec)
    around = re.sub(r"-\d+$", "", archive.path.stem) if archive else ""
    inside = _placed(contents, bare)
    found = inside or (_placed(contents, f"{around}/{bare}") if archive else None)
    if found is None:
        raise DatasetError(f"{name} lies in no folder of composites of this shape", "Give its folder the shape's name")
    before, paths = found
    path = f"{paths.mask if kind == 'mask' else paths.depth}{written}"
    folder, _, rest = path.partition("/")
    goes = Destination(before + path if inside else rest, folder if archive else "")
    known = file_kind(goes.path, kind_of(goes.archive)) if archive else file_kind(goes.path, "")
    if known != kind or essence(goes.path) != essence(name):
        raise DatasetError(f"{goes.path} would not be known as the {kind} of {name}", "Give it the shape's name")
    return goes


def _placed(contents: AdoptedContents, path: str) -> tuple[str, Paths] | None:
    """(folders before those of the shape, the paths from there on) of a composite's path without suffix."""
    parts, layout = path.split("/"), contents.adoption.names
    for at in range(len(parts) - 1):
        if paths := layout.siblings("/".join(parts[at:])):
            return "".join(f"{part}/" for part in parts[:at]), paths
    return None


class CompletedFiles:
    """Writes completed pictures and notes how each was made: the note first, so that none is ever without it.

    What is there is never replaced.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._store = folder, LocalStore(folder)
        self._zip: tuple[str, StoredZip] | None = None
        self._waiting: list[CompletedPicture] = []
        self._count = 0

    def remove(self, path: str) -> None:
        """Remove a file that this program wrote, and that is damaged."""
        self._store.remove(path)

    def note(self, pictures: list[CompletedPicture]) -> None:
        """Note how pictures were made, or why not."""
        path = writable(self._folder, COMPLETED)
        head = not path.exists()
        with append_to(path) as file:
            file.write(as_rows(pictures, head=head))

    def add(self, goes: Destination, data: bytes, how: CompletedPicture) -> None:
        """One picture; one of a ZIP is there once `flush` came.

        Raises:
            DatasetError: something has its name.
            OSError: the disk refuses.
        """
        if not goes.archive:
            if self._store.exists(goes.path):
                raise DatasetError(f"{self._store.where(goes.path)} is there, and is not replaced", "Move it away")
            self.note([how])
            _put(writable(self._folder, goes.path), data)
            self._count += 1
            if self._count >= PART:
                self.flush()
            return
        if self._zip and (self._zip[0] != goes.archive or self._count >= PART):
            self.flush()
        if self._zip is None:
            name = self._free_name(goes.archive)
            self._zip = goes.archive, StoredZip(name, LocalFile(writable(self._folder, name)))
        self._zip[1].add(goes.path, data)
        self._waiting.append(how)
        self._count += 1

    def flush(self) -> None:
        """What was added is there."""
        if self._zip:
            self.note(self._waiting)
            self._zip[1].finish()
        elif self._count:
            self._store.sync()
        self._zip, self._waiting, self._count = None, [], 0

    def discard(self) -> None:
        """Give up a ZIP that is not whole."""
        if self._zip:
            with suppress(OSError):
                self._zip[1].file.discard()
        self._zip, self._waiting, self._count = None, [], 0

    def _free_name(self, archive: str) -> str:
        return next(name for name in _names(archive) if not self._store.exists(name))


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all, whatever kills the program; safe against a failure of power once the disk was waited for."""
    make_folder(path.parent)
    partial = partial_of(path)
    handle = created(partial)
    try:
        write_all(handle, data)
    finally:
        os.close(handle)
    partial.replace(path)


def _names(archive: str) -> Iterator[str]:
    yield f"{archive}.zip"
    number = 1
    while True:
        yield f"{archive}-{number:05}.zip"
        number += 1
