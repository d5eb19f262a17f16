"""Horizon, camera and floor of backgrounds, found in their depth by a job; what is found is one step of undo."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.depth.found_cameras import FoundCamera, find_cameras, with_cameras
from fgbg_studio.gui.backgrounds.list_filter import name_of
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_KEY = "camera"
_NAMED = 3


class CameraFinder(QObject):
    """Looks for the ground of one or many backgrounds, one job at a time.

    Signals:
        busy_changed: whether it looks.
    """

    busy_changed = Signal(bool)

    def __init__(self, session: Session, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._notices = session, notices
        self.busy = False

    def find(self, hashes: Collection[str]) -> None:
        """Look in the depth of these backgrounds, and take over what is found."""
        session = self._session
        chosen = [b for b in session.project.backgrounds if b.sha256 in set(hashes)]
        if not chosen or self.busy:
            return
        self._notices.clear(_KEY)
        found: list[tuple[FoundCamera, ...]] = []

        def take(results: list[Any]) -> None:
            found.extend(one for one in results if isinstance(one, tuple))

        worker = session.jobs.run(
            self.tr("looking for the ground"),
            partial(find_cameras, session.folder, session.project, chosen),
            produced=take,
            failed=lambda error: self._notices.error(error, key=_KEY),
            visible=True,
        )
        self._set_busy(True)
        worker.finished.connect(partial(self._end, session.folder, found))

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busy_changed.emit(busy)

    def _end(self, folder: Path, found: list[tuple[FoundCamera, ...]], _: Worker) -> None:
        self._set_busy(False)
        if not found or not self._session.is_open or self._session.folder != folder:
            return
        cameras = found[0]
        right = [one for one in cameras if one.ground is not None]
        if right:
            title = self.tr("find the camera of {0} backgrounds").format(number(len(right)))
            self._session.change(title, partial(with_cameras, found=right))
        self._say(cameras, right)

    def _say(self, cameras: tuple[FoundCamera, ...], right: list[FoundCamera]) -> None:
        lost = [name_of(one.background) for one in cameras if one.ground is None]
        found = [one.background.sha256 for one in right]
        if not lost:
            choices = [(self.tr("Show"), partial(self._show, found))] if len(found) > 1 else []
            self._notices.tell(self._words(right), choices, key=_KEY, passing=True)
            return
        named = ", ".join(lost[:_NAMED])
        if len(lost) > _NAMED:
            named = self.tr("{0} and {1} more").format(named, number(len(lost) - _NAMED))
        text = self.tr("No ground was found in {0}: set the horizon by hand.").format(named)
        others = [one.background.sha256 for one in cameras if one.ground is None]
        choices = [(self.tr("Show without ground") if right else self.tr("Show"), partial(self._show, others))]
        if right:
            choices.insert(0, (self.tr("Show found"), partial(self._show, found)))
        self._notices.warn(f"{self._words(right)} {text}" if right else text, choices, key=_KEY)

    def _show(self, hashes: list[str]) -> None:
        """Select these in the grid; some may be gone meanwhile."""
        here = {b.sha256 for b in self._session.project.backgrounds} if self._session.is_open else set()
        if left := [one for one in hashes if one in here]:
            self._session.pictures_wanted.emit("backgrounds", left)

    def _words(self, right: list[FoundCamera]) -> str:
        if len(right) > 1:
            return self.tr("Camera and floor of {0} backgrounds were found; look them through.").format(
                number(len(right))
            )
        ground = right[0].ground
        assert ground is not None
        text = self.tr("The camera is {0} m over the floor and looks {1}° down. Objects now stand on the floor only.")
        return text.format(f"{ground.height:.2f}", f"{ground.pitch:.0f}")
