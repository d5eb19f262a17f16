"""First guesses of the photos on which nothing was done yet, one after the other, while the person does other things.

They take what time is left: the network's process gives way to every other one, nothing is begun while the photo that
is open is worked on, and what the person began on meanwhile is theirs. A guess is beside its photo as soon as it is
made, so that whatever ends the program costs one at the most; those that are missing are made when it is opened again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction

from fgbg_studio.core.base.errors import FgbgError, NetworkError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.project.first_guess import FirstGuess, first_guess
from fgbg_studio.core.project.photos import Photo
from fgbg_studio.gui.foregrounds.assistance import CutAssistance
from fgbg_studio.gui.foregrounds.controller import CutController, Standing
from fgbg_studio.gui.lib.worker import Worker

_SOON, _AGAIN = 500, 300  # milliseconds: after photos came; until one that is being opened is open
_TICK = 0.2  # seconds between two looks at whether the person is done


class FirstGuesses(QObject):
    """See the module.

    Args:
        controller: of the photos.
        assistance: knows which network guesses, and tells of what fails.
        on: the switch: whether photos that come are guessed at by themselves.
        parent: of the object.

    Signals:
        came: the guess of this photo is there.
    """

    came = Signal(object)

    def __init__(self, controller: CutController, assistance: CutAssistance, on: QAction, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._assistance, self._on = controller, assistance, on
        self._session, self._photos = controller.session, controller.photos
        self._queue: deque[Path] = deque()
        self._tried: set[Path] = set()  # of this project, since it was opened
        self._worker: Worker | None = None
        self._person = threading.Event()  # is set while the person needs the computer
        self._given_up = False  # stopped by the person, or the network fails
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._begin)
        self._photos.listed.connect(self._note_photos)
        assistance.guessed.connect(self._note_photos)  # there is a network now, if there was none
        assistance.fetched.connect(self._note_photos)
        on.toggled.connect(self._switch)
        self._session.opened.connect(self._forget)
        self._session.closed.connect(self._forget)
        for signal in (controller.busy, controller.chosen):
            signal.connect(self._look_at_person)

    @property
    def running(self) -> bool:
        """Whether photos are guessed at."""
        return self._worker is not None

    def guess_all(self) -> None:
        """Guess at every photo on which nothing was done, also where that is switched off or was stopped before.

        Where there is no network `CutAssistance.guess_failed` tells of it.
        """
        if not self._assistance.network():
            self._assistance.miss_network()
            return
        self._given_up = False
        self._tried.clear()
        self._start()

    def _note_photos(self) -> None:
        if self._on.isChecked() and not self._given_up:
            self._soon.start()

    def _begin(self) -> None:
        if not self._on.isChecked() or self._given_up or not self._session.is_open:
            return
        if self._photos.untouched() and self._assistance.network():  # which loads what opens networks
            self._start()

    def _switch(self, on: bool) -> None:
        if on:
            self._given_up = False
            self._note_photos()
        elif self._worker:
            self._worker.cancel()

    def _forget(self) -> None:
        self._soon.stop()
        self._worker = None  # one that still runs is nothing to the next project, which may be the same again
        self._queue.clear()
        self._tried.clear()
        self._given_up = False
        if self._session.is_open:
            self._note_photos()

    def _start(self) -> None:
        """Take what waits into the queue, and work on it."""
        if not (self._session.is_open and self._photos.found):
            return
        fresh = [path for path in self._photos.untouched() if path not in self._tried]
        self._tried.update(fresh)
        self._queue.extend(fresh)
        if self._queue and self._worker is None:
            folder, model = self._session.folder, self._assistance.network()
            self._worker = worker = self._session.jobs.run(
                self.tr("guessing objects"),
                partial(_guesses, model, self._queue, self._person, self.tr("first guess")),
                produced=partial(self._take, folder), failed=self._fail, visible=True, humble=True,
            )  # fmt: skip
            worker.finished.connect(self._end)

    def _take(self, folder: Path, guesses: list[FirstGuess]) -> None:
        for guess in guesses:
            self._put(folder, guess)

    def _put(self, folder: Path, guess: FirstGuess) -> None:
        """Beside its photo, or into the document of one that is in memory."""
        if not self._session.is_open or self._session.folder != folder:
            return
        if self._controller.is_opening(guess.path):
            QTimer.singleShot(_AGAIN, self, partial(self._put, folder, guess))
            return
        document = self._controller.document_of(guess.path)
        if document:
            if document.is_untouched:
                document.add_seed(guess.seed, self.tr("first guess"))
                document.run()
                self.came.emit(guess.path)
            return
        try:
            if guess.put():
                self._photos.note(Photo(guess.path, begun=True, guessed=True, touched=True))
                self.came.emit(guess.path)
        except FgbgError as error:
            self._fail(error)

    def _fail(self, error: FgbgError) -> None:
        self._given_up = True
        self._assistance.failed.emit(error)

    def _end(self, worker: Worker) -> None:
        if worker is not self._worker:
            return
        self._worker = None
        if worker.cancelled or worker.error:
            self._given_up = True
            self._tried.difference_update(self._queue)
            self._queue.clear()
        elif self._queue:
            self._start()

    @Slot()
    def _look_at_person(self) -> None:
        if self._controller.state.standing in {Standing.LOADING, Standing.CUTTING}:
            self._person.set()
        else:
            self._person.clear()


def _guesses(model: str, queue: deque[Path], person: threading.Event, text: str) -> Iterator[Progress | FirstGuess]:
    from fgbg_studio.core.networks.network import open_network

    network, done = open_network(model, calm=True, use="saliency"), 0
    while queue:
        yield Progress("guessing objects", done, done + len(queue))
        if person.is_set():
            threading.Event().wait(_TICK)
            continue
        try:
            guess = first_guess(queue.popleft(), network, text)
        except NetworkError:
            raise
        except FgbgError:
            guess = None  # opening the photo says what is wrong with it
        done += 1
        if guess:
            yield guess
