"""The recovery file: the project as it is on the screen, beside the project as it was saved.

It is there only while there are unsaved changes, so one that is found when a project is opened was left by a
program that did not end well.
"""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.outside import parsed, read_file
from fgbg_studio.core.project import recycle_bin, storage
from fgbg_studio.core.project.cutout_files import put_right
from fgbg_studio.core.project.leftovers import Leftovers, look_for_leftovers
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.photos import bring_back_photos_of

FILE = ".recovery.json"


class Dated(NamedTuple):
    """A project and when it was written, in local time."""

    project: Project
    written: datetime


class OpenedProject(NamedTuple):
    """The project as it was saved, the changes that an earlier session left unsaved, if it did, and `Leftovers`."""

    saved: Dated
    unsaved: Dated | None
    left: Leftovers = Leftovers()


def open_project(folder: Path) -> OpenedProject:
    """Load the project in ``folder``, which is locked; pictures that it still has come back from its bin.

    Raises:
        ProjectError: it is missing or damaged, or a file cannot be moved.
    """
    project, unsaved = storage.load(folder), read(folder)
    states = (unsaved.project if unsaved else project, project)
    for state in states:
        if recycle_bin.bring_back_missing(folder, state):
            bring_back_photos_of(folder, state)
        put_right(folder, state)
    if unsaved and unsaved.project == project:
        remove(folder)
        unsaved = None
    left = look_for_leftovers(folder, states)
    return OpenedProject(Dated(project, _written(folder / storage.FILE)), unsaved, left)


def write(folder: Path, project: Project) -> None:
    """Write the recovery file of the project in ``folder``, atomically.

    Raises:
        ProjectError: the disk is full or refuses.
    """
    storage.put(folder / FILE, project.model_dump_json().encode())


def read(folder: Path) -> Dated | None:
    """The project that was left unsaved, or None; a damaged file counts as none."""
    path = folder / FILE
    try:
        project = Project.model_validate(storage.migrate(parsed(read_file(path)), path))
        storage.refuse_links(folder, project)
        return Dated(project, _written(path))
    except (OSError, ValueError, ValidationError, FgbgError):
        return None


def remove(folder: Path) -> None:
    """Take the recovery file away: everything is saved, or was given up by the person."""
    (folder / FILE).unlink(missing_ok=True)


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()


class ProjectWriter:
    """Writes ``project.json`` and the recovery file on threads: an older state never goes over a newer one.

    Whatever is to be written gets a number when it is asked for (`ask`); threads may run in another order.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = self._saved = self._kept = 0

    def ask(self) -> int:
        """The next number."""
        self._asked += 1
        return self._asked

    def save(self, folder: Path, project: Project, number: int) -> bool:
        """Write the project, and take the recovery file away unless it is newer.

        Returns:
            False where a newer one was written already.

        Raises:
            ProjectError: the file cannot be written.
        """
        with self._lock:
            if number < self._saved:
                return False
            storage.save(folder, project)
            self._saved = number
            if number > self._kept:
                with contextlib.suppress(OSError):  # it equals what is saved: the next opening takes it away
                    remove(folder)
            return True

    def keep(self, folder: Path, project: Project | None, number: int) -> None:
        """Write the recovery file, or take it away where nothing is unsaved (None).

        Raises:
            ProjectError: it cannot be written.
        """
        with self._lock:
            if number <= max(self._saved, self._kept):
                return
            if project is not None:
                write(folder, project)
            else:
                with contextlib.suppress(OSError):  # it equals what is saved: the next opening takes it away
                    remove(folder)
            self._kept = number

    def give_up(self, folder: Path) -> None:
        """Take the recovery file away for good: what is still waiting to be kept is not."""
        number = self.ask()
        with self._lock, contextlib.suppress(OSError):
            self._kept = number
            remove(folder)
