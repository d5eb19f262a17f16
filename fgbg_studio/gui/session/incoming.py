"""Files that come into a project: which of them may bring pictures, what ZIP files hold, why some are not taken."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.errors import FgbgError, ProjectError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.imaging.finding import PassedOver, Reason, why_not
from fgbg_studio.core.imaging.formats import SUFFIXES
from fgbg_studio.core.project.leftovers import UNPACKING
from fgbg_studio.core.project.unpacking import unpack_pictures


def picture_kinds() -> str:
    """Qt's filter for a file dialog: what may be chosen as pictures."""
    return QCoreApplication.translate(
        "incoming",
        "Pictures and ZIP files (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.jp2 *.zip);;All files (*)",
    )


def acceptable(paths: Sequence[Path]) -> list[Path]:
    """Those of ``paths`` that may bring pictures: folders, ZIP files and files with a picture's ending."""
    return [p for p in paths if p.suffix.lower() in {*SUFFIXES, ".zip"} or p.is_dir()]


def wanted(paths: Sequence[Path], passed: PassedOver) -> list[Path]:
    """What is to be looked at of all that was given: the `acceptable`, or all where none is, which is then refused."""
    found = acceptable(paths)
    for path in {*paths} - {*found} if found else ():
        passed.add(why_not(path.name) or Reason.NAME, path.name)
    return found or [*paths]


def unpack(archives: Sequence[Path], folder: Path, passed: PassedOver) -> Generator[Progress, None, Path]:
    """Unpack the pictures of ZIP files into a new hidden folder in a project's, whole or not at all.

    Returns:
        The new folder, which is the caller's to remove.

    Raises:
        ProjectError: the project's folder cannot be written.
        PictureError: see `unpack_pictures`.
    """
    try:
        found = Path(tempfile.mkdtemp(prefix=UNPACKING, dir=folder))
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written ({error.strerror})", "Change its permissions") from error
    whole = False
    try:
        for archive in archives:
            yield from unpack_pictures(archive, found, passed)
        whole = True
    finally:  # also when it is stopped or an archive is damaged: half of it is nothing that was asked for
        if not whole:
            shutil.rmtree(found, ignore_errors=True)
    return found


def refusal(path: Path, reason: str, error: FgbgError | None) -> FgbgError:
    """Why a file was not added, as an error that names it by its own name alone."""
    problem = (error.problem if error else reason).replace(str(path), path.name)
    if path.name not in problem:
        problem = f"{path.name} was not added: {problem}"
    return FgbgError(problem, error.remedies if error else "")
