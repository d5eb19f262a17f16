"""Adding pictures to a project: each is judged and, where it is accepted, stored in the project's folder at once."""

from __future__ import annotations

import contextlib
import errno
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from fgbg_studio.core.base.errors import PictureError, ProjectError
from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.imaging.finding import PassedOver, find_pictures, read_file
from fgbg_studio.core.project import recycle_bin, storage
from fgbg_studio.core.project.depth_maps import DepthMaps
from fgbg_studio.core.project.judging import (
    Judge,
    Known,
    Reading,
    Verdict,
    by_hash,
    judge_backgrounds,
    judge_foregrounds,
)
from fgbg_studio.core.project.model import Picture, Project
from fgbg_studio.core.project.names import FreeNames


def add_backgrounds(
    folder: Path,
    paths: list[Path],
    *,
    licence: str = "",
    origin: str = "",
    passed: PassedOver | None = None,
    reading: Reading = Reading(),  # noqa: B008
    depths: DepthMaps | None = None,
) -> Iterator[Verdict]:
    """Add every picture of ``paths`` (files and folders) that the project's rules accept; yields each verdict.

    ``licence`` and ``origin`` are said of each and end up on the dataset's card; ``passed`` takes what of the folders
    was passed over; ``reading`` says what files do not say themselves; with ``depths`` each picture must have a depth
    map among them. The project is saved as it goes, see
    `SAVED_AFTER`, when the last picture was judged, and when the caller stops before.

    Raises:
        ProjectError: the project is missing, damaged or in use.
        PictureError: a path does not exist, or there is no picture at all.
    """

    def judge(project: Project) -> Judge:
        judged = partial(judge_backgrounds, rule=project.settings.background, reading=reading)
        return judged if depths is None else partial(_with_depths, folder, depths, judged)

    return _add(folder, paths, "backgrounds", judge, {"licence": licence, "origin": origin}, passed)


def _with_depths(
    folder: Path, depths: DepthMaps, judge: Judge, files: Sequence[Path], known: Known
) -> Iterator[Verdict]:
    for verdict in judge(depths.pictures(files), known):
        yield depths.added(folder, verdict)


def add_foregrounds(
    folder: Path,
    paths: list[Path],
    masks: Path | None = None,
    *,
    licence: str = "",
    origin: str = "",
    passed: PassedOver | None = None,
    reading: Reading = Reading(),  # noqa: B008
) -> Iterator[Verdict]:
    """Add every cutout of ``paths``: RGBA pictures, or photos with their masks in ``masks``, see `MaskPairs`.

    See `add_backgrounds`.
    """

    def judge(_: Project) -> Judge:
        return partial(judge_foregrounds, masks=masks, given=paths, reading=reading)

    return _add(folder, paths, "foregrounds", judge, {"licence": licence, "origin": origin}, passed)


SAVED_AFTER = 1.0
"""Seconds after which the project is saved while pictures are added, or ten times as long as saving takes: a run that
is killed loses the record of what came since, whose files are used again when the same is added."""


def _add(
    folder: Path,
    paths: list[Path],
    kind: str,
    judge: Callable[[Project], Judge],
    said: dict[str, str],
    passed: PassedOver | None,
) -> Iterator[Verdict]:
    with storage.locked(folder):
        project = storage.load(folder)
        before: tuple[Picture, ...] = getattr(project, kind)
        added: list[Picture] = []
        with Saving(folder, lambda: project.model_copy(update={kind: (*before, *added)})) as saving:
            for verdict in judge_and_store(folder, pictures_to_add(paths, passed), before, judge(project)):
                if verdict.picture:
                    added.append(verdict.picture.model_copy(update=said))
                    saving.when_due()
                yield verdict


class Saving:
    """A project that is saved while pictures are added, see `SAVED_AFTER`, and at the end, however that comes.

    Args:
        folder: the project's.
        project: as it is by then.
    """

    def __init__(self, folder: Path, project: Callable[[], Project]) -> None:
        self._folder, self._project = folder, project
        self._due = time.monotonic() + SAVED_AFTER

    def __enter__(self) -> Saving:
        return self

    def __exit__(self, *_: object) -> None:
        storage.save(self._folder, self._project())

    def when_due(self) -> None:
        """Save, if it is time to.

        Raises:
            ProjectError: the folder cannot be written.
        """
        began = time.monotonic()
        if began >= self._due:
            storage.save(self._folder, self._project())
            ended = time.monotonic()
            self._due = ended + max(SAVED_AFTER, 10 * (ended - began))


def pictures_to_add(paths: list[Path], passed: PassedOver | None = None) -> list[Path]:
    """The picture files among ``paths``, see `find_pictures`.

    Raises:
        PictureError: a path does not exist, or there is no picture at all.
    """
    with contextlib.suppress(PermissionError):  # whose file it is comes out when it is judged
        missing = next((path for path in paths if not path.exists()), None)
        if missing:
            raise PictureError(f"{missing} does not exist", "Check the path")
    passed = PassedOver() if passed is None else passed
    found = find_pictures(paths, passed)
    if paths and not found:
        said = f" ({passed.said()})" if passed.total else ""
        problem = f"there is no picture in {', '.join(map(str, paths))}{said}"
        raise PictureError(problem, "Give JPEG, PNG or other pictures")
    return found


def judge_and_store(folder: Path, files: Sequence[Path], before: Iterable[Picture], judge: Judge) -> Iterator[Verdict]:
    """Store every file that is accepted in a project's folder; neither locks the project nor changes it.

    Args:
        folder: the project's.
        files: what is judged.
        before: the pictures of the kind that the project has; none of them is added again.
        judge: `judge_backgrounds` or `judge_foregrounds` with its rules.

    Yields:
        Every verdict, when the picture is stored.

    Raises:
        ProjectError: the project's folder cannot be written.
    """
    known = by_hash(before)
    shelf = Shelf(folder)
    for judged in judge(files, known):
        verdict = shelf.store(judged)
        if verdict.picture:
            known[verdict.picture.sha256] = verdict.picture.file
        yield verdict


def store(folder: Path, verdict: Verdict) -> Verdict:
    """Write what one verdict accepts into a project's folder; see `Shelf.store`."""
    return Shelf(folder).store(verdict)


_THIS_NAME_ALONE = {errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL}
_one_at_a_time = threading.Lock()  # a name that is free stays so until it is taken


def _refused(path: Path, error: ProjectError | OSError) -> Verdict:
    """What becomes of a file that cannot be stored for its name or itself; other trouble is trouble of all files."""
    trouble = error if isinstance(error, OSError) else error.__cause__
    if isinstance(error, ProjectError) and getattr(trouble, "errno", None) not in _THIS_NAME_ALONE:
        raise error
    reason = f"{path} cannot be stored ({getattr(trouble, 'strerror', trouble)})"
    refused = PictureError(reason, "Look whether it is still there, and give it a shorter or plainer name")
    return Verdict(path, None, str(refused), error=refused)


class Shelf:
    """A project's folder while pictures are put into it: what is looked up for each is remembered for the next.

    Args:
        folder: the project's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = FreeNames(lambda file: recycle_bin.taken(folder / file))
        self._sizes: dict[int, list[Path]] | None = None  # of files whose hash is not known yet
        self._hashes: dict[str, list[Path]] = {}

    def store(self, verdict: Verdict) -> Verdict:
        """Write what a verdict accepts into the folder, whole or not at all, under a free name.

        Free is what neither the folder nor its bin has; a copy that a killed run or a step of undo left is used again.

        Returns:
            The verdict with the file's name; a refusal as it is, or because no file can be called so here.

        Raises:
            ProjectError: the folder cannot be written.
        """
        picture = verdict.picture
        if picture is None:
            return verdict
        try:
            data = verdict.data or read_file(verdict.path)
            with _one_at_a_time:
                target = self._left(picture, len(data)) or self._folder / self._names.free(picture.file)
                storage.put(target, data)
        except (ProjectError, OSError) as error:
            return _refused(verdict.path, error)
        file = target.relative_to(self._folder).as_posix()
        return replace(verdict, picture=picture.model_copy(update={"file": file}), data=b"")

    def _left(self, picture: Picture, size: int) -> Path | None:
        """The copy of the picture, under its name or one that was counted on from it, that is in the folder already."""
        wanted = self._folder / picture.file
        if not wanted.exists():
            return None
        if self._sizes is None:
            self._sizes = {}
            for path in wanted.parent.iterdir():
                if path.is_file():
                    self._sizes.setdefault(path.stat().st_size, []).append(path)
        for path in self._sizes.pop(size, ()):
            with contextlib.suppress(OSError):
                self._hashes.setdefault(file_hash(path), []).append(path)
        ours = re.compile(rf"{re.escape(wanted.stem)}(-[0-9]+)?{re.escape(wanted.suffix)}")
        copies = [path for path in self._hashes.get(picture.sha256, ()) if ours.fullmatch(path.name)]
        return copies[0] if copies else None
