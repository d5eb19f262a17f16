"""Outlines that were drawn in other programs become photos of the project with their cutouts, to be looked at.

An outline says where the object is to a few pixels. What lies well inside of it is surely object, what lies well
outside surely is not, and the band between is cut by the photo's colours, as if a network had guessed it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError, PictureError
from fgbg_studio.core.base.files import composed
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Guess, packed
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.work import Work, load_work, save_work
from fgbg_studio.core.imaging.annotations import AnnotatedObject, AnnotatedPhoto
from fgbg_studio.core.imaging.annotations.reading import read_annotations
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.imaging.reading import on_colour, read_rgba
from fgbg_studio.core.imaging.reducing import refuse_large, scaled_down
from fgbg_studio.core.imaging.regions import extent
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import Saving, pictures_to_add
from fgbg_studio.core.project.judging import Verdict, by_hash
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photo_files import another, same_file
from fgbg_studio.core.project.photo_order import note_added
from fgbg_studio.core.project.photos import PhotoNames, copy_photo, files_of, keep_cutout, photo_files
from fgbg_studio.core.project.properties import Properties, save_properties

LEAST = 32
"""Pixels of the shorter side that an object must have."""
_BAND = 0.02  # of the square root of the object's pixels, to either side of its outline
_NARROW = 2.0  # pixels, at least
_KEPT = 1024  # pixels of the longer side of the trimap that is kept


def add_annotated(
    folder: Path,
    paths: list[Path],
    annotations: Path,
    *,
    least: int = LEAST,
    licence: str = "",
    origin: str = "",
    passed: PassedOver | None = None,
) -> Iterator[Verdict]:
    """Add the objects that are outlined on photos; `read_annotations` has the formats.

    The project is saved as it goes, see `Saving`, and when the caller stops before.

    Args:
        folder: the project's.
        paths: photos and folders of them. A photo is known by its name, and by its folders where several have that.
        annotations: a file, or a folder of them.
        least: see `Annotations`.
        licence: of the photos, as said of each foreground.
        origin: likewise.
        passed: takes what of the folders was passed over.

    Raises:
        ProjectError: the project is missing, damaged or in use, or cannot be written.
        PictureError: there are no photos or no annotations, or none of the photos is named in these.
    """
    with storage.locked(folder):
        added = Annotations(
            folder, storage.load(folder), paths, Properties(licence=licence, origin=origin), least, passed
        )
        with Saving(folder, lambda: added.project) as saving:
            for verdict in added.of(annotations):
                saving.when_due()
                yield verdict


class Annotations:
    """Outlined objects on their way into a project's folder.

    Each becomes a photo of the project with its class, the outline and its cutout, and a foreground. One that is there
    already is left alone. What is only a box, stands for a crowd, or is too small is left out, and counted in a verdict
    of its photo.

    Args:
        folder: the project's.
        project: as it is open.
        paths: photos and folders of them.
        said: licence and origin of the photos.
        least: pixels of the shorter side that an object must have.
        passed: takes what of the folders was passed over.

    Attributes:
        project: with all that was added so far.
        photos: the photos of the project that came so far, each with the hash of its foreground.
        left_out: how many objects were left out so far, by the reason.

    Raises:
        PictureError: there are no photos.
    """

    def __init__(
        self, folder: Path, project: Project, paths: list[Path], said: Properties, least: int = LEAST,
        passed: PassedOver | None = None,
    ) -> None:  # fmt: skip
        self.project, self._folder, self._said, self._least = project, folder, said, least
        self.photos: list[tuple[Path, str]] = []
        self.left_out: Counter[str] = Counter()
        self._given = _Given(pictures_to_add(paths, passed))
        self._names, self._known = PhotoNames(folder), by_hash(project.foregrounds)
        self._outlined: defaultdict[str, list[_Outlined]] = defaultdict(list)
        for trimap, outlined in _outlined_in(folder):
            self._outlined[trimap].append(outlined)

    def of(self, annotations: Path) -> Iterator[Verdict]:
        """The verdict on each object of a file, or of all files of a folder.

        Raises:
            ProjectError: the project's folder cannot be written.
            PictureError: there are no annotations, or none of the photos is named in them.
        """
        unread: PictureError | None = None
        for said in read_annotations(annotations):
            if isinstance(said, PictureError):
                unread = unread or said
                yield _refused(annotations, said)
                continue
            try:
                path = self._given.photo_of(said)
                if path:
                    yield from self._of_photo(_Drawn(path, said))
            except PictureError as error:
                yield _refused(Path(said.name), error)
        if not self._given.used:
            raise unread or PictureError(
                f"none of the photos is named in {annotations}", "Give the photos that were drawn on, under their names"
            )

    def _of_photo(self, drawn: _Drawn) -> Iterator[Verdict]:
        left_out, first = Counter({"only boxes or points": drawn.said.boxes}), None
        for one in drawn.said.objects:
            mask = drawn.mask_of(one)
            if mask is None:
                left_out["crowds"] += 1
            elif min(extent(mask > 0)[2:]) < self._least:
                left_out[f"smaller than {self._least} pixels"] += 1
            else:
                guess = Guess(trimap=packed(np.asarray(scaled_down(banded(mask), _KEPT), np.uint8)))
                before = next((old for old in self._outlined[guess.trimap] if same_file(old.photo, drawn.path)), None)
                if before and before.kept in self._known:
                    left_out["there already"] += 1
                    continue
                verdict, first = self._keep(drawn, one.category, guess, before and before.photo, first)
                yield verdict
        self.left_out += left_out
        reasons = [f"{count:,} {reason}" for reason, count in left_out.items() if count]
        if reasons:
            yield Verdict(drawn.path, None, f"left out: {', '.join(reasons)}")

    def _keep(
        self, drawn: _Drawn, category: str, guess: Guess, photo: Path | None, first: Path | None
    ) -> tuple[Verdict, Path | None]:
        """Cut an object out and keep it; the verdict, and the ``first`` photo of those that are of the same file."""
        alpha = drawn.prepared.cut((guess,))
        fresh, photo = photo is None, photo or self._stored(drawn.path, category, first)
        verdict = self._kept(drawn, photo, alpha)
        if not isinstance(verdict.picture, Foreground):
            for path in files_of(photo) if fresh else ():
                path.unlink()
            return verdict, first
        work = Work(seeds=(guess,), foreground=verdict.picture.sha256)
        save_work(photo, work, alpha, np.zeros_like(alpha))
        others = [old for old in self._outlined[guess.trimap] if old.photo != photo]
        self._outlined[guess.trimap] = [*others, _Outlined(photo, work.foreground)]
        self._known[verdict.picture.sha256] = verdict.picture.file
        self.photos.append((photo, work.foreground))
        foregrounds = (*self.project.foregrounds, verdict.picture)
        self.project = self.project.model_copy(update={"foregrounds": foregrounds})
        return verdict, first or photo

    def _kept(self, drawn: _Drawn, photo: Path, alpha: Pixels) -> Verdict:
        try:
            verdict = keep_cutout(self._folder, self._known, photo, drawn.pixels, alpha, Refinement())
        except PictureError as error:
            return _refused(drawn.path, error)
        return replace(verdict, path=drawn.path)

    def _stored(self, path: Path, category: str, first: Path | None) -> Path:
        """The file as a photo of the project; ``first`` once more where it is one already."""
        said = self._said.model_copy(update={"category": category})
        if first:
            photo = another(self._folder, first, said, self._names)
        else:
            photo = self._names.free(path.name)
            copy_photo(path, photo)
            note_added(photo, partial(photo_files, self._folder))
        save_properties(photo, said)
        return photo


def banded(mask: Pixels) -> Pixels:
    """The trimap of an outlined object: (H, W) of 255 well inside of ``mask``, 0 well outside, 128 between.

    Args:
        mask: (H, W), 255 where the object is.
    """
    band = max(_NARROW, _BAND * float(np.sqrt(np.count_nonzero(mask))))
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    outside = cv2.distanceTransform(255 - mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.select([inside > band, outside > band], [np.uint8(255), np.uint8(0)], np.uint8(128)).astype(np.uint8)


def _refused(path: Path, error: PictureError) -> Verdict:
    return Verdict(path, None, str(error), error=error)


class _Outlined(NamedTuple):
    """A photo of the project with a guess on it, and the hash of the foreground that was last kept of it."""

    photo: Path
    kept: str


def _outlined_in(folder: Path) -> Iterator[tuple[str, _Outlined]]:
    for photo in photo_files(folder):
        try:
            work = load_work(photo)
        except FgbgError:  # opening it says what is wrong
            continue
        yield from ((seed.trimap, _Outlined(photo, work.foreground)) for seed in work.seeds if isinstance(seed, Guess))


class _Given:
    """The photos that were given, by their names; of several with one name, by the folders that the annotations say."""

    def __init__(self, files: list[Path]) -> None:
        self._known: defaultdict[str, list[Path]] = defaultdict(list)
        for path in files:
            for name in {composed(path.name), composed(path.stem)}:
                self._known[name].append(path)
        self.used = 0

    def photo_of(self, said: AnnotatedPhoto) -> Path | None:
        """The photo; None where it is not among them.

        Raises:
            PictureError: it may be one of several.
        """
        parts = composed(said.name).split("/")
        found = self._known.get(parts[-1], [])
        for count in range(2, len(parts) + 1):
            tail = "/".join(parts[-count:])
            found = [path for path in found if composed(path.as_posix()).endswith(f"/{tail}")] or found
        if len(found) > 1:
            raise PictureError(
                f"{said.name} may be {found[0]} or {found[1]}", "Give only the folder of the photos that were drawn on"
            )
        self.used += len(found)
        return found[0] if found else None


class _Drawn:
    """A photo and what is said of it, read when the first of its objects is drawn."""

    def __init__(self, path: Path, said: AnnotatedPhoto) -> None:
        self.path, self.said = path, said

    @cached_property
    def pixels(self) -> Pixels:
        """(H, W, 3), on white where it is transparent.

        Raises:
            PictureError: it cannot be read, is too large, or is not what was drawn on.
        """
        refuse_large(self.path)
        pixels = on_colour(read_rgba(self.path), (255, 255, 255))
        self.said.check((pixels.shape[1], pixels.shape[0]))
        return pixels

    @cached_property
    def prepared(self) -> PreparedPhoto:
        """The photo, ready to be cut."""
        return Segmenter.default().prepare(self.pixels)

    def mask_of(self, one: AnnotatedObject) -> Pixels | None:
        """(H, W), 255 where an object is; None of a crowd.

        Raises:
            PictureError: it does not fit the photo.
        """
        return None if one.crowd else one.drawn((self.pixels.shape[1], self.pixels.shape[0]))
