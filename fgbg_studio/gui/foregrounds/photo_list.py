"""The photos of the project as the cutting place lists them: found, added, followed as the project changes, deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.project import photo_files, photos, recycle_bin
from fgbg_studio.core.project.heights import SuggestedHeight, suggested_by_name, suggested_height
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import Photo
from fgbg_studio.core.project.properties import (
    Properties,
    changed,
    load_properties,
    properties_of,
    save_properties,
    with_properties,
)
from fgbg_studio.core.project.renaming import Renaming
from fgbg_studio.gui.foregrounds.photo_importer import Batch, PhotoImporter
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem, State
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.session.session import Session


class PhotoList(QObject):
    """See the module.

    Attributes:
        found: whether the project's photos are known; until then `entries` shows some foregrounds without theirs.

    Signals:
        listed: `entries` are others.
        added: all of a `Batch` is in the list now.
        going: the files of these are about to go to the bin.
        returned: these came back from it.
        moving: the file of this one is about to have another name, or to be another one of it; ``moved``: (its old
            name, its new one).
        reduced: a photo was made smaller: where it is now, from what to what, in words.
        failed: an `FgbgError`.
    """

    listed = Signal()
    added = Signal(object)
    going = Signal(list)
    returned = Signal(list)
    moving = Signal(object)
    moved = Signal(object, object)
    reduced = Signal(object, str)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.found = False
        self._photos: list[Photo] = []
        self._links: dict[Path, list[str]] = {}  # photo → hashes of what was kept of it, the newest last
        self._cutouts: dict[str, PhotoItem] = {}  # by their files
        self._returning: list[Path] = []
        self._moved: tuple[Path, Path] | None = None
        self.importer = PhotoImporter(session, self)
        self.importer.arrived.connect(self._take_arrived)
        self.importer.ended.connect(self._take_batch)
        self.importer.failed.connect(self.failed)
        session.opened.connect(self._look)
        session.changed.connect(self._follow)
        session.files_moved.connect(self._look_again)
        session.closed.connect(self._forget)

    def entries(self) -> list[PhotoItem]:
        """Every photo, then the foregrounds of which there is no photo."""
        if not self.session.is_open:
            return []
        foregrounds = self.session.project.foregrounds
        known = {f.sha256: f for f in foregrounds}
        linked = {photo.foreground for photo in self._photos}
        entries = [
            PhotoItem(photo.path, photo.begun, known.get(photo.foreground), photo.guessed) for photo in self._photos
        ]
        return entries + [self._cutout(f) for f in foregrounds if f.sha256 not in linked]

    def _cutout(self, foreground: Foreground) -> PhotoItem:
        """The entry of a foreground without a photo: the same one until it changes, as there may be 10,000."""
        item = self._cutouts.get(foreground.file)
        if item is None or item.foreground is not foreground:
            item = PhotoItem(item.path if item else self.session.folder / foreground.file, foreground=foreground)
            self._cutouts[foreground.file] = item
        return item

    def untouched(self) -> list[Path]:
        """The photos on which nothing was ever done."""
        return [one.path for one in self._photos if not (one.touched or one.begun or one.foreground)]

    def is_photo(self, path: Path) -> bool:
        """Whether an entry is a photo and no cutout that came as such."""
        return any(photo.path == path for photo in self._photos)

    def note(self, photo: Photo) -> None:
        """What is known of a photo has changed, or the photo is new."""
        if photo in self._photos:
            return
        if all(known.path != photo.path for known in self._photos):
            self._photos.append(photo)
        self._photos = [photo if known.path == photo.path else known for known in self._photos]
        self.listed.emit()

    # What was kept of them

    def link(self, path: Path, before: str, kept: str) -> None:
        """A foreground with the hash ``kept`` is of this photo now, in the place of the one ``before``, or of none."""
        self._links.setdefault(path, [before]).append(kept)

    def newest_kept(self, path: Path) -> str:
        """The hash of what was kept of a photo last and is still in the project; empty for none."""
        known = {f.sha256 for f in self.session.project.foregrounds}
        return next((sha256 for sha256 in reversed(self._links.get(path, [])) if sha256 in known), "")

    def photo_of(self, sha256: str) -> Path | None:
        """The photo that a foreground was cut from, or the foreground's own file."""
        files = {f.sha256: self.session.folder / f.file for f in self.session.project.foregrounds}
        return next((photo.path for photo in self._photos if photo.foreground == sha256), files.get(sha256))

    def _follow(self) -> None:
        """The project changed: a photo belongs to that of its cutouts which is in the project now."""
        known = {f.sha256 for f in self.session.project.foregrounds}
        for photo in list(self._photos):
            newest = self.newest_kept(photo.path) if photo.foreground not in known else ""
            if newest:
                self.note(replace(photo, foreground=newest))
        self.listed.emit()

    # Finding them

    def _look(self) -> None:
        self._forget()
        self.listed.emit()
        self._find_photos()

    def _forget(self) -> None:
        self._photos, self._links, self._cutouts, self.found = [], {}, {}, False

    def _find_photos(self) -> None:
        folder = self.session.folder
        self.session.jobs.run(
            self.tr("looking for photos"), lambda: (folder, photos.find_photos(folder)), done=self._take_found
        )

    def _take_found(self, found: tuple[Path, list[Photo]]) -> None:
        if self.session.is_open and self.session.folder == found[0]:
            self.found = True
            known = {photo.path: photo for photo in self._photos}
            there = {photo.path: known.pop(photo.path, photo) for photo in found[1]}
            self._photos = [*there.values(), *known.values()]
            self.listed.emit()

    def _look_again(self) -> None:
        """Files went to the bin or came back."""
        if self.session.is_open:
            returning, self._returning = self._returning, []
            self._photos = [photo for photo in self._photos if photo.path.exists()]
            if not photos.photo_files(self.session.folder) <= {photo.path for photo in self._photos}:
                self._find_photos()
            self.listed.emit()
            if returning:
                self.returned.emit(returning)
            moved, self._moved = self._moved, None
            if moved:
                self.moved.emit(*moved)

    # Adding

    def add(self, paths: list[Path]) -> None:
        """Copy photos into the project, and enter cutouts that have transparency as foregrounds."""
        self.importer.add(paths)

    def _take_arrived(self, paths: list[Path]) -> None:
        self._photos += [Photo(path) for path in paths]
        self.listed.emit()

    def _take_batch(self, batch: Batch) -> None:
        """All of a batch is there: from now on it can be undone."""
        if batch.photos:
            moves = _Moves(self, batch.photos)
            self.session.change_files(self._text(self.tr("add {0}"), batch.photos), _as_it_is, moves.home, moves.away)
        self.added.emit(batch)

    def take_outlined(self, came: Sequence[tuple[Path, str]], foregrounds: Sequence[Foreground]) -> bool:
        """List photos that lie in the project with a cutout each (by its hash), as one step; whether that was possible.

        ``foregrounds`` are the cutouts.
        """
        known = {photo.path for photo in self._photos}
        fresh = [path for path, _ in came if path not in known]
        kept = [photo for photo in self._photos if photo.path not in dict(came)]
        new = [Photo(path, sha256, begun=True, guessed=True, touched=True) for path, sha256 in came]
        self._photos = [*kept, *new]
        moves = _Moves(self, fresh, [one.file for one in foregrounds])
        text = self._text(self.tr("add {0}"), [path for path, _ in came])
        return self.session.change_files(
            text, lambda project: project.with_pictures("foregrounds", foregrounds), moves.home, moves.away
        )

    def another(self, item: PhotoItem) -> Path | None:
        """The photo of an entry once more, for another object in it; where that is, None where it cannot be."""
        try:
            path = photo_files.another(self.session.folder, item.path, self.properties(item))
        except FgbgError as error:
            self.failed.emit(error)
            return None
        place = next((row for row, photo in enumerate(self._photos, 1) if photo.path == item.path), len(self._photos))
        while place < len(self._photos) and _of_one(self._photos[place].path, item.path):
            place += 1
        self._photos.insert(place, Photo(path, touched=True))  # a guess would see the first object again
        moves = _Moves(self, [path])
        text = self.tr("another object of {0}").format(item.path.stem)
        self.session.change_files(text, _as_it_is, moves.home, moves.away)
        return path

    def reduce(self, path: Path) -> None:
        """Make a photo of the project that is too large one that can be cut, as one step; `reduced` tells of it."""
        self.session.jobs.run(
            self.tr("reducing the photo"), partial(photo_files.Reduction, self.session.folder, path),
            done=self._take_reduction, failed=self.failed.emit, visible=True,
        )  # fmt: skip

    def _take_reduction(self, made: photo_files.Reduction) -> None:
        if self.session.is_open and made.photo.is_relative_to(self.session.folder):
            text = self._text(self.tr("reduce {0}"), [made.photo])
            forth = partial(self._move, made.photo, made.reduced, made.forth)
            back = partial(self._move, made.reduced, made.photo, made.back)
            if self.session.change_files(text, _as_it_is, forth, back):
                self.reduced.emit(made.reduced, made.said)

    # What is said of them

    def properties(self, item: PhotoItem) -> Properties:
        """What is said of an entry: of its foreground, or beside a photo of which none is kept."""
        if item.foreground:
            return properties_of(item.foreground)
        try:
            return load_properties(item.path)
        except FgbgError as error:
            self.failed.emit(error)
            return Properties()

    def likely_height(self, item: PhotoItem, said: Properties) -> SuggestedHeight | None:
        """How tall an entry likely is; None where that is ``said`` already, and where nothing suggests a height."""
        if said.real_height is not None:
            return None
        return (
            suggested_height(item.foreground) if item.foreground else suggested_by_name(said.category, item.path.stem)
        )

    def take_likely_heights(self, items: Sequence[PhotoItem]) -> None:
        """Let each of these be as tall as is suggested, as one step of undo."""
        likely = [(item, self.likely_height(item, self.properties(item))) for item in items]
        self._say_each([(item, {"real_height": one.metres}) for item, one in likely if one])

    def say(self, items: Sequence[PhotoItem], values: Mapping[str, object]) -> None:
        """Say something of entries, as one step of undo; see `properties.changed`."""
        self._say_each([(item, values) for item in items])

    def _say_each(self, said: Sequence[tuple[PhotoItem, Mapping[str, object]]]) -> None:
        kept = {item.cutout: values for item, values in said if item.foreground}
        others = {item.path: values for item, values in said if not item.foreground}

        def change(project: Project) -> Project:
            every = (with_properties(f, kept[f.sha256]) if f.sha256 in kept else f for f in project.foregrounds)
            return project.model_copy(update={"foregrounds": tuple(every)}) if kept else project

        try:
            before = {item.path: self.properties(item) for item, _ in said if not item.foreground}
            after = {path: changed(one, others[path]) for path, one in before.items()}
            text = self._text(self.tr("properties of {0}"), [item.path for item, _ in said])
            if before:
                self.session.change_files(text, change, partial(_write, after), partial(_write, before))
            else:
                self.session.change(text, change)
        except FgbgError as error:
            self.failed.emit(error)

    def rename(self, item: PhotoItem, name: str) -> None:
        """Give an entry another name: the photo, what lies beside it and its foreground, as one step of undo."""
        if name.strip() == item.path.stem:
            return
        photo = item.path if self.is_photo(item.path) else None
        try:
            renaming = Renaming(self.session.folder, photo, item.foreground, name)
        except FgbgError as error:
            self.failed.emit(error)
            return
        new = renaming.photo or self.session.folder / renaming.file

        def change(project: Project) -> Project:
            every = (
                f.model_copy(update={"file": renaming.file}) if f.sha256 == item.cutout else f
                for f in project.foregrounds
            )
            return project.model_copy(update={"foregrounds": tuple(every)}) if item.foreground else project

        self.session.change_files(
            self.tr("rename {0}").format(item.path.stem), change,
            partial(self._move, item.path, new, renaming.forth), partial(self._move, new, item.path, renaming.back),
        )  # fmt: skip

    def _move(self, old: Path, new: Path, step: Callable[[], None]) -> None:
        self.moving.emit(old)
        try:
            step()
        except FgbgError:
            self.moved.emit(old, old)
            raise
        self._photos = [replace(photo, path=new) if photo.path == old else photo for photo in self._photos]
        if old in self._links:
            self._links[new] = self._links.pop(old)
        self._moved = (old, new)

    # Removing

    @property
    def any_rejected(self) -> bool:
        """Whether the project has a foreground that was rejected."""
        return self.session.is_open and any(f.status == "rejected" for f in self.session.project.foregrounds)

    def rejected(self) -> list[PhotoItem]:
        """The entries whose foreground was rejected."""
        return [item for item in self.entries() if item.state is State.REJECTED]

    def delete(self, items: Sequence[PhotoItem]) -> int:
        """Take entries out of the project, as one step of undo; how many they are, 0 where it is not possible.

        Photos, what lies beside them and what was kept of them goes to the project's bin.
        """
        known = {photo.path for photo in self._photos}
        gone = {item.foreground.sha256: item.foreground.file for item in items if item.foreground}
        moves = _Moves(self, [item.path for item in items if item.path in known], list(gone.values()))

        def without(project: Project) -> Project:
            kept = tuple(f for f in project.foregrounds if f.sha256 not in gone)
            return project.model_copy(update={"foregrounds": kept}) if gone else project

        text = self._text(self.tr("remove {0}"), [item.path for item in items])
        made = bool(items) and self.session.change_files(text, without, moves.away, moves.home)
        return len(items) if made else 0

    def _text(self, words: str, paths: Sequence[Path]) -> str:
        return words.format(paths[0].stem if len(paths) == 1 else self.tr("{0} photos").format(number(len(paths))))

    # For `_Moves`

    def leave(self, paths: list[Path]) -> None:
        """The files of these are about to go."""
        self.going.emit(paths)

    def drop(self, paths: Collection[Path]) -> list[tuple[int, Photo]]:
        """List them no more; where they were listed."""
        places = [(row, photo) for row, photo in enumerate(self._photos) if photo.path in paths]
        self._photos = [photo for photo in self._photos if photo.path not in paths]
        return places

    def put_back(self, places: Sequence[tuple[int, Photo]]) -> None:
        """List them where they were; `returned` is told when the project has what belongs to them."""
        for row, photo in places:
            self._photos.insert(row, photo)
        self._returning = [photo.path for _, photo in places]


class _Moves:
    """Photos with what lies beside them, and files of foregrounds, on their way to the bin and back."""

    def __init__(self, photo_list: PhotoList, paths: Sequence[Path], files: Sequence[str] = ()) -> None:
        self._list, self._folder = photo_list, photo_list.session.folder
        self._paths, self._files = list(paths), list(files)
        self._moved: list[str] = []
        self._places: list[tuple[int, Photo]] = []

    def away(self) -> None:
        """Into the bin: whatever lies beside the photos by now."""
        self._places = self._list.drop(self._paths)
        self._list.leave([*self._paths, *(self._folder / file for file in self._files)])
        beside = [path.relative_to(self._folder).as_posix() for one in self._paths for path in photos.files_of(one)]
        try:
            recycle_bin.throw_away(self._folder, [*self._files, *beside])
        except FgbgError:
            self._list.put_back(self._places)
            raise
        self._moved = [*self._files, *beside]

    def home(self) -> None:
        """Out of it again, if they are in it."""
        recycle_bin.bring_back(self._folder, self._moved)
        if self._moved:
            self._list.put_back(self._places)
        self._moved = []


def _write(said: Mapping[Path, Properties]) -> None:
    for photo, properties in said.items():
        save_properties(photo, properties)


def _as_it_is(project: Project) -> Project:
    return project


def _of_one(path: Path, other: Path) -> bool:
    """Whether two photos are of one file, each for an object of its own."""
    return re.sub(r"-\d+$", "", path.stem) == re.sub(r"-\d+$", "", other.stem)
