"""Cutouts without a photo become photos of their own when they are finished: what they were begins each next finish."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.project.photos import files_of
from fgbg_studio.core.project.recycle_bin import bring_back, throw_away
from fgbg_studio.core.project.redo import Redone, put_files


class OwnPhotos:
    """The photos that came by one batch, on their way into the project, to its bin, and back.

    Attributes:
        paths: where they lie, by the cutouts' own files.
    """

    def __init__(self, folder: Path, redone: Sequence[Redone]) -> None:
        self.paths = {one.source: one.path for one in redone if one.source}
        self._folder = folder
        self._files = [(one.new, one.old) for one in redone]
        self._thrown: list[str] = []

    def home(self) -> None:
        """Into the project, as they were made or with what was done to them before they were thrown away.

        Raises:
            FgbgError: a file cannot be written; none is there then.
        """
        bring_back(self._folder, self._thrown)
        try:
            for new, old in self._files if not self._thrown else ():
                put_files(new, old)
        except FgbgError:
            self.away()
            raise

    def away(self) -> None:
        """Into its bin.

        Raises:
            FgbgError: a file cannot be moved.
        """
        files = [file for path in self.paths.values() for file in files_of(path)]
        self._thrown = [file.relative_to(self._folder).as_posix() for file in files]
        throw_away(self._folder, self._thrown)
