"""Another name for a picture's file; of a photo, also for what lies beside it and the foreground kept of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from fgbg_studio.core.base.errors import ProjectError, UsageError, cannot_write
from fgbg_studio.core.base.files import composed, file_hash, move_all
from fgbg_studio.core.cutting.work import OWN
from fgbg_studio.core.project import recycle_bin
from fgbg_studio.core.project.model import Picture
from fgbg_studio.core.project.names import MOST_BYTES, safe_name
from fgbg_studio.core.project.photo_order import note_renamed
from fgbg_studio.core.project.photos import copy_photo, files_of

_LONGEST = 115
_ADVICE = 'Leave out / \\ : * ? " < > | and full stops, and words of the system such as con'


class Renaming:
    """One change of name, which can be made and taken back again and again.

    The picture's old file stays in the bin: a project that is not saved still has it by that name.

    Args:
        folder: the project's.
        photo: None where there is none.
        picture: the foreground that was kept of it, or a background; None where there is none.
        name: the new one, without an ending.

    Attributes:
        photo: where the photo is by its new name.
        file: the picture's file by the new name, as a project has it; empty where there is none.

    Raises:
        UsageError: the name cannot be a file's everywhere, or is another's.
    """

    def __init__(self, folder: Path, photo: Path | None, picture: Picture | None, name: str) -> None:
        self.name = _checked(name)
        self._folder, self._old, self._picture = folder, photo, picture
        self.photo = photo and photo.with_name(self.name + photo.suffix)
        self.file = _renamed(picture.file, self.name) if picture else ""
        self._refuse_taken()

    def forth(self) -> None:
        """Give the new name.

        Raises:
            ProjectError: a file cannot be renamed; all are as they were.
        """
        self._turn(self._old, self.name, self._give_file)

    def back(self) -> None:
        """Give the old one; see `forth`."""
        self._turn(self.photo, self._old.stem if self._old else "", self._take_file)

    def _turn(self, photo: Path | None, stem: str, turn_picture: Callable[[Picture], None]) -> None:
        files = files_of(photo) if photo else []
        pairs = [(path, path.with_name(stem + path.name[len(photo.stem) :])) for path in files] if photo else []
        _rename(pairs)
        try:
            if self._picture and self._picture.file != self.file:
                turn_picture(self._picture)
        except ProjectError:
            _rename([(new, old) for old, new in pairs])
            raise
        if photo:
            with suppress(ProjectError):  # its place in the list is no reason to have it by two names
                note_renamed(photo.parent, photo.stem, stem)

    def _give_file(self, picture: Picture) -> None:
        new = self._folder / self.file
        recycle_bin.bring_back(self._folder, [self.file])
        if not new.exists():
            try:
                new.hardlink_to(self._folder / picture.file)
            except OSError:
                copy_photo(self._folder / picture.file, new)
        recycle_bin.throw_away(self._folder, [picture.file])

    def _take_file(self, picture: Picture) -> None:
        recycle_bin.bring_back(self._folder, [picture.file])
        recycle_bin.throw_away(self._folder, [self.file])

    def _refuse_taken(self) -> None:
        own = {self._folder / self._picture.file} if self._picture else set()
        own |= {*files_of(self._old)} if self._old else set()
        places = [self._old.parent] if self._old else []
        places += [self._folder / Path(self.file).parent] if self._picture else []
        for place in places:
            for shelf in (place, self._folder / recycle_bin.BIN / place.name):
                for path in shelf.iterdir() if shelf.is_dir() else ():
                    same = _stem(path).casefold() == self.name.casefold()
                    if same and path not in own and not self._was_ours(path):
                        where = "" if shelf == place else " in the project's bin"
                        raise UsageError(f"{path.name}{where} has that name", "Choose another")

    def _was_ours(self, path: Path) -> bool:
        """Whether a file of the bin is what the picture was by this very name before."""
        there = self._folder / recycle_bin.BIN / self.file
        return self._picture is not None and path == there and file_hash(path) == self._picture.sha256


def _renamed(file: str, name: str) -> str:
    return Path(file).with_name(name + Path(file).suffix).as_posix()


def _checked(name: str) -> str:
    name = composed(name.strip())
    if not name:
        raise UsageError("a name needs a letter or a digit", "Type one")
    if len(name.encode()) > MOST_BYTES - max(map(len, OWN)) or len(name) > _LONGEST:
        raise UsageError(f"{name[:20]}… is too long for a file's name", "Choose a shorter one")
    if "." in name or safe_name(f"{name}.png") != f"{name}.png":
        raise UsageError(f"{name} cannot be a file's name on every system", _ADVICE)
    return name


def _stem(path: Path) -> str:
    return path.name.removesuffix(next((ending for ending in OWN if path.name.endswith(ending)), path.suffix))


def _rename(pairs: Sequence[tuple[Path, Path]]) -> None:
    try:
        move_all(pairs)
    except OSError as error:
        raise cannot_write(error, verb="renamed") from error
