"""What helps with the photo that is open: mending, what a network guesses or sees, a background to see it on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import FgbgError, NetworkError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.cutting.refine_and_check import mend_finished
from fgbg_studio.core.cutting.seeds import Area, Seed, Seen, newest_area
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.imaging.regions import extent
from fgbg_studio.core.project.framing import square_crop
from fgbg_studio.core.project.model import Background
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid
from fgbg_studio.gui.foregrounds.controller import CutController
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.network_choice import fetch

_HEIGHT, _WIDTH, _FEET = 0.6, 0.85, 0.88  # of the frame: how large an object is shown on a background, where it stands
_NETWORK = "foregrounds/network"
OFFERED = "u2netp"
"""The network of the catalogue that is offered where there is none."""


class CutAssistance(QObject):
    """Everything here runs on workers; what it makes of a photo arrives at that photo, looked at or not.

    Signals:
        mended: the open photo was; whether all places of the issue were.
        guessed: a first guess was taken in for it.
        fetched: the network that is offered is on this computer now.
        guess_failed: an `FgbgError`; ``failed`` likewise, of the rest.
        scene_ready: (a background's pyramid, the box of the photo that it fills).
    """

    mended = Signal(bool)
    guessed = Signal()
    fetched = Signal()
    guess_failed = Signal(object)
    failed = Signal(object)
    scene_ready = Signal(object, object)

    def __init__(self, controller: CutController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._session = controller, controller.session
        self._scene = 0
        self._said: set[str] = set()  # why networks could not look
        self._scenes = Latest(self._session.jobs, self.tr("opening the background"), self)
        self._scenes.returned.connect(self._take_scene)
        self._scenes.failed.connect(self.failed)

    def mend(self, issue: Issue, place: Box | None = None) -> None:
        """Mend what the check found, only at one of its places if that is given."""
        document = self._controller.document
        if document:
            photo, alpha, finish = document.photo, document.alpha.copy(), document.work.finish
            whole = place is None or len(issue.places) <= 1
            task = document.task(self.tr("mending"), partial(self._take_mended, document), self.failed.emit)
            task.submit(lambda: (alpha, mend_finished(photo, alpha, finish, issue.code, place), whole))

    def _take_mended(self, document: CutDocument, result: tuple[Pixels, Pixels, bool]) -> None:
        before, mended, whole = result
        # What was painted while it ran stays: only what mending changed is taken over.
        document.set_alpha(np.where(before != mended, mended, document.alpha), self.tr("mend"))
        if document is self._controller.document:
            self.mended.emit(whole)

    def guess(self, model: str = "", document: CutDocument | None = None) -> None:
        """Let a network propose the object: this one, the one used last, or one of the catalogue's at hand.

        ``document`` is the photo that it is for, by default the one that is open.
        """
        document = document or self._controller.document
        if document is None:
            return
        name, rgb = model or self.network(), document.photo[..., :3]
        if not name:
            self.miss_network()
            return

        def work() -> tuple[Seed, str]:
            from fgbg_studio.core.cutting.saliency import guess_object

            return guess_object(np.ascontiguousarray(rgb), name), name

        document.want_guess(True)
        self._guesser(document).submit(work)

    def network(self) -> str:
        """The one that guesses: used last, or of the catalogue; empty where there is none on this computer."""
        from fgbg_studio.core.cutting.saliency import installed_network

        return str(self._session.settings.value(_NETWORK, "")) or installed_network() or ""

    def miss_network(self) -> None:
        """Say that there is none."""
        self.guess_failed.emit(
            NetworkError(
                "Guess needs a network that finds objects, and there is none on this computer yet",
                "Download it once, or choose a file that you have",
            )
        )

    def look(self) -> None:
        """Let a network that is at hand look into what was drawn around the object; the colours do not wait for it."""
        from fgbg_studio.core.cutting.saliency import look_at
        from fgbg_studio.core.networks.network import open_network

        document = self._controller.document
        area = newest_area(document.work.seeds) if document else None
        name = self.network()
        if document is None or area is None or not area.outline or not name:
            return
        rgb, kept = document.photo[..., :3], document.work.foreground

        def work() -> tuple[Area, str, Seen]:
            return (
                area,
                kept,
                look_at(open_network(name, use="saliency"), np.ascontiguousarray(rgb), area.as_trimap(rgb.shape[:2])),
            )

        self._looker(document).submit(work)

    def _looker(self, document: CutDocument) -> Latest:
        return document.task(self.tr("looking at the object"), partial(self._take_look, document), self._fail_look)

    def _take_look(self, document: CutDocument, result: tuple[Area, str, Seen]) -> None:
        area, kept, seen = result
        if document.undo_stack.canRedo():
            self._take_look_later(document, result)
        elif newest_area(document.work.seeds) is area and document.work.foreground == kept:  # else it comes too late
            document.add_seed(seen, self.tr("what the network saw"))

    def _take_look_later(self, document: CutDocument, result: tuple[Area, str, Seen]) -> None:
        """Once there is nothing to redo any more: a step that nobody asked for must not take that away."""
        stack = document.undo_stack

        def take(can_redo: bool) -> None:
            if not can_redo:
                stack.canRedoChanged.disconnect(take)
                QTimer.singleShot(0, stack, lambda: self._take_look(document, result))

        stack.canRedoChanged.connect(take)

    def _fail_look(self, error: FgbgError) -> None:
        if str(error) not in self._said:  # once: the colours have cut
            self._said.add(str(error))
            self.failed.emit(error)

    def _guesser(self, document: CutDocument) -> Latest:
        return document.task(
            self.tr("guessing the object"), partial(self._take_guess, document), partial(self._fail_guess, document)
        )

    def guess_again(self, document: CutDocument) -> None:
        """Guess where that was on its way when the project was closed."""
        if document.guess_wanted and not self._guesser(document).running:
            self.guess(document=document)

    def stop(self) -> None:
        """Give up the guess or look that runs for the open photo."""
        document = self._controller.document
        if document is None:
            return
        self._looker(document).cancel()
        if document.guess_wanted:
            self._guesser(document).cancel()
            document.want_guess(False)

    def fetch_and_guess(self) -> None:
        """Download the catalogue's smallest network, then guess with it; for the photo that is open now."""
        document = self._controller.document

        def go_on(_: object) -> None:
            self.fetched.emit()
            self.guess(OFFERED, document)

        self._session.jobs.run(
            self.tr("downloading {0}").format(OFFERED),
            lambda: fetch(OFFERED),
            done=go_on,
            failed=self.guess_failed.emit,
            visible=True,
        )

    def _take_guess(self, document: CutDocument, result: tuple[Seed, str]) -> None:
        seed, model = result
        self._session.settings.set_value(_NETWORK, model)
        document.want_guess(False)
        document.add_seed(seed, self.tr("first guess"))
        document.run()
        if document is self._controller.document:
            self.guessed.emit()

    def _fail_guess(self, document: CutDocument, error: FgbgError) -> None:
        document.want_guess(False)
        self.guess_failed.emit(error)

    def ask_scene(self, step: int = 0) -> bool:
        """Bring a background, the one after the last where ``step`` is 1; whether there is any."""
        backgrounds = self._session.project.good_backgrounds()
        if not backgrounds or not self._controller.document:
            return False
        self._scene += step
        background, folder = backgrounds[self._scene % len(backgrounds)], self._session.folder
        document = self._controller.document
        self._scenes.submit(lambda: (document, _scene(folder, background)))
        return True

    def _take_scene(self, result: tuple[CutDocument, object]) -> None:
        if result[0] is self._controller.document:
            self.scene_ready.emit(result[1], _frame_around(result[0]))


def _scene(folder: Path, background: Background) -> Pyramid:
    """A background's square."""
    rgba = read_rgba(folder / background.file)
    x, y, side = square_crop(rgba.shape[1], rgba.shape[0], background.crop)
    return Pyramid.of(np.ascontiguousarray(rgba[y : y + side, x : x + side]))


def _frame_around(document: CutDocument) -> Box:
    """The square of the photo that a background fills, so that the object stands in it as in a composite."""
    x, y, width, height = extent(document.shown > 0)
    if not width:
        x, y, width, height = 0, 0, document.width, document.height
    side = max(round(max(height / _HEIGHT, width / _WIDTH)), 1)
    return x + width // 2 - side // 2, y + height - round(_FEET * side), side, side
