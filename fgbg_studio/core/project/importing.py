"""Adding pictures to a project: each is judged and, where it is accepted, stored in the project's folder at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.imaging.reading import find_pictures
from fgbg_studio.core.project import recycle_bin, storage
from fgbg_studio.core.project.judging import Judge, Verdict, judge_backgrounds, judge_foregrounds
from fgbg_studio.core.project.model import Picture, Project
from fgbg_studio.core.project.names import free_name


def add_backgrounds(folder: Path, paths: list[Path], *, licence: str = "", origin: str = "") -> Iterator[Verdict]:
    """Add every picture of ``paths`` (files and folders) that the project's rules accept; yields each verdict.

    ``licence`` and ``origin`` are said of each and end up on the dataset's card. The project is saved when the
    last picture was judged, and also when the caller stops before.

    Raises:
        ProjectError: the project is missing, damaged or in use.
        PictureError: a path does not exist, or there is no picture at all.
    """

    def judge(project: Project) -> Judge:
        return partial(judge_backgrounds, rule=project.settings.background)

    return _add(folder, paths, "backgrounds", judge, {"licence": licence, "origin": origin})


def add_foregrounds(
    folder: Path, paths: list[Path], masks: Path | None = None, *, licence: str = "", origin: str = ""
) -> Iterator[Verdict]:
    """Add every cutout of ``paths``: RGBA pictures, or photos with a mask of the same name in ``masks``.

    See `add_backgrounds`.
    """

    def judge(_: Project) -> Judge:
        return partial(judge_foregrounds, masks=masks)

    return _add(folder, paths, "foregrounds", judge, {"licence": licence, "origin": origin})


def _add(
    folder: Path, paths: list[Path], kind: str, judge: Callable[[Project], Judge], said: dict[str, str]
) -> Iterator[Verdict]:
    with storage.locked(folder):
        project = storage.load(folder)
        before: tuple[Picture, ...] = getattr(project, kind)
        added: list[Picture] = []
        try:
            for verdict in judge_and_store(folder, pictures_to_add(paths), before, judge(project)):
                if verdict.picture:
                    added.append(verdict.picture.model_copy(update=said))
                yield verdict
        finally:
            storage.save(folder, project.model_copy(update={kind: (*before, *added)}))


def pictures_to_add(paths: list[Path]) -> list[Path]:
    """The picture files among ``paths``, see `find_pictures`.

    Raises:
        PictureError: a path does not exist, or there is no picture at all.
    """
    with contextlib.suppress(PermissionError):  # whose file it is comes out when it is judged
        missing = next((path for path in paths if not path.exists()), None)
        if missing:
            raise PictureError(f"{missing} does not exist", "Check the path")
    found = find_pictures(paths)
    if paths and not found:
        raise PictureError(f"there is no picture in {', '.join(map(str, paths))}", "Give JPEG, PNG or other pictures")
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
    known = {picture.sha256: picture.file for picture in before}
    for judged in judge(files, known):
        verdict = store(folder, judged)
        if verdict.picture:
            known[verdict.picture.sha256] = verdict.picture.file
        yield verdict


_one_at_a_time = threading.Lock()  # a name that is free stays so until it is taken


def store(folder: Path, verdict: Verdict) -> Verdict:
    """Write what a verdict accepts into a project's folder, whole or not at all, under a free name.

    Free is what neither the folder nor its bin has; a copy that a killed run or a step of undo left is used again.

    Returns:
        The verdict with the file's name; a refusal as it is.

    Raises:
        ProjectError: the folder cannot be written.
    """
    picture = verdict.picture
    if picture is None:
        return verdict
    wanted = folder / picture.file

    def taken(name: str) -> bool:
        path = wanted.with_name(name)
        return recycle_bin.taken(path) and not _holds(path, picture.sha256)

    data = verdict.data or verdict.path.read_bytes()
    with _one_at_a_time:
        target = wanted.with_name(free_name(wanted.name, taken))
        storage.put(target, data)
    file = target.relative_to(folder).as_posix()
    return replace(verdict, picture=picture.model_copy(update={"file": file}), data=b"")


def _holds(path: Path, sha256: str) -> bool:
    with contextlib.suppress(OSError):
        return file_hash(path) == sha256
    return False
