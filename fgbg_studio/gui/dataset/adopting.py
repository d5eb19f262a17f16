"""Adopting and completing what was made by hand: offered when such a dataset is opened, done on workers."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.dataset.adopting.adopt import Adopted, adopt
from fgbg_studio.core.dataset.adopting.complete import KINDS as COMPLETED_KINDS
from fgbg_studio.core.dataset.adopting.complete import Completed, CompletionOptions, complete, lacking
from fgbg_studio.core.dataset.adopting.shapes import ShapeFit, fits
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.gui.dataset.completion_form import CompletionForm
from fgbg_studio.gui.dataset.jobs import last_of
from fgbg_studio.gui.dataset.wording import kind_title
from fgbg_studio.gui.lib.dialogs import open_outside
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_NAMES = 2000  # that are looked at to recognise a shape
_SHOWN = 300  # letters of what was done that a notice says


class Adopter(QObject):
    """See the module.

    Signals:
        adopted: the folder of what was described.
        wanted: the form of completing is to be seen.
        changed: the dataset in this folder has other files now.
    """

    adopted = Signal(object)
    wanted = Signal()
    changed = Signal(object)

    def __init__(self, session: Session, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._notices = session, notices
        self._contents: Contents | None = None
        self._worker: Worker | None = None
        self._said = ""
        self._error: FgbgError | None = None
        self.form = CompletionForm(session)
        self.form.begun.connect(self._complete)
        self.form.stopped.connect(self._stop)

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset: offer what can be done with it."""
        self._contents = contents
        self.form.open({})
        if self._said and contents is not None:
            folder = partial(open_outside, contents.path)
            self._notices.tell(self._said, [(self.tr("Show folder"), folder)], key="completed")
            self._said = ""
        if self._error and contents is not None:
            self._notices.error(self._error)
            self._error = None
        if contents is None or contents.dataset is not None:
            return
        look = partial(_missing, contents) if isinstance(contents, AdoptedContents) else partial(_shape, contents)
        done = self._take_missing if isinstance(contents, AdoptedContents) else self._offer
        self._session.jobs.run(self.tr("looking at names"), look, done=partial(done, contents), failed=_quiet)

    @property
    def can_complete(self) -> bool:
        """Whether the form has something to be about."""
        return isinstance(self._contents, AdoptedContents)

    # Adopting

    def _offer(self, contents: Contents, found: list[ShapeFit]) -> None:
        if contents is self._contents and found:
            text = self.tr(
                "{0} was made by hand, and has the shape of {1}. Described as such, its names and depth are understood."
                " No file of it changes."
            )
            choices = [(self.tr("Describe it"), partial(self._adopt, contents.path))]
            self._notices.tell(text.format(contents.title, found[0].shape.preset), choices, key="adopt")

    def _adopt(self, path: Path) -> None:
        self._notices.clear("adopt")
        self._session.jobs.run(
            self.tr("describing {0}").format(path.name),
            lambda: last_of(adopt(path), Adopted),
            done=lambda found: self.adopted.emit(found.folder),
            failed=self._notices.error,
            visible=True,
        )

    # Completing

    def _take_missing(self, contents: Contents, missing: dict[str, int]) -> None:
        if contents is not self._contents:
            return
        self.form.open(missing)
        if missing:
            parts = [f"{kind_title(kind)}: {number(count)}" for kind, count in missing.items()]
            text = self.tr("Pictures are missing. {0}").format(", ".join(parts))
            self._notices.tell(text, [(self.tr("Complete…"), self.wanted.emit)], key="complete")

    @Slot(object)
    def _complete(self, options: CompletionOptions) -> None:
        if self._worker or self._contents is None:
            return
        path = self._contents.path
        self._notices.clear("complete")
        self._worker = self._session.jobs.run(
            self.tr("completing {0}").format(self._contents.title),
            lambda: last_of(complete(path, options), Completed),
            done=self._take_done,
            failed=self._take_error,
            progress=self.form.show_progress,
            visible=True,
        )
        self._worker.finished.connect(partial(self._end, path))
        self.form.show_begun()

    @Slot()
    def _stop(self) -> None:
        if self._worker:
            self._worker.cancel()

    def _take_done(self, found: Completed) -> None:
        text = ". ".join(found.lines())
        self._said = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"

    def _take_error(self, error: FgbgError) -> None:
        self._error = error

    def _end(self, path: Path, worker: Worker) -> None:
        self._worker = None
        stopped = self.tr("Stopped: what is finished is kept, and Complete goes on with it.")
        self.form.show_ended(stopped if worker.cancelled else "")
        if worker.cancelled:
            self._said = stopped
        self.changed.emit(path)


def _shape(contents: Contents) -> list[ShapeFit]:
    return fits(contents, most=_NAMES)


def _missing(contents: AdoptedContents) -> dict[str, int]:
    counts = {kind: sum(1 for _ in lacking(contents, kind)) for kind in COMPLETED_KINDS}
    return {kind: count for kind, count in counts.items() if count}


def _quiet(_error: FgbgError) -> None:
    """What cannot be recognised is not offered."""
