"""Photos of a project and what was done to them: listed, taken in, opened, and their cutouts kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError, PictureError, cannot_write
from fgbg_studio.core.base.files import file_hash, make_folder, write_file
from fgbg_studio.core.cutting.refine import Refinement, refined_cutout
from fgbg_studio.core.cutting.seeds import only_guessed
from fgbg_studio.core.cutting.step_file import SavedStep, steps_of, trim
from fgbg_studio.core.cutting.work import (
    ALPHA,
    MASK,
    OWN,
    STROKES,
    DamagedWorkError,
    SavedWork,
    Work,
    beside,
    is_photo,
    load,
    load_work,
)
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.imaging.finding import read_file, why_not
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.imaging.reducing import refuse_large
from fgbg_studio.core.imaging.regions import Region, extent
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.cutout_files import free_file, in_place_of, laid_aside
from fgbg_studio.core.project.importing import store
from fgbg_studio.core.project.judging import Known, Verdict, judge_cutout
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.names import MOST_BYTES, FreeNames, stored_name
from fgbg_studio.core.project.photo_order import in_order
from fgbg_studio.core.project.properties import load_properties, properties_of
from fgbg_studio.core.project.recycle_bin import BIN, bring_back

PHOTOS = "photos"


@dataclass(frozen=True)
class Photo:
    """A photo of the project's folder.

    Attributes:
        path: of its file.
        foreground: the hash of what was kept of it; empty for nothing.
        begun: whether something is drawn or cut.
        guessed: whether that is a network's first guess alone.
        touched: whether anything was ever done to it, undone again or not.
    """

    path: Path
    foreground: str = ""
    begun: bool = False
    guessed: bool = False
    touched: bool = False


def find_photos(folder: Path) -> list[Photo]:
    """The photos in the project's ``photos`` folder, as they were added; see `photo_order`."""
    return [_photo(path) for path in in_order(folder / PHOTOS, photo_files(folder))]


def photo_files(folder: Path) -> set[Path]:
    """The files of the photos in the project's ``photos`` folder."""
    place = folder / PHOTOS
    return {p for p in _own(place) if why_not(p.name) is None and is_photo(p)}


def _own(place: Path) -> list[Path]:
    """What lies in a folder of the project and is no link, which may lead out of it."""
    return [path for path in place.iterdir() if not path.is_symlink()] if place.is_dir() else []


def _photo(path: Path) -> Photo:
    if not beside(path, STROKES).exists():
        return Photo(path)
    try:
        work = load_work(path)
        begun = bool(work.seeds) or beside(path, ALPHA).exists()
        return Photo(path, work.foreground, begun, only_guessed(work.seeds), touched=True)
    except FgbgError:
        return Photo(path, begun=True, touched=True)  # opening it says what is wrong


def small_draft(photo: Path, enough: int) -> Pixels | None:
    """What is cut out of a photo so far, (h, w, 4) with straight alpha and trimmed; None where nothing is.

    Args:
        photo: with its alpha beside it, as it was saved last.
        enough: pixels of the longer side of the whole photo that will do.

    Raises:
        PictureError: the photo or its alpha cannot be read.
    """
    path = beside(photo, ALPHA)
    if not path.exists():
        return None
    rgba = read_rgba(photo, enough)
    alpha = np.asarray(decode(read_file(path), path.name), np.uint8)
    rgba[..., 3] = cv2.resize(alpha, (rgba.shape[1], rgba.shape[0]), interpolation=cv2.INTER_AREA)
    x, y, width, height = extent(rgba[..., 3] > 0)
    return np.ascontiguousarray(rgba[y : y + height, x : x + width]) if width else None


def files_of(photo: Path) -> list[Path]:
    """The photo's file and those that lie beside it."""
    return [path for path in (photo, *(beside(photo, ending) for ending in OWN)) if path.exists()]


def bring_back_photos_of(folder: Path, project: Project) -> None:
    """Bring the photos of those foregrounds back from the bin that the project still has; see `bring_back_missing`.

    Raises:
        ProjectError: one cannot be moved.
    """
    known = {foreground.sha256 for foreground in project.foregrounds}
    thrown = folder / BIN / PHOTOS
    for photo in _own(thrown):
        if is_photo(photo) and _photo(photo).foreground in known and not (folder / PHOTOS / photo.name).exists():
            bring_back(folder, [path.relative_to(folder / BIN).as_posix() for path in files_of(photo)])


@dataclass(frozen=True, eq=False)
class OpenedPhoto:
    """A photo as it was left.

    Attributes:
        path: of its file.
        pixels: (H, W, 3) RGB, or (H, W, 4) where it has transparency.
        work: what was drawn on it.
        planes: its alpha and where a brush painted it, each (H, W); None where it was never cut.
        saved: what its file said, with what of the pictures beside it holds.
        steps: those that undo and redo reach, oldest first; ``done``: how many of them are done.
    """

    path: Path
    pixels: Pixels
    work: Work
    planes: tuple[Pixels, Pixels] | None
    saved: SavedWork = field(default_factory=SavedWork)
    steps: Sequence[SavedStep] = ()
    done: int = 0


def open_photo(path: Path, foreground: str = "") -> OpenedPhoto:
    """Read a photo and what was done to it; ``foreground`` is the hash where it is a kept cutout itself.

    Raises:
        DamagedWorkError: a file beside it is damaged; see `set_aside`.
        FgbgError: it is damaged itself, or too large.
    """
    refuse_large(path)
    rgba = read_rgba(path)
    clear = int(rgba[..., 3].min()) < 255
    pixels = rgba if clear else np.ascontiguousarray(rgba[..., :3])
    found = load(path, rgba.shape[:2])
    work, planes = found.saved.work, found.planes
    if planes is None and clear and not beside(path, STROKES).exists():
        alpha = np.ascontiguousarray(rgba[..., 3])
        planes = alpha, np.full_like(alpha, 255)
        work = work.model_copy(
            update={"foreground": foreground, "finish": work.finish.model_copy(update={"clean": False})}
        )
        return OpenedPhoto(path, pixels, work, planes)
    if not found.whole:
        unknown = {"alpha": None, "painted": None, "step": 0, "newest": 0}
        return OpenedPhoto(path, pixels, work, planes, found.saved.model_copy(update=unknown))
    return OpenedPhoto(path, pixels, work, planes, found.saved, *_steps(path, found.saved, rgba.shape[:2]))


def _steps(path: Path, saved: SavedWork, shape: tuple[int, ...]) -> tuple[list[SavedStep], int]:
    """What undo and redo reach; the file is made smaller first where it has grown."""
    steps, done = steps_of(path, saved, shape)
    try:
        trimmed = bool(steps) and trim(path, saved.history, steps, done)
    except (FgbgError, OSError):
        return steps, done  # a full disk takes no undo away
    return steps_of(path, saved, shape) if trimmed else (steps, done)


def set_aside(folder: Path, photo: Path, error: DamagedWorkError) -> Path:
    """Move the damaged file beside a photo of the project into its bin, so that the photo can be opened and cut anew.

    Returns:
        Where it lies now: under its own name and a word that keeps it from coming back as what it was.

    Raises:
        ProjectError: it cannot be moved.
    """
    place = folder / BIN / photo.parent.name
    target = next(
        path for number in count(1) if not (path := place / f"{error.path.name}.damaged-{number}").exists()
    )  # fmt: skip
    try:
        make_folder(place)
        error.path.replace(target)
    except OSError as trouble:
        raise cannot_write(trouble, error.path, "moved") from trouble
    return target


def copy_photo(path: Path, target: Path) -> None:
    """Copy a photo whole or not at all.

    Raises:
        ProjectError: the folder cannot be written, or the file not be read.
    """
    try:
        write_file(target, read_file(path))
    except OSError as error:
        raise cannot_write(error, verb="copied") from error


def free_photo(folder: Path, name: str) -> Path:
    """Where a photo of that ``name`` finds a place: its stem no other photo has, as strokes lie beside it by that."""
    return PhotoNames(folder).free(name)


class PhotoNames:
    """Places for several photos, one after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        places = [place for place in (folder / PHOTOS, folder / BIN / PHOTOS) if place.is_dir()]
        self._stems = {path.stem for place in places for path in place.iterdir()}
        self._stems |= {stem.partition(".")[0] for stem in self._stems}
        most = MOST_BYTES - max(map(len, OWN))  # for the names of what lies beside it
        self._names = FreeNames(lambda other: Path(other).stem in self._stems, most)

    def free(self, name: str) -> Path:
        """See `free_photo`."""
        wanted = Path(stored_name(name))
        free = self._names.free(wanted.stem.replace(".", "_") + wanted.suffix)
        self._stems.add(Path(free).stem)
        return self._folder / PHOTOS / free


def keep_cutout(
    folder: Path, known: Known, path: Path, pixels: Pixels, alpha: Pixels, finish: Refinement,
    hair: Region | None = None,
) -> Verdict:  # fmt: skip
    """Finish the cutout of a photo and store it among the project's foregrounds; the project is the caller's to change.

    Args:
        folder: the project's.
        known: the foregrounds of the project as it is open, saved or not; see `by_hash`.
        path: the photo; where it is one of the project's, its mask is written beside it.
        pixels: of the photo, (H, W, 3) RGB or (H, W, 4) RGBA.
        alpha: (H, W) as it was cut.
        finish: how it is finished.
        hair: (H, W) bool, where it was matted; None for nowhere.

    Raises:
        PictureError: nothing is cut out.
        ProjectError: the folder cannot be written.
    """
    rgba, (x, y, width, height) = refined_cutout(pixels, alpha, finish, hair)
    if not width:
        raise PictureError(f"{path.name} has no object yet", "Draw a rectangle around it first")
    judged = judge_cutout(rgba, path.with_suffix(".png"), known)
    verdict = _from_bin(folder, judged) or store(folder, judged)
    if verdict.picture:
        verdict = replace(verdict, picture=verdict.picture.model_copy(update=dict(load_properties(path))))
    if folder / PHOTOS in path.parents:
        mask = np.zeros(alpha.shape, np.uint8)
        mask[y : y + height, x : x + width] = np.where(rgba[..., 3] >= 128, np.uint8(255), np.uint8(0))
        storage.put(beside(path, MASK), encode(mask, Codec()))
    return verdict


def _from_bin(folder: Path, verdict: Verdict) -> Verdict | None:
    """The very same cutout brought back from the project's bin, where it lies under its name or was laid aside."""
    picture = verdict.picture
    aside = laid_aside(folder).get(picture.sha256[:12]) if picture else None
    if picture and aside:
        file = free_file(folder, picture.file)
        aside.replace(folder / file)
        return replace(verdict, picture=picture.model_copy(update={"file": file}), data=b"")
    if picture is None or (folder / picture.file).exists() or not (folder / BIN / picture.file).is_file():
        return None
    if file_hash(folder / BIN / picture.file) != picture.sha256:
        return None
    bring_back(folder, [picture.file])
    return replace(verdict, data=b"")


def with_foreground(project: Project, kept: Foreground, before: str) -> Project:
    """The project with a cutout that was kept: in the place of the one ``before`` (a hash), else at the end.

    It takes over that one's name and all that was said of it; `cutout_files.swap` lets the files follow.
    """
    known = {f.sha256: f for f in project.foregrounds}
    if kept.sha256 in known:
        return project
    if before not in known:
        return project.model_copy(update={"foregrounds": (*project.foregrounds, kept)})
    old = known[before]
    kept = in_place_of(kept, old).model_copy(update=dict(properties_of(old)))
    every = tuple(kept if f is old else f for f in project.foregrounds)
    return project.model_copy(update={"foregrounds": every})
