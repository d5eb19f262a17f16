"""The files of the open project, written on threads: an older state never goes over a newer one."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.session import recovery


class Store:
    """Writes ``project.json`` and the recovery file.

    Whatever is to be written gets a number when it is asked for (`ask`); threads may run in another order.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = self._saved = self._kept = 0

    def ask(self) -> int:
        """The next number."""
        self._asked += 1
        return self._asked

    def save(self, folder: Path, project: Project, number: int, *, undecided: bool = False) -> bool:
        """Write the project, and take the recovery file away unless it is newer or ``undecided`` about.

        Returns:
            False where a newer one was written already.

        Raises:
            ProjectError: the file cannot be written.
        """
        with self._lock:
            if number < self._saved:
                return False
            try:
                storage.save(folder, project)
            except OSError as error:
                raise ProjectError(
                    f"{folder / storage.FILE} cannot be written ({error.strerror})",
                    "Free some space or change its permissions, then save again",
                ) from error
            self._saved = number
            if number > self._kept and not undecided:
                with contextlib.suppress(OSError):  # it equals what is saved: the next opening takes it away
                    recovery.remove(folder)
            return True

    def keep(self, folder: Path, project: Project | None, number: int) -> None:
        """Write the recovery file, or take it away where nothing is unsaved (None)."""
        with self._lock, contextlib.suppress(OSError):
            if number > max(self._saved, self._kept):
                self._kept = number
                if project is None:
                    recovery.remove(folder)
                else:
                    recovery.write(folder, project)

    def give_up(self, folder: Path) -> None:
        """Take the recovery file away for good: what is still waiting to be kept is not."""
        number = self.ask()
        with self._lock, contextlib.suppress(OSError):
            self._kept = number
            recovery.remove(folder)
