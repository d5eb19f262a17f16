"""Pictures on their way into the open project: judged by the core in a folder aside, then moved in.

The open project may have changes that are not saved, and the session holds its lock. So the core adds to a
copy of it in a hidden folder of the project, and what it accepts is renamed into its place: a job that is
stopped leaves the project as it was, and what was added enters it as one change that can be undone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import Verdict
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.recycle_bin import taken

Adding = Callable[[Path], Iterator[Verdict]]


def add_pictures(folder: Path, project: Project, adding: Adding, total: int) -> Generator[Progress | Verdict]:
    """Judge pictures against ``project`` and move the accepted ones into ``folder``.

    Args:
        folder: the project's.
        project: as it is open, saved or not.
        adding: `core.adding`'s function for the kind, given the folder to add to.
        total: how many pictures are to be judged, for the progress.

    Yields:
        A `Verdict` for each, its picture's file relative to ``folder``, and `Progress` after it.

    Raises:
        ProjectError: the project's folder cannot be written.
    """
    try:
        aside = Path(tempfile.mkdtemp(prefix=".adding-", dir=folder))
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written ({error.strerror})", "Change its permissions") from error
    try:
        storage.save(aside, project)
        for done, verdict in enumerate(adding(aside), 1):
            yield _moved(verdict, aside, folder)
            yield Progress("adding pictures", done, total)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _moved(verdict: Verdict, aside: Path, folder: Path) -> Verdict:
    if verdict.picture is None:
        return verdict
    target = _free(folder / verdict.picture.file)
    target.parent.mkdir(exist_ok=True)
    (aside / verdict.picture.file).replace(target)
    file = target.relative_to(folder).as_posix()
    return replace(verdict, picture=verdict.picture.model_copy(update={"file": file}))


def _free(path: Path) -> Path:
    number, free = 1, path
    while taken(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
